"""The locations of a practice, what they share, and who is on call for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from ivr.directory.schema.fields import (
    URGENCIES,
    Duration,
    Identifier,
    KindOfLicence,
    Model,
    OneOrMore,
    PhoneNumber,
    Some,
    State,
    Zone,
    one_of,
)
from ivr.directory.schema.hours import Holidays, Hours, holiday_rules

Escalations = Some[dict[Annotated[str, one_of(URGENCIES)], Identifier]]
KindsOfLicence = OneOrMore[KindOfLicence]


class Staff(Model):
    """The practice's own people, tried first in opening hours."""

    pool: Identifier
    overflow_after: Duration


class OnCallEntry(Model):
    """Who is responsible after hours, and which escalation each urgency climbs.

    It holds for the whole practice. A location and a service may differ in single keys; what is written for a service
    at a location goes before the service, the service before the location, and the location before the practice.
    """

    rota: Identifier
    medical_director: Identifier
    escalation: Escalations
    licences: KindsOfLicence = ()


class OnCallException(Model):
    """Where a service is on call otherwise than the practice: the keys that differ."""

    rota: Identifier | None = None
    medical_director: Identifier | None = None
    escalation: Escalations | None = None
    licences: KindsOfLicence | None = None


class LocationOnCall(OnCallException):
    """Where a location is on call otherwise than the practice: the keys that differ, and those of single services."""

    services: dict[Identifier, OnCallException] = Field(default_factory=dict)


class LocationEntry(Model):
    """One place of a practice: the hours, the state and the numbers dialled to reach it.

    A location with ``staff`` of its own has a front desk that answers for no other location; the others share the
    practice's.
    """

    timezone: Zone
    state: State
    numbers: OneOrMore[PhoneNumber]
    opening_hours: Hours
    holidays: Holidays | None = None
    staff: Staff | None = None
    on_call: LocationOnCall | None = None

    @model_validator(mode="after")
    def _known_holidays(self) -> LocationEntry:
        holiday_rules(self.holidays, self.state)
        return self


class StaffDefaults(Model):
    """The front desks of the locations, where they are alike."""

    pool: Identifier | None = None
    overflow_after: Duration | None = None


class LocationDefaults(Model):
    """What the locations of a practice share; a location writes what differs there.

    A key of a location stands for that of the defaults, and within ``holidays`` and ``staff`` each key by itself.
    """

    timezone: Zone | None = None
    state: State | None = None
    opening_hours: Hours | None = None
    holidays: Holidays | None = None
    staff: StaffDefaults | None = None


DEFAULTS, LOCATIONS = "location_defaults", "locations"
SHARED = frozenset(LocationDefaults.model_fields)
"""The keys of a location that may stand in the defaults."""
BY_KEY = frozenset({"holidays", "staff"})
"""Those of them whose own keys are shared one by one."""


def with_defaults(tree: Any) -> Any:
    """A practice as it is written, with every location in full. What is not a mapping is left for others to refuse."""
    if not isinstance(tree, dict) or not isinstance(tree.get(DEFAULTS), dict):
        return tree
    shared = {key: value for key, value in tree[DEFAULTS].items() if key in SHARED}
    locations = tree.get(LOCATIONS)
    if not isinstance(locations, dict):
        return tree
    return {**tree, LOCATIONS: {name: _in_full(shared, own) for name, own in locations.items()}}


def _in_full(shared: dict[str, Any], own: Any) -> Any:
    if not isinstance(own, dict):
        return own
    both = {key: (shared[key], own[key]) for key in BY_KEY & shared.keys() & own.keys()}
    joined = {
        key: {**one, **two} for key, (one, two) in both.items() if isinstance(one, dict) and isinstance(two, dict)
    }
    return {**shared, **own, **joined}


def written_at(tree: Any, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where something about a location is written: at the location, or in the defaults where it comes from them."""
    if place[:1] != (LOCATIONS,) or len(place) < 3 or not isinstance(tree, dict):
        return place
    own, shared, key = _at(tree, place[:2]), tree.get(DEFAULTS), place[2]
    if not isinstance(own, dict) or not isinstance(shared, dict) or key not in shared:
        return place
    by_key = key in BY_KEY and isinstance(own.get(str(key)), dict) and len(place) > 3
    mine = by_key and (place[3] in own[str(key)] or _at(shared, place[2:4]) is None)
    return place if mine or (key in own and not by_key) else (DEFAULTS, *place[2:])


def _at(tree: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree
