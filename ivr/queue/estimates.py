"""How long a caller will probably wait, from what the agents do who may serve them and from the calls before theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from ivr.calls.configuration import call_row, newest
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.database import TURN_SECONDS, take_turn
from ivr.core.unit_of_work import Work
from ivr.queue import routing_request
from ivr.queue.entries import entry
from ivr.queue.tables import WAITS, agent_state, waiting
from ivr.queue.talk_lengths import read_talks
from routing.decide import awake
from routing.estimate import Band, band, share
from routing.queue_admission import refusal

FREE = ("idle", "offered")
"""States of agents who are free, or are rung for a call that is counted as waiting."""

LONGEST_TURN = timedelta(seconds=2 * TURN_SECONDS)
"""A transaction decides by the instant at which it asked for its turn; others may have theirs first for so long,
in our own queue and then in that of the database. Each try decides by an instant of its own."""


def read_admission(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Why the caller, who has just been given a place, cannot wait in it; empty where they can."""
    row = entry(work, leg.call_id)
    if row is None:
        return {"refused": ""}
    about = call_row(work, leg.call_id)
    # A practice that was taken out of the configuration, or the operator's own line, has no limit to be over.
    practice = newest(work).practices.get(about.practice_id)
    if practice is None:
        return {"refused": ""}
    # When two enter at once, the second must see the first.
    take_turn(work.connection, f"line:{about.practice_id}")
    ahead = _before(work, row, about)
    refused = refusal(staffed=bool(_servers(work, row)), ahead=ahead, most=practice.waiting.most)
    if refused:
        record(work, "turned-away", leg.call_id, why=refused)
    elif said := estimate_wait(work, row):
        record(work, "estimated", leg.call_id, low=said.low, high=said.high)
    return {"refused": refused}


def estimate_wait(work: Work, row: Row[Any]) -> Band | None:
    """The band for a waiting call; None where it cannot be known."""
    length = read_talks(work, call_row(work, row.call_id).practice_id, row.service).length
    if length is None:
        return None
    servers = _servers(work, row)
    states = {row.agent_id: row.state for row in work.connection.execute(select(agent_state))}
    left = [timedelta() if states.get(agent, "idle") in FREE else length for agent in servers]
    ahead = sum(
        group.callers * share(servers, _servers(work, entry(work, group.example) or row))
        for group in work.connection.execute(_ahead(row))
    )
    return band(left, ahead)


def _servers(work: Work, row: Row[Any]) -> frozenset[str]:
    """Who is at work and may serve the call, once its need has been relaxed as far as it may be."""
    return frozenset(agent.id for agent in awake(routing_request.build(work, row).question, work.at))


def _before(work: Work, row: Row[Any], about: Row[Any]) -> int:
    """How many callers of the same practice are before the call, or came in while it waited for its turn."""
    of_the_practice = (call.c.practice_id == about.practice_id) & waiting.c.callback.is_(False)
    before = (waiting.c.place < row.place + LONGEST_TURN.total_seconds()) & (waiting.c.call_id != row.call_id)
    counted = select(func.count()).select_from(waiting.join(call)).where(WAITS, of_the_practice, before)
    return int(work.connection.execute(counted).scalar_one())


def _ahead(row: Row[Any]) -> Select[Any, Any]:
    """The calls before this one, counted by what decides who may serve them."""
    need = (waiting.c.service, waiting.c.language, waiting.c.pool, call.c.patient_state)
    alike = (call.c.practice_id, call.c.location_id, *need)
    counted = select(func.count().label("callers"), func.min(waiting.c.call_id).label("example"))
    return counted.select_from(waiting.join(call)).where(WAITS, waiting.c.place < row.place).group_by(*alike)
