"""Guessing at patients' records: a telephone that failed too often is no longer matched with anybody.

Only recognising is refused, never care: whoever is not matched goes on as everybody who is not, to a person
(NIST SP 800-63B-4, 3.2.2: consecutive failed attempts are limited).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select

from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.database import take_turn
from ivr.core.unit_of_work import Work

WITHIN = timedelta(days=1)
MOST_FAILURES = 10
"""Failures of one number at one practice, over all its calls that began within a day."""
MOST_FAILURES_HIDDEN = 30
"""The same for all callers together whose number does not show."""


def is_locked(work: Work, about: Row[Any]) -> bool:
    """Whether no record is matched any more because the number failed too often. Alerts when that begins.

    Until the transaction ends, in which the guess is noted, no other call of the number is asked: guesses that are made
    by many calls at once all count.
    """
    take_turn(work.connection, f"guesses:{about.practice_id}:{about.caller_hash or ''}")
    most = MOST_FAILURES_HIDDEN if about.caller_hash is None else MOST_FAILURES
    failures = _failures(work, about)
    if failures == most:
        record(work, "alert", about.id, what="records-guessed-at")
    return failures >= most


def _failures(work: Work, about: Row[Any]) -> int:
    same_number = call.c.caller_hash.is_(None) if about.caller_hash is None else call.c.caller_hash == about.caller_hash
    since = work.at - WITHIN
    recent = (call.c.practice_id == about.practice_id) & same_number & (call.c.created_at > since)
    # Both instants are bounded, so that neither way of joining reads the whole past.
    failed = (event.c.kind == "identity-tried") & (event.c.at > since) & (event.c.data["found"].as_string() != "one")
    counted = select(func.count()).select_from(call.join(event, event.c.call_id == call.c.id)).where(recent, failed)
    return int(work.connection.execute(counted).scalar_one())
