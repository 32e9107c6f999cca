"""Carrying out the outbox: lease a batch, do it, settle each item. A job is only a wake-up for this."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select, update

from callflows.lifecycles.tables import OUTBOX
from ivr.core.database import upsert
from ivr.core.services import Services
from ivr.core.state_machines import fire, fire_many
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.handlers import OUTBOUND_CALLS, give_up_item, handle_item
from ivr.jobs.leases import held, lease_until
from ivr.jobs.outbox import release_expired_items
from ivr.jobs.tables import UNDONE, lane, outbox
from ivr.twilio.errors import Misconfigured, PermanentFailure, TemporaryFailure, next_delay

BATCH = 10
log = structlog.get_logger(__name__)

_IS_CALL = outbox.c.kind == OUTBOUND_CALLS
# A process of the release before or after may have written what only it can carry out.
_KNOWN = outbox.c.kind.in_(bindparam("known", expanding=True))
_READY = and_(UNDONE, outbox.c.state == "ready", _KNOWN)
_NEXT = select(_IS_CALL.label("is_call"), func.min(outbox.c.due_at).label("due_at")).where(_READY).group_by(_IS_CALL)
_DUE = select(outbox.c.id).where(_READY, outbox.c.due_at <= bindparam("now"))
# Another worker's batch is passed over, not waited for.
_FIRST = _DUE.order_by(outbox.c.urgency, outbox.c.due_at, outbox.c.id).with_for_update(skip_locked=True)
# Calls are asked for apart: a full lane must not hide what needs none.
_CALLS, _OTHERS = _FIRST.where(_IS_CALL).limit(1), _FIRST.where(~_IS_CALL).limit(BATCH)
_LEASE = fire_many(OUTBOX, outbox, "lease", attempts=outbox.c.attempts + 1)
_SETTLE = {event: fire_many(OUTBOX, outbox, event, leased_until=None) for event in ("succeed", "retry")}
_FREE_AT = select(lane.c.free_at).where(lane.c.name == OUTBOUND_CALLS)


def drain_outbox(services: Services) -> int:
    """Carry out what is due; how many items were leased. One whose lease was lost meanwhile is not begun."""
    items = lease_items(services)
    if not items:
        return 0
    with held(services, items) as leases:
        for item in items:
            if leases.holds(item):
                carry_out_item(services, item)
            leases.let_go(item)
    return len(items)


def lease_items(services: Services) -> list[Row[Any]]:
    """Take a batch of due items, most urgent first, at most one of them an outbound call.

    Items of kinds that this process does not know are left to others.
    """
    return in_transaction(services, _lease_batch)


def _lease_batch(work: Work) -> list[Row[Any]]:
    release_expired_items(work)
    calls = _due(work, _CALLS)
    chosen = [*(calls if calls and _lane_is_free(work) else ()), *_due(work, _OTHERS)]
    if not chosen:
        return []
    taken = _LEASE.where(outbox.c.id.in_(chosen)).values(leased_until=lease_until(work.services.clock, work.at))
    return sorted(work.connection.execute(taken.returning(outbox)), key=lambda item: chosen.index(item.id))


def _due(work: Work, wanted: Select[int]) -> list[int]:
    bound = {"now": work.at, "known": list(work.services.features.outbox)}
    return list(work.connection.execute(wanted, bound).scalars())


def carry_out_item(services: Services, item: Row[Any]) -> None:
    """Do one leased item and settle it."""
    try:
        handle_item(services, item)
    except PermanentFailure as problem:
        _fail(services, item, str(problem.code))
    except (TemporaryFailure, Misconfigured) as problem:
        _retry(services, item, type(problem).__name__, problem)
    except Exception as problem:  # a broken item must not stop the others
        log.error("effect_failed", kind=item.kind, subject_id=item.subject, exc_info=problem)
        _retry(services, item, type(problem).__name__, None)
    else:
        _settle(services, item, "succeed", done_at=services.clock.now(), last_error=None)


def find_next_due_item(services: Services) -> datetime | None:
    """When the next item that this process can carry out is due, the lane considered."""
    known = {"known": list(services.features.outbox)}
    with services.database.read() as connection:
        due = {row.is_call: row.due_at for row in connection.execute(_NEXT, known)}
        free_at = connection.execute(_FREE_AT).scalar() if True in due else None
    if free_at is not None:
        due[True] = max(due[True], free_at)
    return min(due.values(), default=None)


def _lane_is_free(work: Work) -> bool:
    """Take the lane for one call, if its turn has come. (Twilio: 1 outbound API call per second by default.)"""
    until = work.at + timedelta(seconds=1 / work.services.settings.outbound_rate)
    free = (lane.c.name == OUTBOUND_CALLS) & (lane.c.free_at <= work.at)
    if work.connection.execute(update(lane).where(free).values(free_at=until)).rowcount:
        return True
    first = upsert(work.connection, lane).values(name=OUTBOUND_CALLS, free_at=until)
    # The count of an INSERT's rows is not told alike by both databases; what it returns is.
    made = first.on_conflict_do_nothing(index_elements=["name"]).returning(lane.c.name)
    return work.connection.execute(made).first() is not None


def _retry(services: Services, item: Row[Any], error: str, problem: Exception | None) -> None:
    delay = next_delay(item.attempts, services.chance, tries=services.features.outbox[item.kind].tries)
    if delay is None:
        _fail(services, item, error)
        return
    wanted = getattr(problem, "retry_after", None) or 0.0
    due_at = services.clock.now() + timedelta(seconds=max(delay, wanted))
    _settle(services, item, "retry", due_at=due_at, last_error=error)


def _fail(services: Services, item: Row[Any], error: str) -> None:
    log.error(
        "effect_given_up", kind=item.kind, subject_id=item.subject, error_code=error.lower(), attempts=item.attempts
    )
    give_up_item(services, item)
    in_transaction(services, lambda work: _note_failed(work, item, error))


def _note_failed(work: Work, item: Row[Any], error: str) -> None:
    # Another worker may have begun with it since; what comes of that is for that one to say.
    if work.connection.execute(select(outbox.c.id).where(outbox.c.id == item.id, _same_try(item))).first():
        fire(work, OUTBOX, outbox, item.id, "fail", done_at=work.at, leased_until=None, last_error=error)


def _same_try(item: Row[Any]) -> ColumnElement[bool]:
    same: ColumnElement[bool] = outbox.c.attempts == item.attempts
    return same


def _settle(services: Services, item: Row[Any], event: str, **columns: Any) -> None:
    # What was done must not be left as if it were still to do, because somebody held the item just now.
    # A try that another worker has begun since is not ended by what came of this one, unless it is done.
    mine = outbox.c.id == item.id if event == "succeed" else (outbox.c.id == item.id) & _same_try(item)
    settle = _SETTLE[event].where(mine).values(columns)
    in_transaction(services, lambda work: work.connection.execute(settle))
