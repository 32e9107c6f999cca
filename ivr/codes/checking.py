"""Checking a code that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from sqlalchemy import Row, select, update

from callflows.dialogues.one_time_code import DIGITS, OVER, RIGHT, TRIES, UNSENT, WRONG
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import Answer, CodeChecked
from ivr.calls import legs
from ivr.calls.events import record
from ivr.codes.audit_trail import note_code_of_leg
from ivr.codes.limits import alert_many_failed, take_turn_at_codes
from ivr.codes.reading import read_code, without_code
from ivr.codes.sending import hash_code
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work


def check_given_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are, words without a code
    that they may hold."""
    language = legs.lock_call(work, leg.call_id).language
    codes = read_code(given, language)
    return check_code(work, leg, codes) if codes else without_code(given, language)


def check_code(work: Work, leg: Row[Any], codes: tuple[str, ...]) -> Answer:
    """Whether one of ``codes``, which are one try, is the newest of the leg's call. A right one is used up, a third
    wrong try spends it.

    The call is locked, and each move is a conditional UPDATE: of two right answers at once one wins.
    """
    about = legs.lock_call(work, leg.call_id)
    row = _find_newest(work, about)
    if row is None or row.state == "failed":
        return UNSENT
    outcome = _judge(work, row, codes)
    record(work, "code-tried", about.id, leg=leg.id, found=outcome.how)
    note_code_of_leg(work, about, leg, outcome.how, row.id)
    return outcome


def _judge(work: Work, row: Row[Any], codes: tuple[str, ...]) -> CodeChecked:
    if row.state not in USABLE:
        return OVER
    if work.at >= row.expires_at:
        fire(work, ONE_TIME_CODE, one_time_code, row.id, "expire", code_sealed=None)
        return OVER
    if any(compare_digest(hash_code(work, row.practice_id, row.id, code), row.code_hash) for code in codes):
        return RIGHT if fire(work, ONE_TIME_CODE, one_time_code, row.id, "use", code_sealed=None) else OVER
    if any(len(code) == DIGITS for code in codes):
        _count_wrong(work, row)
    return WRONG


def _count_wrong(work: Work, row: Row[Any]) -> None:
    # Before the code's row, as wherever codes are made: two who take them in another order wait for each other.
    take_turn_at_codes(work, row.practice_id)
    counted = update(one_time_code).where(one_time_code.c.id == row.id).values(wrong=one_time_code.c.wrong + 1)
    wrong = work.connection.execute(counted.returning(one_time_code.c.wrong)).scalar_one()
    if wrong >= len(TRIES):
        fire(work, ONE_TIME_CODE, one_time_code, row.id, "spend", code_sealed=None)
        alert_many_failed(work, row.practice_id, row.call_id)


def _find_newest(work: Work, about: Row[Any]) -> Row[Any] | None:
    """The newest code of a call for whom it is matched with now; a code for somebody else is none."""
    mine = (one_time_code.c.call_id == about.id) & (one_time_code.c.patient_id == about.patient_id)
    # Of codes made in the same instant the one that may still be given is the newest.
    newest = (one_time_code.c.made_at.desc(), one_time_code.c.state.in_(USABLE).desc(), one_time_code.c.id)
    return work.connection.execute(select(one_time_code).where(mine).order_by(*newest).limit(1)).first()
