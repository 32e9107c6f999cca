"""Whether those whom a call brought together have talked: both sides were in its conference for long enough.

That somebody accepted, pressed a key or was sent to the conference is the wish to talk and no talk: a line may break
at any moment of it. What needs a talk (a promise is kept, a caller is served) asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from callflows.vocabulary import WithPerson
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, find_due, set_timer

TALKED_AFTER = timedelta(seconds=10)
"""How long both sides are together until they have talked: "Connecting" and a greeting each way take about as long.

Whoever is cut off sooner has told nothing and was told nothing. Longer would call people again after a talk that was
short and enough.
"""
TIMER = "talked"


def note_joined(work: Work, row: Row[Any]) -> None:
    """Begin to watch, unless that began when the party was sent to the conference: the news of it may come late."""
    if find_due(work, TIMER, row.call_id) is None:
        watch_talk(work, row)


def watch_talk(work: Work, row: Row[Any]) -> None:
    """Have it noted that both sides have talked once they have been together for long enough from now on.

    Also where the news of their joining is lost: whoever was sent to the conference and is on no way there any more
    counts as there.
    """
    if work.services.features.roles[row.role].talks_as is None:
        return
    there = list_there(work, row.call_id)
    if _are_both_sides(work, there) and not all(has_talked(work, one) for one in there):
        set_timer(work, TIMER, row.call_id, work.at + TALKED_AFTER, call_id=row.call_id)


def note_talked(work: Work, call_id: str) -> None:
    """Note that those who are together now have talked, unless one side has gone."""
    _note(work, list_there(work, call_id))


def settle_talk(work: Work, leaving: Row[Any]) -> None:
    """Note what is due to be noted, because somebody is leaving and the clock process may be late."""
    due_at = find_due(work, TIMER, leaving.call_id)
    if due_at is not None and due_at <= work.at:
        cancel_timer(work, TIMER, leaving.call_id)
        others = [row for row in list_there(work, leaving.call_id) if row.id != leaving.id]
        _note(work, [*others, leaving] if _is_there(leaving) else others)


def _note(work: Work, there: list[Row[Any]]) -> None:
    """Note that these have talked, where both sides are among them, and tell whoever needs that."""
    if not _are_both_sides(work, there):
        return
    for row in there:
        if not has_talked(work, row):
            record(work, "talked", row.call_id, leg=row.id, role=row.role)
    for told in work.services.features.talked:
        told(work, there)


def has_talked(work: Work, row: Row[Any]) -> bool:
    """Whether the party on a leg has talked with the other side."""
    noted = select(event.c.data).where(event.c.call_id == row.call_id, event.c.kind == "talked")
    return any(one["leg"] == row.id for one in work.connection.execute(noted).scalars())


def read_talked(work: Work, row: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the party on this leg has talked with somebody, as a flow asks it."""
    return {"talked": "yes" if has_talked(work, row) else "no"}


def list_there(work: Work, call_id: str) -> list[Row[Any]]:
    """The parties that are in the conference, or have been sent there and were never told of."""
    return [row for row in legs.list_parties(work, call_id) if row.outcome is None and _is_there(row)]


def _is_there(row: Row[Any]) -> bool:
    untold = row.conference_sequence < 0 and row.redirecting == legs.NOT_REDIRECTING
    return bool(row.in_conference or (row.pending_kind == WithPerson.__name__ and untold))


def _are_both_sides(work: Work, there: list[Row[Any]]) -> bool:
    roles = work.services.features.roles
    return {"caller", "staff"} <= {roles[row.role].talks_as for row in there}
