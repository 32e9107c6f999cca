"""The organisation in force, as pages name it. A request reads it once, and only when a page needs it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from ivr.core.web_app import services
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load


def find_organisation() -> Organisation | None:
    """Return the organisation in force, or None before the first configuration was loaded."""
    if "organisation" not in g:
        with services().database.read() as connection:
            g.organisation = None if current(connection) is None else load(connection)
    found: Organisation | None = g.organisation
    return found


def name_practice(practice_id: str) -> str:
    """Return the name of a practice, or its id where no such practice is configured."""
    organisation = find_organisation()
    known = organisation.practices.get(practice_id) if organisation else None
    return known.name if known else practice_id


def name_person(person_id: str) -> str:
    """Return what somebody who answers, interprets or is on call is called, or the id where nobody has it."""
    organisation = find_organisation()
    return organisation.names.get(person_id, person_id) if organisation else person_id


def list_information(practice_id: str) -> Mapping[str, str]:
    """Return the approved general answers of a practice, by topic."""
    organisation = find_organisation()
    known = organisation.practices.get(practice_id) if organisation else None
    return known.information if known else {}


def find_time_zone(practice_id: str, location_id: str) -> str:
    """Return the time zone of a location, or UTC where no such location is configured."""
    organisation = find_organisation()
    practice = organisation.practices.get(practice_id) if organisation else None
    location = practice.locations.get(location_id) if practice else None
    return location.timezone if location else "UTC"
