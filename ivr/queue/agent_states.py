"""What each agent is doing: idle, offered, busy, wrapping up, resting or away. Nothing written about one means idle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ivr.core.database import upsert
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue.tables import agent_state
from routing.agents import Agent, Available, Doing
from routing.offering import rest_after

NEVER = datetime(2000, 1, 1, tzinfo=UTC)

_CHANGED = update(agent_state).values(version=agent_state.c.version + 1)
"""Every change of what an agent does, counted, so that news of it which comes late can be told."""

_THERE = agent_state.c.away_since.is_(None)
_AWAY = select(agent_state.c.agent_id).where(agent_state.c.away_since.is_not(None))


def doing(work: Work, agents: tuple[Agent, ...]) -> tuple[Available, ...]:
    """What each of the agents is doing, and since when."""
    of_these = agent_state.c.agent_id.in_([agent.id for agent in agents])
    known = {row.agent_id: row for row in work.connection.execute(select(agent_state).where(of_these))}
    told = ((agent, known.get(agent.id)) for agent in agents)
    return tuple(Available(agent, row.since if row else NEVER, _doing(row)) for agent, row in told)


def is_idle(connection: Connection, agent_id: str) -> bool:
    """Whether the agent could take a call now."""
    row = connection.execute(select(agent_state).where(agent_state.c.agent_id == agent_id)).first()
    return _doing(row) == "idle"


def away(work: Work) -> frozenset[str]:
    """Everybody who signed out, and is neither back nor done with their shift since."""
    return frozenset(work.connection.execute(_AWAY).scalars())


def reserve(work: Work, agent_id: str, offer_id: str) -> bool:
    """Take an idle agent for an offer; False when somebody was quicker."""
    _write_about(work, agent_id)
    taken = work.connection.execute(
        _CHANGED.where(agent_state.c.agent_id == agent_id, agent_state.c.state == "idle", _THERE).values(
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
        set_timer(work, "wrapped_up", agent_id, until, call_id=None)


def rest(work: Work, agent_id: str, offer_id: str) -> None:
    """The offer was missed: the agent is left alone, the longer the more they missed in a row."""
    missed = misses(work, agent_id) + 1
    until = work.at + rest_after(missed)
    if _move(work, agent_id, offer_id, state="resting", misses=missed, until=until):
        set_timer(work, "rested", agent_id, until, call_id=None)


def sign_out(work: Work, agent_id: str, until: datetime) -> bool:
    """The agent is away from now on, or when the call they are at is over. False where they are away already."""
    _write_about(work, agent_id)
    gone = _CHANGED.where(agent_state.c.agent_id == agent_id, _THERE).values(away_since=work.at, away_until=until)
    if work.connection.execute(gone).rowcount != 1:
        return False
    set_timer(work, "shift_over", agent_id, until, call_id=None)
    return True


def ready(work: Work, agent_id: str) -> bool:
    """The agent says that they are there: nothing sets them aside any longer. False where nothing changes."""
    set_aside = (agent_state.c.agent_id == agent_id) & agent_state.c.state.in_(("resting", "wrap-up"))
    back = _CHANGED.where(set_aside).values(state="idle", until=None, misses=0)
    if not work.connection.execute(back).rowcount + _sign_in(work, agent_id):
        return False
    for kind in ("rested", "wrapped_up", "shift_over"):
        cancel_timer(work, kind, agent_id)
    _offer_calls_to(work, agent_id)
    return True


def rested(work: Work, agent_id: str) -> None:
    """The pause is over: the agent is asked again."""
    _back_from(work, agent_id, "resting")


def wrapped_up(work: Work, agent_id: str) -> None:
    """The time for writing up is over: the agent is asked again."""
    _back_from(work, agent_id, "wrap-up")


def shift_over(work: Work, agent_id: str) -> None:
    """The shift of an agent who signed out is over: they are taken to be there in the next."""
    _sign_in(work, agent_id)
    _offer_calls_to(work, agent_id)


def _doing(row: Row[Any] | None) -> Doing:
    if row is None:
        return "idle"
    return "away" if row.away_since else row.state


def _sign_in(work: Work, agent_id: str) -> int:
    back = _CHANGED.where(agent_state.c.agent_id == agent_id, ~_THERE).values(away_since=None, away_until=None)
    return work.connection.execute(back).rowcount


def _write_about(work: Work, agent_id: str) -> None:
    first = upsert(work.connection, agent_state).values(agent_id=agent_id, state="idle", since=NEVER)
    work.connection.execute(first.on_conflict_do_nothing(index_elements=["agent_id"]))


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
    outbox.put_item(work, "match", "", call_id=None, key=agent_id, nonce=True, urgency="emergent", agent=agent_id)
