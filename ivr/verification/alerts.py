"""What supervisors hear of callers who could not be proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from callflows.identity.by_person import MOST_FAILED
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.verification.reading import DAY, count_failed

HOUR = timedelta(hours=1)
MANY_FAILED = 10
"""Checks of one practice without proof within an hour; at this one the supervisors are told, once."""


def alert_many_failed(work: Work, about: Row[Any]) -> None:
    """Alert supervisors when the check that has just failed is one of many. The caller has its turn at codes."""
    if count_failed(work, about, DAY) == MOST_FAILED:
        record(work, "alert", about.id, what="record-not-proved-again")
    if count_failed(work, about, HOUR, of_practice=True) == MANY_FAILED:
        record(work, "alert", about.id, what="callers-not-proved")
