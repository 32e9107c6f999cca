"""What each agent is doing: idle, offered, busy, wrapping up, resting or away. An agent without a row is idle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from callflows.lifecycles.tables import AGENT
from ivr.core.database import upsert
from ivr.core.state_machines import fire_many
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue.tables import agent_state
from routing.agents import Agent, Available, Doing
from routing.offering import not_ready_for

NEVER = datetime(2000, 1, 1, tzinfo=UTC)

_COUNTED = {"version": agent_state.c.version + 1}
"""Every change of a row is counted, so that the index can tell which of two changes is the later one."""

_THERE = agent_state.c.away_since.is_(None)
_AWAY = select(agent_state.c.agent_id).where(agent_state.c.away_since.is_not(None))


def read_availability(work: Work, agents: tuple[Agent, ...]) -> tuple[Available, ...]:
    """What each of the agents is doing, and since when."""
    of_these = agent_state.c.agent_id.in_([agent.id for agent in agents])
    rows = {row.agent_id: row for row in work.connection.execute(select(agent_state).where(of_these))}
    found = ((agent, rows.get(agent.id)) for agent in agents)
    return tuple(Available(agent, row.since if row else NEVER, _doing(row)) for agent, row in found)


def is_idle(connection: Connection, agent_id: str) -> bool:
    """Whether the agent could take a call now."""
    row = connection.execute(select(agent_state).where(agent_state.c.agent_id == agent_id)).first()
    return _doing(row) == "idle"


def read_signed_out(work: Work) -> frozenset[str]:
    """Everybody who signed out, and is neither back nor done with their shift since."""
    return frozenset(work.connection.execute(_AWAY).scalars())


def count_misses(work: Work, agent_id: str) -> int:
    """How many offers in a row the agent has missed."""
    found = work.connection.execute(select(agent_state.c.misses).where(agent_state.c.agent_id == agent_id)).scalar()
    return int(found or 0)


def lock(work: Work, *agent_ids: str) -> None:
    """Lock agents until the transaction ends, in their order. After the call, before their timers."""
    these = select(agent_state.c.agent_id).where(agent_state.c.agent_id.in_(agent_ids))
    work.connection.execute(these.order_by(agent_state.c.agent_id).with_for_update())


def reserve(work: Work, agent_id: str, offer_id: str) -> bool:
    """Take an idle agent for an offer; False when somebody was quicker."""
    # A row that was waited for in vain stays locked, unless the savepoint before it is gone back to. Two dispatchers
    # would else each wait for the agent whom the other tried before.
    with work.connection.begin_nested() as attempt:
        _ensure_row(work, agent_id)
        reserved = _fire(work, agent_id, "reserve", _THERE, since=work.at, offer_id=offer_id)
        if not reserved:
            attempt.rollback()
    return reserved


def start_call(work: Work, agent_id: str, offer_id: str) -> None:
    """The agent took the call."""
    _fire_for_offer(work, agent_id, offer_id, "accept", misses=0)


def release(work: Work, agent_id: str, offer_id: str, *, answered: bool) -> None:
    """The agent did not get the call and is offered others at once. ``answered``: they said no, so their misses end."""
    _fire_for_offer(work, agent_id, offer_id, "release", **({"misses": 0} if answered else {}))
    enqueue_match_for(work, agent_id)


def set_not_ready(work: Work, agent_id: str, offer_id: str) -> None:
    """The offer was missed: the agent is left alone, the longer the more they missed in a row."""
    missed = count_misses(work, agent_id) + 1
    until = work.at + not_ready_for(missed)
    if _fire_for_offer(work, agent_id, offer_id, "miss", misses=missed, until=until):
        set_timer(work, "rested", agent_id, until, call_id=None)


def end_call(work: Work, agent_id: str, offer_id: str, wrap_up: timedelta = timedelta()) -> None:
    """The call is over. The agent is offered others once the wrap-up is over, or at once where there is none.

    Nothing changes where the agent was not at the call of this offer.
    """
    if not wrap_up:
        _fire_for_offer(work, agent_id, offer_id, "finish")
        enqueue_match_for(work, agent_id)
    elif _fire_for_offer(work, agent_id, offer_id, "write-up", until=work.at + wrap_up):
        set_timer(work, "wrapped_up", agent_id, work.at + wrap_up, call_id=None)


def sign_out(work: Work, agent_id: str, until: datetime) -> bool:
    """The agent is away from now on, or when the call they are at is over. False where they are away already."""
    _ensure_row(work, agent_id)
    gone = update(agent_state).where(agent_state.c.agent_id == agent_id, _THERE)
    if work.connection.execute(gone.values(away_since=work.at, away_until=until, **_COUNTED)).rowcount != 1:
        return False
    set_timer(work, "shift_over", agent_id, until, call_id=None)
    return True


def make_ready(work: Work, agent_id: str) -> bool:
    """The agent says that they are there: nothing sets them aside any longer. False where nothing changes."""
    was_set_aside = _fire(work, agent_id, "ready", until=None, misses=0)
    if not (_sign_in(work, agent_id) or was_set_aside):
        return False
    for kind in ("rested", "wrapped_up", "shift_over"):
        cancel_timer(work, kind, agent_id)
    enqueue_match_for(work, agent_id)
    return True


def end_not_ready(work: Work, agent_id: str) -> None:
    """The pause after missed offers is over: the agent is offered calls again."""
    _fire(work, agent_id, "rested", until=None)
    enqueue_match_for(work, agent_id)


def end_wrap_up(work: Work, agent_id: str) -> None:
    """The time for writing up is over: the agent is offered calls again."""
    _fire(work, agent_id, "written-up", until=None)
    enqueue_match_for(work, agent_id)


def end_shift(work: Work, agent_id: str) -> None:
    """The shift of an agent who signed out is over: they are taken to be there in the next."""
    _sign_in(work, agent_id)
    enqueue_match_for(work, agent_id)


def enqueue_match_for(work: Work, agent_id: str) -> None:
    """Have the waiting calls looked through for one that the agent may take."""
    outbox.put_item(work, "match", "", call_id=None, key=agent_id, nonce=True, urgency="emergent", agent=agent_id)


def _doing(row: Row[Any] | None) -> Doing:
    if row is None:
        return "idle"
    return "away" if row.away_since else row.state


def _ensure_row(work: Work, agent_id: str) -> None:
    first = upsert(work.connection, agent_state).values(agent_id=agent_id, state=AGENT.begins, since=NEVER)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=["agent_id"]))


def _sign_in(work: Work, agent_id: str) -> bool:
    back = update(agent_state).where(agent_state.c.agent_id == agent_id, ~_THERE)
    return work.connection.execute(back.values(away_since=None, away_until=None, **_COUNTED)).rowcount == 1


def _fire(work: Work, agent_id: str, event: str, *where: ColumnElement[bool], **columns: Any) -> bool:
    moved = fire_many(AGENT, agent_state, event, **_COUNTED, **columns)
    return work.connection.execute(moved.where(agent_state.c.agent_id == agent_id, *where)).rowcount == 1


def _fire_for_offer(work: Work, agent_id: str, offer_id: str, event: str, **columns: Any) -> bool:
    """Let an event of an offer happen to its agent, provided that the offer is still the agent's own."""
    values = {"until": None, "since": work.at, **columns}
    return _fire(work, agent_id, event, agent_state.c.offer_id == offer_id, **values)
