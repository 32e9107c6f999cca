"""Checking a code that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from sqlalchemy import Row, select, update

from callflows.dialogues.one_time_code import DIGITS, OVER, RIGHT, TRIES, UNSENT, WRONG
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import Answer, CodeChecked, Pressed, Spoke
from callflows.vocabulary.hearing import CALM
from ivr.calls import legs
from ivr.calls.events import record
from ivr.codes.audit_trail import note_code_of_leg
from ivr.codes.limits import alert_many_failed, take_turn_at_codes
from ivr.codes.sending import EMERGENCY, hash_code
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.hearing.numbers_said import digits_said


def check_given_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are."""
    digits = read_code(given, legs.lock_call(work, leg.call_id).language)
    if digits is None:
        return given
    return check_code(work, leg, digits)


def read_code(given: Answer, language: str) -> str | None:
    """The digits that somebody gave as a code, also too few or too many; None where they gave something else.

    Words with more in them than digits are a code where it is of six digits and they tell of no illness.
    """
    if isinstance(given, Pressed):
        return given.digits if len(given.digits) > 1 else None
    if not isinstance(given, Spoke):
        return None
    digits, nothing_else = digits_said(given.words, language.partition("-")[0])
    if EMERGENCY in digits:
        return None
    if nothing_else:
        return digits if len(digits) > 1 else None
    return digits if len(digits) == DIGITS and given.danger == CALM else None


def check_code(work: Work, leg: Row[Any], digits: str) -> Answer:
    """Whether ``digits`` are the newest code of the leg's call. A right one is used up, a third wrong one spends it.

    The call is locked, and each move is a conditional UPDATE: of two right answers at once one wins.
    """
    about = legs.lock_call(work, leg.call_id)
    row = _find_newest(work, about)
    if row is None or row.state == "failed":
        return UNSENT
    outcome = _judge(work, row, digits)
    record(work, "code-tried", about.id, leg=leg.id, found=outcome.how)
    note_code_of_leg(work, about, leg, outcome.how, row.id)
    return outcome


def _judge(work: Work, row: Row[Any], digits: str) -> CodeChecked:
    if row.state not in USABLE:
        return OVER
    if work.at >= row.expires_at:
        fire(work, ONE_TIME_CODE, one_time_code, row.id, "expire", code_sealed=None)
        return OVER
    if compare_digest(hash_code(work, row.practice_id, row.id, digits), row.code_hash):
        return RIGHT if fire(work, ONE_TIME_CODE, one_time_code, row.id, "use", code_sealed=None) else OVER
    if len(digits) == DIGITS:
        _count_wrong(work, row)
    return WRONG


def _count_wrong(work: Work, row: Row[Any]) -> None:
    counted = update(one_time_code).where(one_time_code.c.id == row.id).values(wrong=one_time_code.c.wrong + 1)
    wrong = work.connection.execute(counted.returning(one_time_code.c.wrong)).scalar_one()
    if wrong >= len(TRIES):
        take_turn_at_codes(work, row.practice_id)
        fire(work, ONE_TIME_CODE, one_time_code, row.id, "spend", code_sealed=None)
        alert_many_failed(work, row.practice_id, row.call_id)


def _find_newest(work: Work, about: Row[Any]) -> Row[Any] | None:
    """The newest code of a call for whom it is matched with now; a code for somebody else is none."""
    mine = (one_time_code.c.call_id == about.id) & (one_time_code.c.patient_id == about.patient_id)
    # Of codes made in the same instant the one that may still be given is the newest.
    newest = (one_time_code.c.made_at.desc(), one_time_code.c.state.in_(USABLE).desc(), one_time_code.c.id)
    return work.connection.execute(select(one_time_code).where(mine).order_by(*newest).limit(1)).first()
