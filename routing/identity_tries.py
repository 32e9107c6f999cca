"""How often somebody may try to be recognised as a patient, and how long the next try waits after each failure.

Only recognising is refused, never care: whoever is not recognised goes on as everybody who is not, to a person. A try
that comes too early is refused and counts for nothing, so that nobody makes the wait longer by calling again.

NIST SP 800-63B-4, 3.2.2 asks for a limit of consecutive failures (100 at most), for waits that grow from half a minute
to an hour, and that a success forgives the failures of the same user from the same place. A telephone line is guessed
at by voice and keys: three to five tries and growing waits, counted by record, by number and by practice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Telephone = Literal["hidden", "unknown", "on-file"]
"""What is known of a caller's telephone: no number shows, no patient of the practice has it, or one has."""
Refusal = Literal["call", "number", "hidden", "records", "record", "practice"]
"""What was tried too often: in this call, from this number, by all who hide theirs, at ever other records, at this
record, at this practice."""
Alert = Literal["records-guessed-at", "many-records-from-one-number", "record-guessed-at", "records-guessed-at-in-bulk"]

DAY = timedelta(days=1)
"""How long a try is remembered."""
BULK = timedelta(hours=1)
"""Over how long the tries of a whole practice are looked at."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``steps`` are pairs, ascending: from so many failures on, the next try waits for so long after the last one."""

    steps: tuple[tuple[int, timedelta], ...]

    @property
    def first(self) -> int:
        """How many failures there are when the first wait begins."""
        return self.steps[0][0]

    @property
    def last(self) -> int:
        """How many there are when the longest begins."""
        return self.steps[-1][0]

    def wait(self, failures: int) -> timedelta:
        """Return how long after the last failure the next try is let through."""
        return max((wait for least, wait in self.steps if failures >= least), default=timedelta())

    def holds(self, instants: Sequence[datetime], at: datetime) -> bool:
        """Whether a try at ``at`` comes too early after failures at ``instants``."""
        wait = self.wait(len(instants))
        return bool(wait) and at < max(instants) + wait


def _minutes(*steps: tuple[int, int]) -> Limit:
    return Limit(tuple((failures, timedelta(minutes=minutes)) for failures, minutes in steps))


