"""Whether somebody is served on behalf of a patient: by their relation, its scope and days, and the patient's age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from callflows.identity import Held, Rule, Said, decide, weigh
from callflows.identity.words import words_of

PARENT, GUARDIAN, POWER_OF_ATTORNEY, HOME_CARE, OTHER = RELATIONS = (
    "parent",
    "guardian",
    "power_of_attorney",
    "home_care",
    "other",
)
ALL = "all"
"""In a scope: every service."""
USUAL_MAJORITY = 18
MAJORITY: Mapping[str, int] = MappingProxyType({"AL": 19, "NE": 19, "MS": 21})
"""Age of majority by state, where it is not the usual one (Ala. Code 26-1-1, Neb. Rev. Stat. 43-2101, Miss. Code
1-3-27)."""
YOUNGEST_ALONE = 12
"""Years of age from which a patient is taken for the caller who says so: the lowest age at which states let minors
consent to a confidential service. Whoever gives the items of somebody younger as their own is somebody else.
"""
USUAL_SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {PARENT: (ALL,), GUARDIAN: (ALL,), POWER_OF_ATTORNEY: (ALL,), HOME_CARE: (), OTHER: ()}
)
"""What each relation may speak about where neither the record nor the practice says otherwise."""

BY_NAME_AND_BIRTH = Rule(2, ("name", "date_of_birth"))
"""How whoever speaks for a patient is known: both must agree."""

Authority = Literal["full", "none"]


@dataclass(frozen=True, slots=True)
class Representation:
    """What is on file of one person who speaks for a patient.

    ``scope`` are names of services, or ``ALL``; None: what the practice gives to the relation. ``starts_on`` and
    ``ends_on`` are the first and the last day, None where there is none. ``denied``: they must never be taken for a
    representative in these days, whatever else is on file.
    """

    relation: str
    scope: tuple[str, ...] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    denied: bool = False
    active: bool = True

    def holds(self, on: date) -> bool:
        """Whether the record is in force on a day."""
        begun = self.starts_on is None or self.starts_on <= on
        return self.active and begun and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Represented:
    """The patient: their date of birth, None where it cannot be read, and the state whose law counts."""

    born: date | None = field(repr=False)
    state: str

    def is_minor(self, on: date) -> bool | None:
        """Whether they are under age on a day; None where their date of birth is not known."""
        age = self.age(on)
        return None if age is None else age < MAJORITY.get(self.state, USUAL_MAJORITY)

    def age(self, on: date) -> int | None:
        """Years of age on a day. Who was born on 29 February is a year older on the 28th where there is no 29th, which
        is the reading that gives a growing child its privacy sooner.
        """
        if self.born is None:
            return None
        return on.year - self.born.year - (on < _birthday(self.born, on.year))


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def may_speak_alone(patient: Represented, on: date) -> bool:
    """Whether a patient may be the one who calls, where others can say that they call for them.

    Somebody of unknown age may be.
    """
    age = patient.age(on)
    return age is None or age >= YOUNGEST_ALONE


@dataclass(frozen=True, slots=True)
class Sought:
    """The service that is asked for. From ``confidential_from`` years of age it is between a minor and the practice."""

    service: str
    confidential_from: int | None = None


def authority(
    held: Sequence[Representation],
    patient: Represented,
    sought: Sought,
    on: date,
    scopes: Mapping[str, tuple[str, ...]] = USUAL_SCOPES,
) -> Authority:
    """Whether somebody with these records may be served for ``patient`` on a local day.

    One record in force that denies outweighs all others. ``scopes`` are those that the practice gives to relations.
    """
    in_force = [one for one in held if one.holds(on)]
    if any(one.denied for one in in_force) or _is_between_them(patient, sought, on):
        return "none"
    full = any(_reaches(one, patient, sought, on, scopes) for one in in_force)
    return "full" if full else "none"


def _is_between_them(patient: Represented, sought: Sought, on: date) -> bool:
    """Whether the service is kept from whoever represents the patient. A patient of unknown age may be of that age."""
    age = patient.age(on)
    if sought.confidential_from is None or patient.is_minor(on) is False:
        return False
    return age is None or age >= sought.confidential_from


def _reaches(
    one: Representation, patient: Represented, sought: Sought, on: date, scopes: Mapping[str, tuple[str, ...]]
) -> bool:
    if one.relation == PARENT and patient.is_minor(on) is not True:
        return False
    scope = scopes.get(one.relation, ()) if one.scope is None else one.scope
    return ALL in scope or sought.service in scope


@dataclass(frozen=True, slots=True)
class Speaker:
    """One record of somebody who may speak for a patient, and what it holds of who they are."""

    id: str
    held: Held = field(repr=False)
    representation: Representation


def find_speaker(
    records: Sequence[Speaker],
    patient: Represented,
    sought: Sought,
    on: date,
    scopes: Mapping[str, tuple[str, ...]] = USUAL_SCOPES,
) -> Speaker | None:
    """The one of the :func:`records_of_caller` by which the caller may be served for ``patient``."""
    if authority([one.representation for one in records], patient, sought, on, scopes) == "none":
        return None
    return next(one for one in records if authority([one.representation], patient, sought, on, scopes) == "full")


def records_of_caller(
    said: Mapping[str, Sequence[Said]], speakers: Sequence[Speaker], language: str = "en-US"
) -> tuple[Speaker, ...]:
    """All records of the one person whom the caller has shown to be, and all denials that may be about them; none where
    that is nobody, or several may be meant. ``speakers`` are all records of those who speak for this patient.
    """
    persons = {_person(one): one.held for one in speakers}
    decided = decide(said, tuple(persons.values()), BY_NAME_AND_BIRTH, language)
    if decided.kind != "one" or decided.index is None:
        return ()
    caller = tuple(persons)[decided.index]
    return tuple(one for one in speakers if _person(one) == caller or _is_kept_away(said, one, language))


def _person(one: Speaker) -> tuple[tuple[str, ...], str]:
    return tuple(words_of(one.held.name)), one.held.date_of_birth


def _is_kept_away(said: Mapping[str, Sequence[Said]], one: Speaker, language: str) -> bool:
    """Whether a denial may be about the caller.

    It is where it has their date of birth, whatever the name is, since names change; where it has their name and nearly
    that date, since orders are mistyped; and where it has their name and no date.
    """
    if not one.representation.denied:
        return False
    born = weigh("date_of_birth", said.get("date_of_birth", ()), one.held.date_of_birth, language)
    name = weigh("name", said.get("name", ()), one.held.name, language)
    return born.agrees or (name.agrees and (born.log_ratio > 0 or not one.held.date_of_birth))
