"""Checking a code that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from callflows.dialogues.one_time_code import CHECKING, DIGITS, OVER, UNSENT
from callflows.identity.digits import read_digits, without_numbers
from callflows.vocabulary import Answer, CodeChecked, Pressed, Spoke
from callflows.vocabulary.hearing import CALM
from ivr.calls import legs
from ivr.codes.audit_trail import Asker, name_asker
from ivr.codes.outcomes import end, find_newest, note_tried
from ivr.codes.own import EMERGENCY
from ivr.codes.tables import USABLE
from ivr.codes.ways import way_of
from ivr.core.unit_of_work import Work
from ivr.hearing.plain_answers import is_code


def check_given_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are, words without a code
    that they may hold."""
    language = legs.lock_call(work, leg.call_id).language
    codes = read_code(given, language)
    return check_code(work, leg.call_id, name_asker(leg), codes) if codes else _without_code(given, language)


def keep_digits_out(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What was said while a code is being checked, without a code that it may hold."""
    return _without_code(given, legs.lock_call(work, leg.call_id).language)


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
    """Whether one of ``codes``, which are one try, is the newest of the call. A right one is used up, a third
    wrong try spends it. CHECKING where that is told later.

    The call is locked, and each move is a conditional UPDATE: of two right answers at once one wins.
    """
    about = legs.lock_call(work, call_id)
    row = find_newest(work, about)
    if row is None or row.state == "failed":
        return UNSENT
    outcome = _judge(work, asker, row, codes)
    if outcome != CHECKING:
        note_tried(work, about, asker, row, outcome)
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


def _judge(work: Work, asker: Asker, row: Row[Any], codes: tuple[str, ...]) -> CodeChecked:
    if row.state not in USABLE:
        return OVER
    return end(work, row) if work.at >= row.expires_at else way_of(row).judge(work, asker, row, codes)
