"""How many codes are texted, and what supervisors hear when they are too many.

NIST SP 800-63B-4, 3.2.2: failed tries are limited; and so is here how often a telephone can be made to ring or
buzz. Who is behind it may be after the codes, or after the price of the texts.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from ivr.calls.events import record
from ivr.codes.tables import one_time_code
from ivr.core.database import take_turn
from ivr.core.unit_of_work import Work

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_DAY = 5
"""Codes for one patient, and to one number on file, within a day."""
MANY_AN_HOUR = 30
"""Codes of one practice within an hour; at this one the supervisors are told, once."""
MANY_FAILED = 10
"""The same for those that ended by too many wrong ones, or never arrived."""
FAILED = ("spent", "failed")


def take_turn_at_codes(work: Work, practice_id: str) -> None:
    """Be the only one who makes codes for a practice, or notes that they failed, until the transaction ends."""
    take_turn(work.connection, f"codes:{practice_id}")


def is_too_many(work: Work, practice_id: str, patient_id: str, number_hash: str) -> bool:
    """Whether the patient, or the number, was sent as many codes within a day as they may be."""
    of_patient, of_number = one_time_code.c.patient_id == patient_id, one_time_code.c.number_hash == number_hash
    return any(_count(work, practice_id, DAY, one) >= MOST_A_DAY for one in (of_patient, of_number))


def alert_many(work: Work, practice_id: str, call_id: str) -> None:
    """Alert supervisors when the code that was just made is one of many. The caller has its turn at codes."""
    if _count(work, practice_id, HOUR) == MANY_AN_HOUR:
        record(work, "alert", call_id, what="codes-asked-for-in-numbers")


def alert_many_failed(work: Work, practice_id: str, call_id: str) -> None:
    """The same when the code that has just failed is one of many that did."""
    if _count(work, practice_id, HOUR, or_(*(one_time_code.c.state == state for state in FAILED))) == MANY_FAILED:
        record(work, "alert", call_id, what="codes-failing")


def _count(work: Work, practice_id: str, within: timedelta, *which: ColumnElement[bool]) -> int:
    since = work.at - within
    recent = (one_time_code.c.practice_id == practice_id) & (one_time_code.c.made_at > since)
    counted = select(func.count()).select_from(one_time_code).where(recent, *which)
    return int(work.connection.execute(counted).scalar_one())
