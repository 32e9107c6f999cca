"""What each agent is doing: idle, offered, busy, wrapping up or resting. An agent nobody has written about is idle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.database import upsert
from ivr.effects import outbox
from ivr.timers.due import cancel_timer, on_timer, set_timer
from ivr.waiting.tables import agent_state
from ivr.work import Work
from routing.agents import Agent, Available

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
REST = timedelta(seconds=60)
"""How long an agent who did not answer is left alone; twice as long for every further miss in a row."""
LONGEST_REST = timedelta(minutes=16)


def rest_after(misses: int) -> timedelta:
    """How long an agent is left alone who has missed so many offers in a row, at least one."""
    doublings: int = min(misses - 1, 10)
    return min(REST * (1 << doublings), LONGEST_REST)


_CHANGED = update(agent_state).values(version=agent_state.c.version + 1)
"""Every change of what an agent does, counted, so that news of it which comes late can be told."""


def doing(work: Work, agents: tuple[Agent, ...]) -> tuple[Available, ...]:
    """What each of the agents is doing, and since when."""
    of_these = agent_state.c.agent_id.in_([agent.id for agent in agents])
    known = {row.agent_id: row for row in work.connection.execute(select(agent_state).where(of_these))}
    return tuple(
        Available(agent, known[agent.id].since, known[agent.id].state) if agent.id in known else Available(agent, NEVER)
        for agent in agents
    )


def is_idle(connection: Connection, agent_id: str) -> bool:
    """Whether the agent could take a call now."""
    state = connection.execute(select(agent_state.c.state).where(agent_state.c.agent_id == agent_id)).scalar()
    return state in (None, "idle")


def reserve(work: Work, agent_id: str, offer_id: str) -> bool:
    """Take an idle agent for an offer; False when somebody was quicker."""
    first = upsert(work.connection, agent_state).values(agent_id=agent_id, state="idle", since=NEVER)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=["agent_id"]))
    taken = work.connection.execute(
        _CHANGED.where(agent_state.c.agent_id == agent_id, agent_state.c.state == "idle").values(
            state="offered", since=work.at, offer_id=offer_id
        )
    )
    return taken.rowcount == 1


def misses(work: Work, agent_id: str) -> int:
    """How many offers in a row the agent has missed."""
    found = work.connection.execute(select(agent_state.c.misses).where(agent_state.c.agent_id == agent_id)).scalar()
    return int(found or 0)


def busy(work: Work, agent_id: str, offer_id: str) -> None:
    """The agent took the call."""
    _move(work, agent_id, offer_id, state="busy", misses=0)


def free(work: Work, agent_id: str, offer_id: str, *, answered: bool = False) -> None:
    """The agent can be asked again at once. ``answered``: there was somebody on the phone, so no miss counts."""
    _move(work, agent_id, offer_id, state="idle", **({"misses": 0} if answered else {}))
    _offer_calls_to(work, agent_id)


def wrap_up(work: Work, agent_id: str, offer_id: str, length: timedelta) -> None:
    """The call is over and is written up; the agent is asked again after so long."""
    until = work.at + length
    if _move(work, agent_id, offer_id, state="wrap-up", until=until):
        set_timer(work, "wrapped_up", agent_id, until)


def rest(work: Work, agent_id: str, offer_id: str) -> None:
    """The offer was missed: the agent is left alone, the longer the more they missed in a row."""
    missed = misses(work, agent_id) + 1
    until = work.at + rest_after(missed)
    if _move(work, agent_id, offer_id, state="resting", misses=missed, until=until):
        set_timer(work, "rested", agent_id, until)


def ready(work: Work, agent_id: str) -> bool:
    """The agent says that they are there: rest and wrap-up end, misses are forgotten. False where nothing changes."""
    set_aside = (agent_state.c.agent_id == agent_id) & agent_state.c.state.in_(("resting", "wrap-up"))
    back = _CHANGED.where(set_aside).values(state="idle", until=None, misses=0)
    if not work.connection.execute(back).rowcount:
        return False
    cancel_timer(work, "rested", agent_id)
    cancel_timer(work, "wrapped_up", agent_id)
    _offer_calls_to(work, agent_id)
    return True


@on_timer("rested")
def rested(work: Work, agent_id: str) -> None:
    """The pause is over: the agent is asked again."""
    _back_from(work, agent_id, "resting")


@on_timer("wrapped_up")
def wrapped_up(work: Work, agent_id: str) -> None:
    """The time for writing up is over: the agent is asked again."""
    _back_from(work, agent_id, "wrap-up")


def _back_from(work: Work, agent_id: str, state: str) -> None:
    still = (agent_state.c.agent_id == agent_id) & (agent_state.c.state == state)
    work.connection.execute(_CHANGED.where(still).values(state="idle", until=None))
    _offer_calls_to(work, agent_id)


def _move(work: Work, agent_id: str, offer_id: str, **columns: Any) -> bool:
    """Change the agent's row, provided that the offer is still the agent's own."""
    mine = (agent_state.c.agent_id == agent_id) & (agent_state.c.offer_id == offer_id)
    values = {"until": None, "since": work.at, **columns}
    return work.connection.execute(_CHANGED.where(mine).values(values)).rowcount == 1


def _offer_calls_to(work: Work, agent_id: str) -> None:
    outbox.put(work, "match", "", key=f"{agent_id}:{work.at.timestamp()}", urgency="emergent", agent=agent_id)
