"""The demo's visitor: a supervisor with a password of their own, printed once."""

from __future__ import annotations

import secrets

from ivr.services import Services
from ivr.staff import accounts


def supervisor(services: Services) -> tuple[str, str]:
    """Make the account; its name and password."""
    password = secrets.token_urlsafe(15)
    with services.database.write() as connection:
        accounts.add(connection, accounts.DEMO_NAME, "supervisor", password, services.clock.now())
    return accounts.DEMO_NAME, password
