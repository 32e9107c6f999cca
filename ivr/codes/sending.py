"""Having a code sent for a call: the limits, and the code itself, which is made in the practice's way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select

from callflows.dialogues.one_time_code import RIGHT, UNSENT
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import Answer, CodeChecked, SendCode
from ivr.calls import legs
from ivr.codes.audit_trail import Asker, name_asker, note_code
from ivr.codes.limits import alert_many, is_too_many, take_turn_at_codes
from ivr.codes.numbers import find_phone
from ivr.codes.tables import USABLE, VALID, one_time_code
from ivr.codes.ways import way_for
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.patients.phone_on_file import PhoneOnFile

PROVED = ("L2", "L3")


def send_code(work: Work, leg: Row[Any], key: str, _wanted: SendCode) -> Answer | None:
    """Make a code for the call and have it texted, unless the call is proved already or there is no number for it."""
    return send_code_for(work, leg.call_id, name_asker(leg))


def send_code_for(work: Work, call_id: str, asker: Asker) -> CodeChecked | None:
    """The same for whoever asks for it. None: a code is on its way. Locks the call."""
    about = legs.lock_call(work, call_id)
    if about.identity_level in PROVED:
        return RIGHT
    take_turn_at_codes(work, about.practice_id)
    phone = find_phone(work, about)
    if phone is None or is_too_many(work, about.practice_id, about.patient_id, phone.hash):
        note_code(work, about, asker, "no-number" if phone is None else "too-many")
        return UNSENT
    end_earlier_codes(work, about.id)
    code_id = _insert_code(work, about, phone)
    note_code(work, about, asker, "asked", code_id)
    alert_many(work, about.practice_id, about.id)
    return None


def end_earlier_codes(work: Work, call_id: str) -> None:
    """Let the codes of a call that could still be given be good no more."""
    usable = select(one_time_code.c.id).where(one_time_code.c.call_id == call_id, one_time_code.c.state.in_(USABLE))
    for code_id in work.connection.execute(usable.order_by(one_time_code.c.id)).scalars().all():
        fire(work, ONE_TIME_CODE, one_time_code, code_id, "replace", code_sealed=None)


def _insert_code(work: Work, about: Row[Any], phone: PhoneOnFile) -> str:
    code_id, way = work.services.ids(), way_for(work, about)
    work.connection.execute(
        insert(one_time_code).values(
            id=code_id,
            call_id=about.id,
            practice_id=about.practice_id,
            patient_id=about.patient_id,
            number_hash=phone.hash,
            state=ONE_TIME_CODE.begins,
            wrong=0,
            made_at=work.at,
            expires_at=work.at + VALID,
            **way.make(work, about, code_id),
        )
    )
    way.send(work, about, code_id)
    return code_id
