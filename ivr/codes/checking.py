"""Checking a code that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.dialogues.one_time_code import CHECKING, OVER, UNSENT
from callflows.vocabulary import Answer, CodeChecked
from ivr.calls import legs
from ivr.codes.audit_trail import Asker, name_asker
from ivr.codes.outcomes import end, find_newest, note_tried
from ivr.codes.reading import read_code, without_code
from ivr.codes.tables import USABLE
from ivr.codes.ways import way_of
from ivr.core.unit_of_work import Work


def check_given_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are, words without a code
    that they may hold."""
    language = legs.lock_call(work, leg.call_id).language
    codes = read_code(given, language)
    return check_code(work, leg.call_id, name_asker(leg), codes) if codes else without_code(given, language)


def keep_digits_out(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What was said while a code is being checked, without a code that it may hold."""
    return without_code(given, legs.lock_call(work, leg.call_id).language)


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


def _judge(work: Work, asker: Asker, row: Row[Any], codes: tuple[str, ...]) -> CodeChecked:
    if row.state not in USABLE:
        return OVER
    return end(work, row) if work.at >= row.expires_at else way_of(row).judge(work, asker, row, codes)
