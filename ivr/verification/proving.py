"""What somebody does on the page: has a code texted, types the one that was read out, or decides by the checklist.

Each locks the call first and looks at how it stands; what comes too late, twice or from an older page changes nothing.
Each returns a code for what came of it, which the page says in words.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert

from callflows.dialogues.one_time_code import DIGITS, RIGHT
from callflows.identity.by_person import (
    BY_CODE,
    NOT_PROVED,
    PROVED,
    REASONS,
    Checked,
    disprove,
    find_hindrance_of_code,
    prove,
)
from ivr.accounts.accounts_store import Person
from ivr.calls import legs
from ivr.calls.events import record
from ivr.calls.identity_level import raise_level
from ivr.codes.audit_trail import Asker, note_code
from ivr.codes.checking import check_code
from ivr.codes.limits import take_turn_at_codes
from ivr.codes.sending import send_code_for
from ivr.core.unit_of_work import Work
from ivr.verification.alerts import alert_many_failed
from ivr.verification.audit_trail import note_check
from ivr.verification.reading import Found, read_found
from ivr.verification.tables import identity_check

__all__ = ["DIGITS", "SENT", "check_read_out", "decide", "text_code"]

SENT = "sent"


def text_code(work: Work, person: Person, call_id: str, mark: str) -> str:
    """Have a code texted to the number on file, and to no other."""
    found = _lock(work, person, call_id, mark)
    if hindrance := find_hindrance_of_code(found.standing):
        return _note_hindered(work, found, person, hindrance)
    answer = send_code_for(work, call_id, _asker(person))
    return SENT if answer is None else answer.how


def check_read_out(work: Work, person: Person, call_id: str, mark: str, digits: str) -> str:
    """Whether the digits are the code; the right one raises the call to L2. Wrong ones count as a caller's do."""
    found = _lock(work, person, call_id, mark)
    if hindrance := find_hindrance_of_code(found.standing):
        return _note_hindered(work, found, person, hindrance)
    answer = check_code(work, call_id, _asker(person), (digits,))
    if answer == RIGHT:
        raise_level(work, found.about, BY_CODE)
    return answer.how


def decide(
    work: Work, person: Person, call_id: str, mark: str, result: str, ticked: Collection[str], reason: str
) -> str:
    """Write down that the caller is proved, which raises the call to L3, or is not and why."""
    found = _lock(work, person, call_id, mark)
    if result == PROVED:
        checked, why = prove(found.standing, ticked), ""
    else:
        checked, why = disprove(found.standing, ticked, reason), reason if reason in REASONS else ""
    check_id = _write(work, found, person, checked, why) if checked.counts else None
    note_check(work, found.about, person, checked, why, check_id)
    return checked.result


def _lock(work: Work, person: Person, call_id: str, mark: str) -> Found:
    return read_found(work, person, legs.lock_call(work, call_id), mark)


def _write(work: Work, found: Found, person: Person, checked: Checked, reason: str) -> str:
    about, check_id = found.about, work.services.ids()
    row: dict[str, Any] = {
        "id": check_id,
        "call_id": about.id,
        "number": len(found.checks) + 1,
        "practice_id": about.practice_id,
        "patient_id": about.patient_id,
        "result": checked.result,
        "reason": reason,
        "ticked": list(checked.ticked),
        "account": person.name,
        "made_at": work.at,
    }
    if checked.result == NOT_PROVED:
        # Before the row, as wherever what failed is counted: two who count at once must not both see one too few.
        take_turn_at_codes(work, about.practice_id)
    work.connection.execute(insert(identity_check).values(row))
    record(work, "identity-checked", about.id, result=checked.result, reason=reason, by=person.name)
    _follow(work, about, checked)
    return check_id


def _follow(work: Work, about: Row[Any], checked: Checked) -> None:
    if checked.result == PROVED:
        raise_level(work, about, checked.level)
    else:
        alert_many_failed(work, about)


def _note_hindered(work: Work, found: Found, person: Person, hindrance: str) -> str:
    note_code(work, found.about, _asker(person), hindrance)
    return hindrance


def _asker(person: Person) -> Asker:
    return Asker(person.name, person.role)
