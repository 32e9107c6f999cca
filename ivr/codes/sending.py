"""Making a code for a call, and to which number it goes: the one on file, and never one that is given in a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.dialogues.one_time_code import DIGITS, RIGHT, UNSENT
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import Answer, SendCode
from ivr.calls import legs
from ivr.calls.addresses import judge_address
from ivr.calls.configuration import NO_PRACTICE, pinned_of
from ivr.calls.flow_view import sends_codes
from ivr.codes.audit_trail import note_code_of_leg
from ivr.codes.drawing import draw_digits
from ivr.codes.limits import alert_many, is_too_many, take_turn_at_codes
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.cipher import name_row
from ivr.core.ids import Ids
from ivr.core.state_machines import fire
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.patients.phone_on_file import PhoneOnFile, read_phone

FIELD = "one_time_code.code"
VALID = timedelta(minutes=10)
"""NIST SP 800-63B-4: a secret sent out of band is good for at most ten minutes, and once."""
GUARD = timedelta(days=30)
"""How long a number must have been on file: whoever takes a record over changes its number first."""
KNOWN = ("L1", "L2", "L3")
PROVED = ("L2", "L3")


def send_code(work: Work, leg: Row[Any], key: str, _wanted: SendCode) -> Answer | None:
    """Make a code for the call and have it texted, unless the call is proved already or there is no number for it."""
    about = legs.lock_call(work, leg.call_id)
    if about.identity_level in PROVED:
        return RIGHT
    take_turn_at_codes(work, about.practice_id)
    phone = find_phone(work, about)
    if phone is None or is_too_many(work, about.practice_id, about.patient_id, phone.hash):
        note_code_of_leg(work, about, leg, "no-number" if phone is None else "too-many")
        return UNSENT
    end_earlier_codes(work, about.id)
    code_id = _insert_code(work, about, phone)
    outbox.put_item(work, "text_code", code_id, call_id=about.id, urgency="urgent")
    note_code_of_leg(work, about, leg, "asked", code_id)
    alert_many(work, about.practice_id, about.id)
    return None


def find_phone(work: Work, about: Row[Any]) -> PhoneOnFile | None:
    """The number on file of whom the call was matched with, where a code may be texted to it now.

    None where somebody speaks for them: the number is the patient's, and says nothing of who is calling.
    """
    if about.practice_id == NO_PRACTICE or about.patient_id is None or about.identity_level not in KNOWN:
        return None
    if about.representative_id is not None or not sends_codes(pinned_of(work, about), about.practice_id):
        return None
    phone = read_phone(work.connection, work.services.cipher, about.practice_id, about.patient_id)
    if phone is None or phone.since is None or work.at.date() - phone.since < GUARD:
        return None
    return phone if judge_number(work, phone) is not None else None


def judge_number(work: Work, phone: PhoneOnFile) -> Ringable | None:
    """The number on file as it may be texted: an ordinary telephone nearby, and none of ours.

    Nothing in a number of North America tells a mobile telephone from a landline: its text fails, and that is told.
    """
    return judge_address(work, phone.number, "caller")


def end_earlier_codes(work: Work, call_id: str) -> None:
    """Let the codes of a call that could still be given be good no more."""
    usable = select(one_time_code.c.id).where(one_time_code.c.call_id == call_id, one_time_code.c.state.in_(USABLE))
    for code_id in work.connection.execute(usable.order_by(one_time_code.c.id)).scalars().all():
        fire(work, ONE_TIME_CODE, one_time_code, code_id, "replace", code_sealed=None)


def make_code(ids: Ids) -> str:
    """Six digits: 19.9 bits."""
    return draw_digits(ids, DIGITS)


def hash_code(work: Work, practice_id: str, code_id: str, digits: str) -> str:
    """What is kept of a code: a keyed hash, another one for each code."""
    return work.services.cipher.lookup_hash(practice_id, "one_time_code", f"{code_id}:{digits}")


def _insert_code(work: Work, about: Row[Any], phone: PhoneOnFile) -> str:
    code_id, digits = work.services.ids(), make_code(work.services.ids)
    sealed = work.services.cipher.seal(about.practice_id, FIELD, name_row(one_time_code, code_id), digits)
    work.connection.execute(
        insert(one_time_code).values(
            id=code_id,
            call_id=about.id,
            practice_id=about.practice_id,
            patient_id=about.patient_id,
            number_hash=phone.hash,
            code_hash=hash_code(work, about.practice_id, code_id, digits),
            code_sealed=sealed,
            state=ONE_TIME_CODE.begins,
            wrong=0,
            made_at=work.at,
            expires_at=work.at + VALID,
        )
    )
    return code_id


def forget_digits(work: Work, code_id: str, message_sid: str) -> None:
    """Keep the digits no longer, because their text has left."""
    changed = update(one_time_code).where(one_time_code.c.id == code_id)
    work.connection.execute(changed.values(code_sealed=None, message_sid=message_sid))
