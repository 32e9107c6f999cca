"""The navigation: the pages that features bring and that the person who is signed in may open."""

from __future__ import annotations

from flask import Flask

from ivr.accounts.guard import find_signed_in, person_may
from ivr.core.feature import NavigationItem
from ivr.core.web_app import services
from ivr.directory.in_force import (
    find_operator_zone,
    find_time_zone,
    list_information,
    list_zones_in_use,
    name_person,
    name_practice,
)


def install_navigation(app: Flask) -> None:
    """Make the navigation, and what it is decided by, known to the templates. Nothing is read before it is used."""
    app.add_template_global(list_navigation)
    app.add_template_global(find_signed_in)
    app.add_template_global(person_may)
    for reader in (name_practice, name_person, list_information, find_time_zone, find_operator_zone, list_zones_in_use):
        app.add_template_global(reader)


def list_navigation() -> tuple[NavigationItem, ...]:
    """Return the items that the person who is signed in may open, in their order."""
    return tuple(item for item in services().features.navigation if person_may(item.permission))
