"""What somebody does on the page: has a code texted, types the one that was read out, or decides by the checklist.

Each locks the call first and looks at how it stands; what comes too late, twice or from an older page changes nothing.
Each returns a code for what came of it, which the page says in words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert

from callflows.dialogues.one_time_code import RIGHT
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
from ivr.calls.identity_level import set_level
from ivr.codes.audit_trail import Asker, note_code
from ivr.codes.checking import check_code
from ivr.codes.limits import take_turn_at_codes
from ivr.codes.sending import send_code_for
from ivr.core.unit_of_work import Work
from ivr.verification.alerts import alert_many_failed
from ivr.verification.audit_trail import note_check
from ivr.verification.reading import Found, read_found
from ivr.verification.tables import identity_check

SENT = "sent"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sent: from the page of which call, with its mark, and from which address."""

    person: Person
    call_id: str
    mark: str
    address: str | None = None

    @property
    def asker(self) -> Asker:
        """Who sent it, as the audit trail names them."""
        return Asker(self.person.name, self.person.role, address=self.address)


def text_code(work: Work, form: Form) -> str:
    """Have a code texted to the number on file, and to no other."""
    found = _lock(work, form)
    if hindrance := find_hindrance_of_code(found.standing):
        return _note_hindered(work, found, form, hindrance)
    answer = send_code_for(work, form.call_id, form.asker)
    return SENT if answer is None else answer.how


def check_read_out(work: Work, form: Form, digits: str) -> str:
    """Whether the digits are the code; the right one raises the call to L2. Wrong ones count as a caller's do."""
    found = _lock(work, form)
    if hindrance := find_hindrance_of_code(found.standing):
        return _note_hindered(work, found, form, hindrance)
    answer = check_code(work, form.call_id, form.asker, (digits,))
    if answer == RIGHT:
        set_level(work, found.about, BY_CODE)
    return answer.how


def decide(work: Work, form: Form, result: str, ticked: Collection[str], reason: str) -> str:
    """Write down that the caller is proved, which raises the call to L3, or is not and why."""
    found = _lock(work, form)
    if result == PROVED:
        checked, why = prove(found.standing, ticked), ""
    else:
        checked, why = disprove(found.standing, ticked, reason), reason if reason in REASONS else ""
    check_id = _write(work, found, form, checked, why) if checked.counts else None
    note_check(work, found.about, form.asker, checked, why, check_id)
    return checked.result


def _lock(work: Work, form: Form) -> Found:
    return read_found(work, form.person, legs.lock_call(work, form.call_id), form.mark)


def _write(work: Work, found: Found, form: Form, checked: Checked, reason: str) -> str:
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
        "account": form.person.name,
        "made_at": work.at,
    }
    if checked.result == NOT_PROVED:
        # Before the row, as wherever what failed is counted: two who count at once must not both see one too few.
        take_turn_at_codes(work, about.practice_id)
    work.connection.execute(insert(identity_check).values(row))
    record(work, "identity-checked", about.id, result=checked.result, reason=reason, by=form.person.name)
    _follow(work, about, checked)
    return check_id


def _follow(work: Work, about: Row[Any], checked: Checked) -> None:
    if about.identity_level != checked.level:
        set_level(work, about, checked.level)
    if checked.result == NOT_PROVED:
        alert_many_failed(work, about)


def _note_hindered(work: Work, found: Found, form: Form, hindrance: str) -> str:
    note_code(work, found.about, form.asker, hindrance)
    return hindrance
