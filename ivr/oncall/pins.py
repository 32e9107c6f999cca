"""PINs of clinicians: set by their owners, kept as Argon2 hashes that are sealed for their owner, locked after too many
failures on the telephone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from callflows.vocabulary import Answer, PinChecked, Pressed
from ivr.accounts.passwords import hash_password, verify_password
from ivr.calls.events import record
from ivr.core.cipher import Cipher, name_row
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_pin
from ivr.oncall.page_sessions import end_sessions_of
from ivr.oncall.pin_rules import refuse_unfit
from ivr.oncall.tables import pin

FIELD = "pin"
MOST_FAILURES = 10
"""Wrong PINs in a row, keyed on the clinician's telephone over all calls, before the PIN must be set anew.

What is tried in a browser is limited by where it comes from (``ivr/accounts/throttle.py``) and never locks the PIN.
"""


def set_pin(
    connection: Connection, cipher: Cipher, person_id: str, digits: str, at: datetime, numbers: Iterable[str] = ()
) -> None:
    """Set or replace a person's PIN; whoever is signed in to a page of theirs is signed out.

    Raises UnfitPin. ``numbers`` are the person's telephone numbers, which no PIN may repeat.
    """
    refuse_unfit(digits, numbers)
    row = make_row(cipher, person_id, hash_password(digits), at)
    changed = connection.execute(update(pin).where(pin.c.person_id == person_id).values(row))
    if not changed.rowcount:
        connection.execute(insert(pin).values(row))
    end_sessions_of(connection, person_id)


def make_row(cipher: Cipher, person_id: str, hashed: str, at: datetime) -> dict[str, object]:
    """The row of a PIN that was just set, by its hash."""
    stored = cipher.seal_hash(FIELD, name_row(pin, person_id), hashed)
    return {"person_id": person_id, "hash": stored, "failures": 0, "set_at": at}


def has_pin(connection: Connection, person_id: str) -> bool:
    """Whether somebody has set a PIN, without which they cannot accept a page."""
    return connection.execute(select(pin.c.person_id).where(pin.c.person_id == person_id)).first() is not None


def find_usable_hash(work: Work, person_id: str, *, lock: bool = False) -> str | None:
    """What the PIN of a person is verified against; None where it is missing, locked or somebody else's.

    With ``lock`` nobody changes it until the transaction ends.
    """
    row = _find(work.connection, person_id, lock=lock)
    return _usable(work, row) if row is not None else None


def bind_pin(work: Work, person_id: str) -> None:
    """Seal the hash of a PIN that was right for its owner, in the form of today. The row is locked by the caller."""
    row = _find(work.connection, person_id, lock=True)
    anew = None if row is None else work.services.cipher.reseal_hash(FIELD, name_row(pin, person_id), row.hash)
    if anew is not None:
        work.connection.execute(update(pin).where(pin.c.person_id == person_id).values(hash=anew))


def check_pin(work: Work, person_id: str, digits: str) -> bool:
    """Whether a PIN keyed on the telephone is right. Failures are counted; a locked or missing PIN is never right.

    The row is locked from before the check until the failure is counted, so that guesses made at once all count.
    """
    row = _find(work.connection, person_id, lock=True)
    if row is None or row.failures >= MOST_FAILURES:
        return verify_password(None, digits)
    correct = verify_password(_usable(work, row), digits)
    failures = 0 if correct else row.failures + 1
    work.connection.execute(update(pin).where(pin.c.person_id == person_id).values(failures=failures))
    if correct:
        bind_pin(work, person_id)
    return correct


def check_keyed_pin(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """Whether what was pressed is the clinician's PIN; the PIN itself is written nowhere."""
    is_right = isinstance(given, Pressed) and check_and_tell(work, leg.person_id, given.digits, leg.call_id)
    note_pin(work, leg, right=is_right)
    return PinChecked(is_right)


def check_and_tell(work: Work, person_id: str, digits: str, call_id: str) -> bool:
    """The same as :func:`check_pin`; supervisors are alerted where it was locked with that."""
    was_usable = find_usable_hash(work, person_id) is not None
    is_right = check_pin(work, person_id, digits)
    if was_usable and find_usable_hash(work, person_id) is None:
        record(work, "alert", call_id, what="pin-locked", person=person_id)
    return is_right


def _usable(work: Work, row: Row[Any]) -> str | None:
    if row.failures >= MOST_FAILURES:
        return None
    return work.services.cipher.open_hash(FIELD, name_row(pin, row.person_id), row.hash)


def _find(connection: Connection, person_id: str, *, lock: bool) -> Row[Any] | None:
    known = select(pin).where(pin.c.person_id == person_id)
    return connection.execute(known.with_for_update() if lock else known).first()
