"""Rounds: what is looked at again and again, whatever we were told. The clock process carries out those that are due.

A round is claimed by a conditional UPDATE, so that one process of all carries it out, and no more often than its
feature says: that bounds what Twilio is asked. One that is cut off comes again when it is next due.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from ivr.core.database import upsert
from ivr.core.feature import Round
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.tables import round_
from ivr.twilio.errors import TwilioError

log = structlog.get_logger(__name__)


def carry_out_due_rounds(services: Services) -> int:
    """Carry out every round that is due; how many."""
    return sum(_carry_out_if_due(services, name, one) for name, one in services.features.rounds.items())


def find_next_due_round(services: Services) -> datetime:
    """When the next round is due."""
    with services.database.read() as connection:
        due = {row.name: row.due_at for row in connection.execute(select(round_))}
    return min((due.get(name, services.clock.now()) for name in services.features.rounds), default=datetime.max)


def _carry_out_if_due(services: Services, name: str, one: Round) -> bool:
    before = in_transaction(services, lambda work: _claim(work, name, one.every))
    if before is None:
        return False
    try:
        stopped_at = one.carry_out(services, before)
    except TwilioError as problem:
        log.warning("round_failed", round=name, error=type(problem).__name__)
        _put_off(services, name, getattr(problem, "retry_after", None))
    except Exception as problem:  # one broken round must not stop the others
        log.error("round_failed", round=name, exc_info=problem)
    else:
        _note(services, name, stopped_at=stopped_at)
    return True


def _claim(work: Work, name: str, every: timedelta) -> str | None:
    """Where the round stopped last, for whoever carries it out now; None where it is not due."""
    first = upsert(work.connection, round_).values(name=name, due_at=work.at, stopped_at="")
    work.connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
    due = (round_.c.name == name) & (round_.c.due_at <= work.at)
    claimed = update(round_).where(due).values(due_at=work.at + every).returning(round_.c.stopped_at)
    stopped_at: str | None = work.connection.execute(claimed).scalar()
    return stopped_at


def _put_off(services: Services, name: str, seconds: float | None) -> None:
    """Leave Twilio alone for as long as it asked for, where that is longer than the round would."""
    if seconds is not None:
        until = services.clock.now() + timedelta(seconds=seconds)
        later = update(round_).where(round_.c.name == name, round_.c.due_at < until).values(due_at=until)
        in_transaction(services, lambda work: work.connection.execute(later))


def _note(services: Services, name: str, **columns: str) -> None:
    noted = update(round_).where(round_.c.name == name).values(columns)
    in_transaction(services, lambda work: work.connection.execute(noted))
