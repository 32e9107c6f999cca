"""PINs of clinicians: set by their owners, kept as Argon2 hashes, locked after too many failures."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, insert, select, update

from callflows.vocabulary import Answer, PinChecked, Pressed
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_pin
from ivr.oncall.tables import pin

MOST_FAILURES = 10
"""Wrong PINs in a row, over all calls, before the PIN must be set anew."""
SHORTEST = 6
LONGEST = 12
_hasher = PasswordHasher()


class UnfitPin(ValueError):
    """The PIN is too short, too long, or too easy to guess."""


def set_pin(connection: Connection, person_id: str, digits: str, at: datetime) -> None:
    """Set or replace a person's PIN."""
    refuse_unfit(digits)
    row = {"hash": _hasher.hash(digits).encode(), "failures": 0, "set_at": at}
    changed = connection.execute(update(pin).where(pin.c.person_id == person_id).values(row))
    if not changed.rowcount:
        connection.execute(insert(pin).values(person_id=person_id, **row))


def refuse_unfit(digits: str) -> None:
    """Refuse a PIN that is not 6 to 12 digits, or all the same, or a run."""
    if not (digits.isdigit() and SHORTEST <= len(digits) <= LONGEST):
        raise UnfitPin(f"a PIN is {SHORTEST} to {LONGEST} digits; choose another")
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(digits)}
    if steps <= {0} or steps <= {1} or steps <= {-1}:
        raise UnfitPin("this PIN is too easy to guess; choose one that is no run and not all one digit")


def check_pin(work: Work, person_id: str, digits: str) -> bool:
    """Whether the PIN is right. Failures are counted; a locked or missing PIN is never right."""
    row = work.connection.execute(select(pin).where(pin.c.person_id == person_id).with_for_update()).first()
    if row is None or row.failures >= MOST_FAILURES:
        return False
    correct = _matches(row.hash, digits)
    failures = 0 if correct else row.failures + 1
    work.connection.execute(update(pin).where(pin.c.person_id == person_id).values(failures=failures))
    return correct


def _matches(hashed: bytes, digits: str) -> bool:
    try:
        return _hasher.verify(hashed.decode(), digits)
    except (VerificationError, InvalidHashError):
        return False


def check_keyed_pin(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """Whether what was pressed is the clinician's PIN; the PIN itself is written nowhere."""
    is_right = isinstance(given, Pressed) and check_pin(work, leg.person_id, given.digits)
    note_pin(work, leg, right=is_right)
    return PinChecked(is_right)
