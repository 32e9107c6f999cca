"""Setting timers, and firing those that are due.

A timer fires inside the transaction that also does what it was for: a crash leaves it waiting, and two clock
processes cannot both win the conditional UPDATE.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select, update

from callflows.lifecycles.tables import TIMER
from ivr.core.database import upsert
from ivr.core.services import Services
from ivr.core.state_machines import fire_many
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.jobs.call_ids import NO_CALL, lock_call
from ivr.jobs.tables import timer

log = structlog.get_logger(__name__)

BATCH = 50
RETRY_AFTER = timedelta(seconds=5)

_DUE = (
    select(timer.c.id)
    .where(timer.c.state == "waiting", timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(BATCH)
)
_CANCEL = fire_many(TIMER, timer, "cancel").where(
    timer.c.kind == bindparam("of_kind"), timer.c.subject == bindparam("of_subject")
)
_FIRE = fire_many(TIMER, timer, "fire").returning(timer.c.kind, timer.c.subject)
_NEXT = select(timer.c.due_at).where(timer.c.state == "waiting").order_by(timer.c.due_at).limit(1)


def set_timer(work: Work, kind: str, subject: str, due_at: datetime, *, call_id: str | None) -> None:
    """Set the one timer of ``kind`` on ``subject``; an earlier setting of it is replaced.

    ``call_id`` is the call it belongs to, which is locked before the timer fires; None for no call.
    """
    row = {
        "kind": kind,
        "subject": subject,
        "call_id": call_id or NO_CALL,
        "due_at": due_at,
        "state": TIMER.begins,
        "attempts": 0,
    }
    statement = (
        upsert(work.connection, timer).values(row).on_conflict_do_update(index_elements=["kind", "subject"], set_=row)
    )
    work.connection.execute(statement)


def start_repeating(services: Services, kind: str, subject: str, *, after: timedelta) -> None:
    """Set a timer that sets itself again whenever it fires, unless it waits already. Safe to repeat and to race."""

    def start(work: Work) -> None:
        waits = select(timer.c.id).where(timer.c.kind == kind, timer.c.subject == subject, timer.c.state == "waiting")
        if work.connection.execute(waits).first() is None:
            set_timer(work, kind, subject, work.at + after, call_id=None)

    in_transaction(services, start)


def cancel_timer(work: Work, kind: str, subject: str) -> None:
    """Forget the timer, if it still waits."""
    work.connection.execute(_CANCEL, {"of_kind": kind, "of_subject": subject})


def postpone_timers(work: Work, kind: str, due_at: datetime) -> None:
    """Put off every timer of ``kind`` that waits. One that somebody has in hand is let be, and waited for by nobody."""
    mine = select(timer.c.id).where(timer.c.kind == kind, timer.c.state == "waiting").with_for_update(skip_locked=True)
    work.connection.execute(update(timer).where(timer.c.id.in_(mine)).values(due_at=due_at))


def find_due(work: Work, kind: str, subject: str) -> datetime | None:
    """When the timer fires, if it still waits."""
    waits = timer.c.kind == kind, timer.c.subject == subject, timer.c.state == "waiting"
    found: datetime | None = work.connection.execute(select(timer.c.due_at).where(*waits)).scalar()
    return found


def find_next_due_timer(services: Services) -> datetime | None:
    """When the next timer is due."""
    with services.database.read() as connection:
        return connection.execute(_NEXT).scalar()


def fire_due_timers(services: Services) -> int:
    """Fire every timer that is due now; how many."""
    with services.database.read() as connection:
        ids = list(connection.execute(_DUE, {"now": services.clock.now()}).scalars())
    return sum(_fire(services, timer_id) for timer_id in ids)


def _fire(services: Services, timer_id: int) -> bool:
    try:
        return in_transaction(services, lambda work: _claim_and_run(work, timer_id))
    except Exception as problem:  # one broken timer must not stop the others
        log.error("timer_failed", timer_id=timer_id, exc_info=problem)
        with transaction(services) as work:
            later = {"due_at": work.at + RETRY_AFTER, "attempts": timer.c.attempts + 1}
            work.connection.execute(update(timer).where(timer.c.id == timer_id).values(later))
        return False


def _claim_and_run(work: Work, timer_id: int) -> bool:
    mine = (timer.c.id == timer_id) & (timer.c.due_at <= work.at)
    waits = timer.c.state == "waiting"
    due = work.connection.execute(select(timer.c.kind, timer.c.subject, timer.c.call_id).where(mine, waits)).first()
    if due is None:
        return False
    # Whoever answers a call locks the call first and its timers after, and whoever says that they are ready the agent
    # first; the other way round both would wait for ever.
    lock_call(work, due.call_id, due.subject)
    if lock_owner := work.services.features.timer_owners.get(due.kind):
        lock_owner(work, due.subject)
    claimed = work.connection.execute(_FIRE.where(mine)).first()
    if claimed is None:
        return False
    work.services.features.timers[claimed.kind](work, claimed.subject)
    return True
