"""What a flow may ask about what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from callflows.values import Call
from ivr.callbacks.promise_opening import CALL_BACK, URGENT
from ivr.callbacks.tables import promise
from ivr.calls.configuration import call_row, line_zone
from ivr.calls.effects import caller_view
from ivr.core.times import spoken, spoken_window
from ivr.core.unit_of_work import Work


def promise_due(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """By when the newest promise of this call is due, as it is said in the caller's language and zone.

    Where ``about`` has a ``window``, between when and when the call comes that was moved to a chosen time.
    """
    row = call_row(work, leg.call_id)
    newest_first = select(promise).where(promise.c.call_id == row.id).order_by(promise.c.made_at.desc(), promise.c.id)
    found = work.connection.execute(newest_first).first()
    due_at = found.due_at if found is not None else work.at
    how = work.at, line_zone(work, row), row.language
    chosen = found is not None and about.get("window") == "yes"
    words = spoken_window(found.start_at, due_at, *how) if found is not None and chosen else spoken(due_at, *how)
    return {"spoken": words, "due": due_at.isoformat()}


def view_patient(work: Work, leg: Row[Any]) -> Call:
    """The call as the flow of a patient sees it whom we ring: whether they asked for that, or their line dropped; and
    whether they may choose another time, which is so unless something urgent was owed when they were rung.
    """
    made = select(promise.c.kind).where(promise.c.call_id == leg.call_id)
    kinds = set(work.connection.execute(made).scalars())
    before = set(work.connection.execute(made.where(promise.c.made_at <= leg.created_at)).scalars())
    movable = CALL_BACK in before and URGENT not in before
    return replace(caller_view(work, leg), asked_back=CALL_BACK in kinds, movable=movable)
