"""Checking a code that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from dataclasses import replace
from hmac import compare_digest
from typing import Any

from sqlalchemy import Row, select, update

from callflows.dialogues.one_time_code import DIGITS, OVER, RIGHT, TRIES, UNSENT, WRONG
from callflows.identity.digits import read_digits, without_numbers
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import Answer, CodeChecked, Pressed, Spoke
from callflows.vocabulary.hearing import CALM
from ivr.calls import legs
from ivr.calls.events import record
from ivr.codes.audit_trail import Asker, name_asker, note_code
from ivr.codes.limits import alert_many_failed, take_turn_at_codes
from ivr.codes.sending import EMERGENCY, hash_code
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.hearing.plain_answers import is_code


def check_given_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are, words without a code
    that they may hold."""
    language = legs.lock_call(work, leg.call_id).language
    codes = read_code(given, language)
    return check_code(work, leg.call_id, name_asker(leg), codes) if codes else _without_code(given, language)


def read_code(given: Answer, language: str) -> tuple[str, ...]:
    """The codes that an answer can mean, likeliest first, also one of too few or too many digits; none where something
    else was given.

    Words that tell of an illness are none, nor are those with more in them than numbers and fewer or more digits.
    """
    if isinstance(given, Pressed):
        return (given.digits,) if len(given.digits) > 1 else ()
    if not isinstance(given, Spoke) or given.danger != CALM:
        return ()
    readings = read_digits((given.words,), language)
    if any(EMERGENCY in digits for digits in readings):
        return ()
    whole = tuple(digits for digits in readings if len(digits) == DIGITS)
    if whole or not is_code(given.words, language):
        return whole
    return tuple(digits for digits in readings[:1] if len(digits) > 1)


def check_code(work: Work, call_id: str, asker: Asker, codes: tuple[str, ...]) -> CodeChecked:
    """Whether one of ``codes``, which are one try, is the newest of the call. A right one is used up, a third wrong try
    spends it.

    The call is locked, and each move is a conditional UPDATE: of two right answers at once one wins.
    """
    about = legs.lock_call(work, call_id)
    row = find_newest_code(work, about)
    if row is None or row.state == "failed":
        return UNSENT
    outcome = _judge(work, row, codes)
    record(work, "code-tried", about.id, leg=asker.leg, found=outcome.how)
    note_code(work, about, asker, outcome.how, row.id)
    return outcome


def _without_code(given: Answer, language: str) -> Answer:
    """The answer without its numbers where they may be a code, which is kept nowhere. A cry for 911 stays one."""
    if not isinstance(given, Spoke):
        return given
    readings = read_digits((given.words,), language)
    if all(len(digits) < DIGITS for digits in readings):
        return given
    cried = given.danger != CALM and any(EMERGENCY in digits for digits in readings)
    return replace(given, words=f"{without_numbers(given.words, language)}{f' {EMERGENCY}' if cried else ''}".strip())


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


def find_newest_code(work: Work, about: Row[Any]) -> Row[Any] | None:
    """The newest code of a call for whom it is matched with now; a code for somebody else is none."""
    mine = (one_time_code.c.call_id == about.id) & (one_time_code.c.patient_id == about.patient_id)
    # Of codes made in the same instant the one that may still be given is the newest.
    newest = (one_time_code.c.made_at.desc(), one_time_code.c.state.in_(USABLE).desc(), one_time_code.c.id)
    return work.connection.execute(select(one_time_code).where(mine).order_by(*newest).limit(1)).first()
