"""Who may make surer of a caller in the middle of a talk, and what comes of it: level L3, by a person's checklist.

A code proves that somebody holds the patient's telephone. Whether it is the patient, of their own will and without
help, only a person can tell, who asks and listens. What they look at is a list; every item of it must be ticked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

BY_CODE, BY_PERSON = "L2", "L3"
MATCHED = ("L1", BY_CODE, BY_PERSON)
"""Levels of a caller who was matched with a record."""
PROVED, NOT_PROVED = "proved", "not-proved"

USUAL_CHECKLIST: Mapping[str, str] = MappingProxyType(
    {
        "asked-openly": "I asked for name, date of birth and one more item as open questions. Every answer was right, "
        "and I helped with none.",
        "not-coached": "Nobody else was heard who prompted the caller or spoke for them, and they did not seem to read "
        "their answers off.",
        "present-value": "The caller named what is on file now of what is to change, before they heard any of it.",
        "nothing-changed": "Telephone, e-mail and address on file have not changed in the last 30 days, or the old "
        "number was rung and the patient confirmed the change.",
        "own-wish": "The caller told in their own words what is to change and why, and nobody presses them.",
        "no-warning": "The record holds no warning, no order of a court and no note that forbids the change.",
    }
)
"""What a person makes sure of where the practice has no list of its own: an id, and the sentence that is ticked."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "wrong-answers": "an answer did not fit the record",
        "prompted": "somebody prompted the caller or spoke for them",
        "no-code": "no code could be had",
        "changed-lately": "telephone, e-mail or address were changed lately",
        "pressed": "the caller seems to be pressed by somebody",
        "unwilling": "the caller would not go on",
        "warning": "the record holds a warning",
        "other-doubt": "something else gave doubt",
    }
)
"""Why a caller was not proved."""

MOST_FAILED = 3
"""Checks of one record that ended without proof within a day, after which agents prove it no more."""

NO_TALK, NOBODY_MATCHED, SPEAKS_FOR, SEEN_BEFORE = "no-talk", "nobody-matched", "speaks-for", "seen-before"
NO_LIST, PROVED_ALREADY, FOR_SUPERVISOR = "no-list", "proved-already", "for-supervisor"
NEEDS_CODE, INCOMPLETE, NO_REASON, BY_TELEPHONE = "needs-code", "incomplete", "no-reason", "by-telephone"


@dataclass(frozen=True, slots=True)
class TalkStanding:
    """How a call stands for somebody who would make surer of its caller.

    ``talking``: somebody of the staff talks with the caller now. ``present``: it is who asks. ``current``: what they
    saw is how it stands now. ``checklist``: the ids of the practice's list, empty where it has none. ``decided``: how
    the last check in this call ended, empty before the first. ``failed``: how many of the record's checks ended without
    proof within a day, in whatever call. ``by_telephone``: codes are sent and given by the keys of a telephone alone.
    """

    level: str
    represented: bool = False
    talking: bool = False
    present: bool = False
    supervises: bool = False
    current: bool = True
    checklist: tuple[str, ...] = ()
    decided: str = ""
    failed: int = 0
    by_telephone: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What comes of a check: ``result`` is PROVED, NOT_PROVED or a hindrance, with which nothing is written down.

    ``level`` is the caller's from now on, ``ticked`` what was ticked of the list, in its order.
    """

    result: str
    level: str
    ticked: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is written down."""
        return self.result in (PROVED, NOT_PROVED)


def find_hindrance(standing: TalkStanding) -> str:
    """Why nobody can be made surer of in this call now, by a code or a check; empty where it can be done."""
    if not standing.talking or not (standing.present or standing.supervises):
        return NO_TALK
    if standing.level not in MATCHED:
        return NOBODY_MATCHED
    if standing.represented:
        return SPEAKS_FOR
    return "" if standing.current else SEEN_BEFORE


def find_hindrance_of_code(standing: TalkStanding) -> str:
    """Why no code can raise the caller now; empty where one may be sent and given."""
    if hindrance := find_hindrance(standing):
        return hindrance
    if standing.level != "L1":
        return PROVED_ALREADY
    return BY_TELEPHONE if standing.by_telephone else ""


def find_hindrance_of_list(standing: TalkStanding) -> str:
    """Why nothing can come of the checklist in this call now; empty where a check may be written down."""
    if hindrance := find_hindrance(standing):
        return hindrance
    if not standing.checklist:
        return NO_LIST
    doubted = standing.decided == NOT_PROVED or standing.failed >= MOST_FAILED
    return FOR_SUPERVISOR if doubted and not standing.supervises else ""


def prove(standing: TalkStanding, ticked: Collection[str]) -> Checked:
    """What comes of a list in which ``ticked`` are ticked: L3 where it is every item and a code was given before."""
    known = tuple(item for item in standing.checklist if item in ticked)
    hindrance = find_hindrance_of_list(standing)
    if not hindrance and standing.level != BY_CODE:
        hindrance = PROVED_ALREADY if standing.level == BY_PERSON else NEEDS_CODE
    if not hindrance and known != standing.checklist:
        hindrance = INCOMPLETE
    return Checked(hindrance, standing.level, known) if hindrance else Checked(PROVED, BY_PERSON, known)


def disprove(standing: TalkStanding, ticked: Collection[str], reason: str) -> Checked:
    """What comes of giving up, for a ``reason``: the level stays, but L3 is taken back. It may be said at L1."""
    level = BY_CODE if standing.level == BY_PERSON else standing.level
    known = tuple(item for item in standing.checklist if item in ticked)
    hindrance = find_hindrance_of_list(standing) or ("" if reason in REASONS else NO_REASON)
    return Checked(hindrance, standing.level, known) if hindrance else Checked(NOT_PROVED, level, known)
