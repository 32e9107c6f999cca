"""What was promised in earlier calls of the same story: whoever calls again does not wait longer for that."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from ivr.callbacks.attempts import URGENT, list_promises
from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall.returning import CONTINUES

_STORY = (
    select(event.c.kind, event.c.data)
    .where(event.c.call_id == bindparam("of_call"), event.c.kind.in_((CONTINUES, "contact")))
    .order_by(event.c.id)
)


def find_first_promised(work: Work, call_id: str) -> Row[Any] | None:
    """The urgent call-back that is due first of those owed in a call and those that it goes on with, overdue or not."""
    owed = [row for row in list_promises(work, call_id) if row.kind == URGENT]
    return min((*owed, *list_gone_on_with(work, call_id)), key=lambda row: (row.due_at, row.id), default=None)


def list_gone_on_with(work: Work, call_id: str) -> list[Row[Any]]:
    """The urgent call-backs of the earlier calls with which a call goes on, since there was contact in it last."""
    ids: list[str] = []
    for news in work.connection.execute(_STORY, {"of_call": call_id}):
        if news.kind == "contact":
            ids.clear()
        elif "promise" in news.data:
            ids.append(news.data["promise"])
    return list(work.connection.execute(select(promise).where(promise.c.id.in_(ids)))) if ids else []


def move_due_forward(work: Work, call_id: str, first: Row[Any]) -> None:
    """Let what is urgently owed in a call be due no later than ``first`` was."""
    for row in list_promises(work, call_id):
        if row.kind == URGENT and row.due_at > first.due_at:
            work.connection.execute(update(promise).where(promise.c.id == row.id).values(due_at=first.due_at))
            set_timer(work, "promise_due", row.id, first.due_at, call_id=call_id)