_DAY = 24 * 60
CALL = _minutes((5, _DAY))
"""One call: as many as a practice may allow at most; then a person takes over."""
NUMBER = _minutes((5, 1), (6, 5), (7, 15), (8, 60), (10, _DAY))
"""One number at one practice: whoever mistypes in one call waits for nothing in it, and ten a day are the most."""
CROWD = _minutes((10, 1), (15, 5), (20, 15), (30, 60))
"""All who hide their number together, and a number that the practice says is shared by many. Never for longer than an
hour: one who guesses must not keep all the others out for the day."""
RECORD = _minutes((5, 1), (7, 5), (9, 15), (12, 60), (20, _DAY))
"""One record, from all telephones but those on file with it: a fifth in a day of the ceiling of NIST."""
RECORDS = _minutes((6, 15), (7, 60), (8, _DAY))
"""Different records from one number: more than five patients a day are no household."""
MOST_OF_ONE = 3
"""Failures of one telephone that count for a record: one alone is held by its own limit, and keeps nobody else out."""
MANY_NUMBERS = 3
"""So many telephones at one record within a day, when it is slowed, are not one patient who mistypes."""
BULK_FAILURES = 50
BULK_RATIO = 2
"""A practice is guessed at in bulk when within an hour there were so many failures, and this many for each success: a
busy morning has many of both."""
BULK_PACE = timedelta(minutes=1)
"""How long a telephone that nobody knows then waits after the last failure of any such."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was let through. ``about``: which record it was nearest to, opaque; None where it was near none.

    ``by`` tells telephones apart, opaque; of those that do not show, calls.
    """

    at: datetime
    by: str
    about: str | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What was tried within a day: in the call, from its number (or hidden), at the record from telephones not on file
    with it. Of the whole practice within an hour the numbers of failures and successes, and when last a telephone that
    nobody knows failed.
    """

    in_call: tuple[Try, ...] = ()
    from_number: tuple[Try, ...] = ()
    at_record: tuple[Try, ...] = ()
    failures: int = 0
    successes: int = 0
    unknown_failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """A try that is judged: ``own`` where the number is on file with the record, ``shared`` where many share it."""

    about: str | None
    telephone: Telephone
    own: bool = False
    shared: bool = False


def find_refusal(guess: Guess, past: Past, at: datetime) -> Refusal | None:
    """Why a try is refused; None where it is let through."""
    if CALL.holds(_instants(past.in_call), at):
        return "call"
    if _limit_of_number(guess).holds(_instants(_unforgiven(past.from_number)), at):
        return "hidden" if guess.telephone == "hidden" else "number"
    if guess.about and _is_one_number(guess) and RECORDS.holds(_first_of_each(past.from_number, guess.about), at):
        return "records"
    if not guess.own and RECORD.holds(_instants(_few_of_each(past.at_record)), at):
        return "record"
    if guess.telephone != "on-file" and is_in_bulk(past) and _is_out_of_pace(past, at):
        return "practice"
    return None


def find_alerts(guess: Guess, past: Past) -> frozenset[Alert]:
    """What the supervisors are to know once a try was let through, which ``past`` has already."""
    found: set[Alert] = set()
    if len(_instants(_unforgiven(past.from_number))) >= _limit_of_number(guess).last:
        found.add("records-guessed-at")
    if _is_one_number(guess) and len(_first_of_each(past.from_number, None)) >= RECORDS.first:
        found.add("many-records-from-one-number")
    failed = _few_of_each(past.at_record)
    if not guess.own and len(failed) >= RECORD.first and len({one.by for one in failed}) >= MANY_NUMBERS:
        found.add("record-guessed-at")
    if is_in_bulk(past):
        found.add("records-guessed-at-in-bulk")
    return frozenset(found)


def is_in_bulk(past: Past) -> bool:
    """Whether somebody tries the records of a practice one after the other, from whatever numbers."""
    return past.failures >= max(BULK_FAILURES, BULK_RATIO * past.successes)


def _limit_of_number(guess: Guess) -> Limit:
    return NUMBER if _is_one_number(guess) else CROWD


def _is_one_number(guess: Guess) -> bool:
    return guess.telephone != "hidden" and not guess.shared


def _is_out_of_pace(past: Past, at: datetime) -> bool:
    return past.unknown_failed_at is not None and at < past.unknown_failed_at + BULK_PACE


def _instants(tries: Sequence[Try]) -> list[datetime]:
    return [one.at for one in tries if one.failed]


def _unforgiven(tries: Sequence[Try]) -> list[Try]:
    """Failures but those at a record that was recognised from the same telephone afterwards: it was mistyped."""
    known = {(one.by, one.about): one.at for one in sorted(tries, key=lambda one: one.at) if not one.failed}
    return [one for one in tries if one.failed and not _is_forgiven(one, known.get((one.by, one.about)))]


def _is_forgiven(failure: Try, recognised_at: datetime | None) -> bool:
    return failure.about is not None and recognised_at is not None and failure.at <= recognised_at


def _few_of_each(tries: Sequence[Try]) -> list[Try]:
    """The newest failures of each telephone, as many as count for a record."""
    counted: dict[str, list[Try]] = {}
    for one in sorted(tries, key=lambda one: one.at, reverse=True):
        if one.failed and len(counted.setdefault(one.by, [])) < MOST_OF_ONE:
            counted[one.by].append(one)
    return [one for some in counted.values() for one in some]


def _first_of_each(tries: Sequence[Try], but: str | None) -> list[datetime]:
    """When each record was first come near to; empty where ``but`` is one of them, which is no other one."""
    first: dict[str, datetime] = {}
    for one in sorted(tries, key=lambda one: one.at):
        if one.about is not None:
            first.setdefault(one.about, one.at)
    return [] if but in first else list(first.values())
