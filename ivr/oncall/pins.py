"""PINs of clinicians: set by their owners, kept as Argon2 hashes, locked after too many failures on the telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from callflows.vocabulary import Answer, PinChecked, Pressed
from ivr.accounts.passwords import hash_password, verify_password
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_pin
from ivr.oncall.page_sessions import end_sessions_of
from ivr.oncall.pin_rules import refuse_unfit
from ivr.oncall.tables import pin

MOST_FAILURES = 10
"""Wrong PINs in a row, keyed on the clinician's telephone over all calls, before the PIN must be set anew.

What is tried in a browser is limited by where it comes from (``ivr/accounts/throttle.py``) and never locks the PIN.
"""


def set_pin(connection: Connection, person_id: str, digits: str, at: datetime, numbers: Iterable[str] = ()) -> None:
    """Set or replace a person's PIN; whoever is signed in to a page of theirs is signed out.

    Raises UnfitPin. ``numbers`` are the person's telephone numbers, which no PIN may repeat.
    """
    refuse_unfit(digits, numbers)
    row = {"hash": hash_password(digits).encode(), "failures": 0, "set_at": at}
    changed = connection.execute(update(pin).where(pin.c.person_id == person_id).values(row))
    if not changed.rowcount:
        connection.execute(insert(pin).values(person_id=person_id, **row))
    end_sessions_of(connection, person_id)


def find_usable_hash(connection: Connection, person_id: str, *, lock: bool = False) -> str | None:
    """What the PIN of a person is verified against; None where it is missing or locked.

    With ``lock`` nobody changes it until the transaction ends.
    """
    row = _find(connection, person_id, lock=lock)
    return row.hash.decode() if row is not None and row.failures < MOST_FAILURES else None


def check_pin(work: Work, person_id: str, digits: str) -> bool:
    """Whether a PIN keyed on the telephone is right. Failures are counted; a locked or missing PIN is never right.

    The row is locked from before the check until the failure is counted, so that guesses made at once all count.
    """
    row = _find(work.connection, person_id, lock=True)
    if row is None or row.failures >= MOST_FAILURES:
        return False
    correct = verify_password(row.hash.decode(), digits)
    failures = 0 if correct else row.failures + 1
    work.connection.execute(update(pin).where(pin.c.person_id == person_id).values(failures=failures))
    return correct


def check_keyed_pin(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """Whether what was pressed is the clinician's PIN; the PIN itself is written nowhere."""
    was_usable = find_usable_hash(work.connection, leg.person_id) is not None
    is_right = isinstance(given, Pressed) and check_pin(work, leg.person_id, given.digits)
    note_pin(work, leg, right=is_right)
    if was_usable and find_usable_hash(work.connection, leg.person_id) is None:
        record(work, "alert", leg.call_id, what="pin-locked", person=leg.person_id)
    return PinChecked(is_right)


def _find(connection: Connection, person_id: str, *, lock: bool) -> Row[Any] | None:
    known = select(pin).where(pin.c.person_id == person_id)
    return connection.execute(known.with_for_update() if lock else known).first()
