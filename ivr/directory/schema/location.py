"""The locations of a practice, what they share, and who is on call for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from ivr.directory.schema.fields import (
    URGENCIES,
    Duration,
    Identifier,
    KindOfLicence,
    Means,
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
OWN_DOCTOR = ("on_call", "first", "never")
OwnDoctor = Annotated[str, one_of(OWN_DOCTOR)]


class Staff(Model):
    """The practice's own people, tried first in opening hours."""

    pool: Annotated[
        Identifier, Means("The pool that is the front desk; it answers for nobody else.", "maple-front-desk")
    ]
    overflow_after: Annotated[
        Duration, Means("How long a caller waits for the front desk alone, before other pools are asked too.", "40s")
    ]


class OnCallEntry(Model):
    """Who is responsible after hours, and which escalation each urgency climbs.

    It holds for the whole practice. A location and a service may differ in single keys; what is written for a service
    at a location goes before the service, the service before the location, and the location before the practice.
    """

    rota: Annotated[Identifier, Means("The rota of oncall.yaml that is responsible.", "maple-physicians")]
    medical_director: Annotated[Identifier, Means("The person who stands behind the rota.", "dr-patel")]
    escalation: Annotated[
        Escalations,
        Means(
            "The ladder that each urgency climbs; routine climbs as urgent where it is left out.",
            "{emergent: fast, urgent: standard}",
        ),
    ]
    licences: Annotated[
        KindsOfLicence | None,
        Means("Kinds of licence, one of which whoever is paged must hold; left out: whoever prescribes.", "[DDS]"),
    ] = None
    own_doctor: Annotated[
        OwnDoctor,
        Means(
            "When the own doctor of a patient is paged before the others: while they are on call, always (first), or "
            "never. Of an emergency they are paged beside the first.",
            "first",
        ),
    ] = "on_call"


class OnCallException(Model):
    """Where a service is on call otherwise than the practice: the keys that differ."""

    rota: Annotated[Identifier | None, Means("The rota that is responsible here.", "maple-dentists")] = None
    medical_director: Annotated[Identifier | None, Means("The person who stands behind it here.", "dr-molar")] = None
    escalation: Annotated[
        Escalations | None, Means("The ladders of those urgencies that climb another one here.", "{urgent: fast}")
    ] = None
    licences: Annotated[KindsOfLicence | None, Means("The kinds of licence that count here.", "[DDS]")] = None
    own_doctor: Annotated[
        OwnDoctor | None, Means("When the own doctor of a patient is paged before the others here.", "never")
    ] = None


class LocationOnCall(OnCallException):
    """Where a location is on call otherwise than the practice: the keys that differ, and those of single services."""

    services: Annotated[
        dict[Identifier, OnCallException],
        Means("Exceptions of single services at this location, by service.", "{dental: {rota: uptown-dentists}}"),
    ] = Field(default_factory=dict)


class LocationEntry(Model):
    """One place of a practice: the hours, the state and the numbers dialled to reach it.

    A location with ``staff`` of its own has a front desk that answers for no other location; the others share the
    practice's.
    """

    timezone: Annotated[Zone, Means("The clocks of the location.", "America/Chicago")]
    state: Annotated[
        State,
        Means("The state in which it is; licences count there for patients who are not asked where they are.", "IL"),
    ]
    numbers: Annotated[OneOrMore[PhoneNumber], Means("The numbers that patients dial to reach it.", '["+13125550100"]')]
    opening_hours: Annotated[Hours, Means("When it is open.", '{mon-fri: ["08:00-17:00"], 2nd sat: ["09:00-12:00"]}')]
    holidays: Annotated[
        Holidays | None, Means("The days that differ from the week.", "{calendar: US, closed: [2026-11-27]}")
    ] = None
    staff: Annotated[
        Staff | None,
        Means(
            "A front desk of its own, which answers for no other location.", "{pool: uptown-desk, overflow_after: 40s}"
        ),
    ] = None
    on_call: Annotated[
        LocationOnCall | None,
        Means("Who is on call for it otherwise than for the practice.", "{rota: uptown-physicians}"),
    ] = None

    @model_validator(mode="after")
    def _known_holidays(self) -> LocationEntry:
        holiday_rules(self.holidays, self.state)
        return self


class StaffDefaults(Model):
    """The front desks of the locations, where they are alike."""

    pool: Annotated[Identifier | None, Means("The pool that is the front desk.", "maple-front-desk")] = None
    overflow_after: Annotated[Duration | None, Means("How long a caller waits for the front desk alone.", "40s")] = None


class LocationDefaults(Model):
    """What the locations of a practice share; a location writes what differs there.

    A key of a location stands for that of the defaults, and within ``holidays`` and ``staff`` each key by itself.
    """

    timezone: Annotated[Zone | None, Means("The clocks of the locations.", "America/Chicago")] = None
    state: Annotated[State | None, Means("The state in which they are.", "IL")] = None
    opening_hours: Annotated[
        Hours | None,
        Means("When they are open; a location's own hours stand for all of these.", '{mon-fri: ["08:00-17:00"]}'),
    ] = None
    holidays: Annotated[
        Holidays | None,
        Means(
            "The days that differ; a location writes only the keys that differ there.",
            "{calendar: US, observe: [Christmas Day]}",
        ),
    ] = None
    staff: Annotated[StaffDefaults | None, Means("What their front desks share.", "{overflow_after: 40s}")] = None


DEFAULTS, LOCATIONS = "location_defaults", "locations"
SHARED = frozenset(LocationDefaults.model_fields)
"""The keys of a location that may stand in the defaults."""
BY_KEY = frozenset({"holidays", "staff"})
"""Those of them whose own keys are shared one by one."""


def with_defaults(tree: Any) -> Any:
    """A practice as it is written, with every location in full. What is not a mapping is left for others to refuse."""
    if not isinstance(tree, dict) or not isinstance(tree.get(DEFAULTS), dict):
        return tree
    shared = {name: value for name, value in tree[DEFAULTS].items() if name in SHARED}
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
