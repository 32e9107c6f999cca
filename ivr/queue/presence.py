"""Agents who sign out for the moment, one by one or all at once. No call waits for an agent who is away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import OFFER
from ivr.calls import legs
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, transaction
from ivr.jobs import outbox
from ivr.queue import agent_states, index
from ivr.queue.offers import enqueue_match, hang_up_agent
from ivr.queue.tables import agent_state, offer, waiting
from routing.agents import Agent
from routing.shifts import signed_out_until

_SEARCHING = select(waiting).where(waiting.c.state == "searching").order_by(waiting.c.place)


def sign_out_agents(work: Work, people: Iterable[Agent]) -> tuple[str, ...]:
    """These are away until their shift is over or they are ready again; the ids of those who were not before.

    Whoever is at a call finishes it. An agent is looked for again for every caller in line: some may have nobody
    left to wait for.
    """
    chosen = {agent.id: signed_out_until(agent.calendar, work.at) for agent in people}
    # In one order always, so that two who sign the same people out never wait for each other.
    gone = tuple(name for name in sorted(chosen) if agent_states.sign_out(work, name, chosen[name]))
    for name in gone:
        outbox.put_item(work, "stop_ringing", name, call_id=None, nonce=True, urgency="emergent")
    if gone:
        for row in work.connection.execute(_SEARCHING).all():
            # These are many matches: those of routine callers must not hold up callers who are being connected.
            enqueue_match(work, row.call_id, urgency=row.urgency)
    return gone


def stop_ringing_agent(services: Services, item: Row[Any]) -> None:
    """An offer that rings for an agent who signed out counts as declined. Locks the call first."""
    index.reindex_agents(services, [item.subject])
    with transaction(services) as work:
        row = work.connection.execute(_rings_for_nobody(item.subject)).first()
        if row is None:
            return
        legs.lock_call(work, row.call_id)
        if fire(work, OFFER, offer, row.offer_id, "decline"):
            hang_up_agent(work, row.offer_id)


def _rings_for_nobody(agent_id: str) -> Any:
    offered = agent_state.join(offer, offer.c.id == agent_state.c.offer_id)
    for_nobody = agent_state.c.agent_id == agent_id, agent_state.c.away_since.is_not(None), offer.c.state == "open"
    return select(offer.c.call_id, agent_state.c.offer_id).select_from(offered).where(*for_nobody)
