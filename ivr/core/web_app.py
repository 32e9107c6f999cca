"""What a view needs of the application that answers its request."""

from __future__ import annotations

from flask import current_app

from ivr.core.services import Services


def services() -> Services:
    """The services of this app."""
    found: Services = current_app.extensions["sunline"]
    return found
