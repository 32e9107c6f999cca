"""What each agent is doing: idle, offered, busy or resting. An agent nobody has written about is idle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from ivr.database import upsert
from ivr.effects import outbox
from ivr.timers.due import on_timer, set_timer
from ivr.waiting.tables import agent_state
from ivr.work import Work
from routing.agents import Agent, Available

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
REST = timedelta(seconds=60)
"""How long an agent who did not answer is left alone."""


def idle(work: Work, agents: tuple[Agent, ...]) -> tuple[Available, ...]:
    """Those who could take a call, and since when."""
    known = {row.agent_id: row for row in work.connection.execute(select(agent_state))}
    return tuple(
        Available(agent, known[agent.id].since if agent.id in known else NEVER)
        for agent in agents
        if agent.id not in known or known[agent.id].state == "idle"
    )


def is_idle(work: Work, agent_id: str) -> bool:
    """Whether the agent could take a call now."""
    state = work.connection.execute(select(agent_state.c.state).where(agent_state.c.agent_id == agent_id)).scalar()
    return state in (None, "idle")


def reserve(work: Work, agent_id: str, offer_id: str) -> bool:
    """Take an idle agent for an offer; False when somebody was quicker."""
    first = upsert(work.connection, agent_state).values(agent_id=agent_id, state="idle", since=NEVER)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=["agent_id"]))
    taken = work.connection.execute(
        update(agent_state)
        .where(agent_state.c.agent_id == agent_id, agent_state.c.state == "idle")
        .values(state="offered", since=work.at, offer_id=offer_id)
    )
    return taken.rowcount == 1


def set_state(work: Work, agent_id: str, offer_id: str, state: str) -> None:
    """Move an agent on, provided that the offer is still the agent's own."""
    mine = (agent_state.c.agent_id == agent_id) & (agent_state.c.offer_id == offer_id)
    work.connection.execute(update(agent_state).where(mine).values(state=state, since=work.at))
    if state == "resting":
        set_timer(work, "rested", agent_id, work.at + REST)
    if state == "idle":
        _offer_calls_to(work, agent_id)


@on_timer("rested")
def rested(work: Work, agent_id: str) -> None:
    """The pause is over: the agent is asked again."""
    resting = (agent_state.c.agent_id == agent_id) & (agent_state.c.state == "resting")
    work.connection.execute(update(agent_state).where(resting).values(state="idle"))
    _offer_calls_to(work, agent_id)


def _offer_calls_to(work: Work, agent_id: str) -> None:
    outbox.put(work, "match", "", key=f"{agent_id}:{work.at.timestamp()}", urgency="emergent", agent=agent_id)
