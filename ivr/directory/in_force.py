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


def find_time_zone(practice_id: str | None, location_id: str | None) -> str | None:
    """Return the time zone of a location; without one, that which all locations of the practice share.

    None: no such practice is configured, or its locations have several.
    """
    organisation = find_organisation()
    practice = organisation.practices.get(practice_id or "") if organisation else None
    if practice is None:
        return None
    known = practice.locations.get(location_id or "")
    zones = {known.timezone} if known else {one.timezone for one in practice.locations.values()}
    return zones.pop() if len(zones) == 1 else None


def find_operator_zone() -> str | None:
    """Return the time zone of the operator, or None where none is configured."""
    organisation = find_organisation()
    return organisation.operator.timezone if organisation else None


def list_zones_in_use() -> tuple[str, ...]:
    """Return the time zones of the sites, locations and rotas, in alphabetical order."""
    organisation = find_organisation()
    return tuple(sorted(organisation.zones)) if organisation else ()
