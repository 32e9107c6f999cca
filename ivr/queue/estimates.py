"""How long a caller will probably wait, from what the agents do who may serve them and from who stands before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from ivr.calls.configuration import call_row, newest
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.database import TIMEOUT_SECONDS, take_turn, upsert
from ivr.core.unit_of_work import Work
from ivr.queue import routing_request
from ivr.queue.entries import entry
from ivr.queue.tables import WAITS, agent_state, offer, talks, waiting
from routing.decide import awake
from routing.estimate import Band, Talks, band, share
from routing.room import refusal

FREE = ("idle", "offered")
"""Whom nobody has told about, or who is rung for somebody who is counted as waiting."""


LONGEST_TURN = timedelta(seconds=2 * TIMEOUT_SECONDS)
"""A transaction knows the instant at which it asked for its turn; others have theirs before it for so long at most."""


def waiting_room(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Why the caller, who has just been given a place, cannot wait in it; empty where they can."""
    row = entry(work, leg.call_id)
    if row is None:
        return {"refused": ""}
    about = call_row(work, leg.call_id)
    # A practice that was taken out of the configuration, or the operator's own line, has no limit to be over.
    practice = newest(work).practices.get(about.practice_id)
    if practice is None:
        return {"refused": ""}
    # Of two who enter at once the second is to see the first.
    take_turn(work.connection, f"line:{about.practice_id}")
    ahead = _before(work, row, about)
    refused = refusal(staffed=bool(_servers(work, row)), ahead=ahead, most=practice.waiting.most)
    if refused:
        record(work, "turned-away", leg.call_id, why=refused)
    elif said := estimated(work, row):
        record(work, "estimated", leg.call_id, low=said.low, high=said.high)
    return {"refused": refused}


def estimated(work: Work, row: Row[Any]) -> Band | None:
    """The band for a waiting call; None where it cannot be known."""
    length = _talks(work, call_row(work, row.call_id).practice_id, row.service).length
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


def learn(work: Work, leg: Row[Any]) -> None:
    """An agent's talk is over: how long it was is remembered for its service."""
    taken = work.connection.execute(select(offer).where(offer.c.id == leg.subject_id)).one()
    if taken.state != "accepted" or leg.answered_at is None or leg.ended_at is None:
        return
    if leg.ended_at < leg.answered_at:
        return  # the clock was set back meanwhile, and how long it was is not known
    key = {"practice_id": leg.practice_id, "service": taken.about["service"]}
    first = upsert(work.connection, talks).values(**key, mean_seconds=0.0, known=0)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=list(key)))
    known = _talks(work, leg.practice_id, key["service"], lock=True)
    after = known.with_one((leg.ended_at - leg.answered_at).total_seconds())
    work.connection.execute(update(talks).filter_by(**key).values(mean_seconds=after.mean, known=after.count))


def _servers(work: Work, row: Row[Any]) -> frozenset[str]:
    """Who is at work and may serve the call, once all that is asked for has widened."""
    return frozenset(agent.id for agent in awake(routing_request.asked(work, row).question, work.at))


def _before(work: Work, row: Row[Any], about: Row[Any]) -> int:
    """How many callers of the same practice stand before the call, or came in while it waited for its turn."""
    of_the_practice = (call.c.practice_id == about.practice_id) & waiting.c.callback.is_(False)
    before = (waiting.c.place < row.place + LONGEST_TURN.total_seconds()) & (waiting.c.call_id != row.call_id)
    counted = select(func.count()).select_from(waiting.join(call)).where(WAITS, of_the_practice, before)
    return int(work.connection.execute(counted).scalar_one())


def _ahead(row: Row[Any]) -> Select[Any, Any]:
    """Who stands before the call, counted by what decides who may serve them."""
    need = (waiting.c.service, waiting.c.language, waiting.c.pool, call.c.patient_state)
    alike = (call.c.practice_id, call.c.location_id, *need)
    counted = select(func.count().label("callers"), func.min(waiting.c.call_id).label("example"))
    return counted.select_from(waiting.join(call)).where(WAITS, waiting.c.place < row.place).group_by(*alike)


def _talks(work: Work, practice: str, service: str, *, lock: bool = False) -> Talks:
    known = select(talks).where(talks.c.practice_id == practice, talks.c.service == service)
    row = work.connection.execute(known.with_for_update() if lock else known).first()
    return Talks(row.mean_seconds, row.known) if row else Talks()
