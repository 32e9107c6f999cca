"""Locking several calls in one transaction, in the order that keeps two transactions from waiting for each other."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from ivr.calls.tables import call
from ivr.core.database import has_taken_turn
from ivr.core.unit_of_work import BeginAgain, Work, calls_locked_first, can_begin_again

_BY_BEGINNING = (call.c.created_at.desc(), call.c.id.desc())
"""The order in which calls are locked: the one that began last first, because that is the one on the line."""


def lock_calls(work: Work, call_ids: Collection[str]) -> None:
    """Lock calls until the transaction ends, in their order."""
    those = select(call.c.id).where(call.c.id.in_(call_ids))
    work.connection.execute(those.order_by(*_BY_BEGINNING).with_for_update())


def lock_beside(work: Work, call_id: str, others: Collection[str], *, late: bool = False) -> None:
    """Lock other calls beside the one that is locked. Two that each want the other's call never wait for each other.

    Raises BeginAgain, where this transaction can, to have those locked first that began after one that is; all of them
    where it is ``late``, because what comes after calls has been locked, as whoever has taken a turn has.
    """
    locked = calls_locked_first() | {call_id}
    others = frozenset(others) - locked
    if not others:
        return
    too_late = others if late or has_taken_turn(work.connection) else _began_after(work, locked, others)
    if too_late and can_begin_again():
        raise BeginAgain(too_late | locked)  # all in their order, this one too
    lock_calls(work, others)


def _began_after(work: Work, locked: Collection[str], others: Collection[str]) -> frozenset[str]:
    """Those that began after one that is locked."""
    those = select(call.c.id).where(call.c.id.in_({*locked, *others})).order_by(*_BY_BEGINNING)
    in_order = list(work.connection.execute(those).scalars())
    return frozenset(in_order[: max(map(in_order.index, locked))]) - frozenset(locked)
