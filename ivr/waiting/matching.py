"""Calls meet agents: who waits longest is offered to whom routing prefers. SQL decides every race."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.vocabulary import NobodyCame, Wait
from ivr.calls import legs
from ivr.calls.conversation import tell
from ivr.calls.whereabouts import elsewhere
from ivr.directory.lookups import call_row
from ivr.effects.handling import on_effect
from ivr.events.record import record
from ivr.privacy.addresses import seal_address
from ivr.services import Services
from ivr.timers.due import on_timer, set_timer
from ivr.waiting import agents, asking, decisions, index
from ivr.waiting.asking import Asked
from ivr.waiting.room import leave, search
from ivr.waiting.tables import offer, waiting
from ivr.work import Work, transaction
from routing.agents import Agent
from routing.decide import Decision, decide

RING_SECONDS = 20
LOOK_AGAIN = timedelta(seconds=60)


@on_effect("match")
def match(services: Services, item: Row[Any]) -> None:
    """Look for an agent for one call; or offer an agent who has become free to whoever waits longest."""
    for call_id in [item.subject] if item.subject else _line(services):
        with transaction(services) as work:
            if not item.subject and not _still_free(work, item):
                return  # the others in line were looked at when they came, and will be when somebody else is free
            index.ensure(services, work.connection, call_id)
            match_call(work, call_id)


def _line(services: Services) -> list[str]:
    with services.database.read() as connection:
        return index.in_order(services, connection)


def _still_free(work: Work, item: Row[Any]) -> bool:
    freed = item.details.get("agent")
    return freed is None or agents.is_idle(work, freed)


def match_call(work: Work, call_id: str) -> None:
    """Offer one call to the best idle agent; say so at once when nobody who could take it is awake."""
    if not index.waits(work.connection, call_id):
        index.remove(work.services, call_id)
        return
    legs.lock_call(work, call_id)
    row = work.connection.execute(
        select(waiting).where(waiting.c.call_id == call_id, waiting.c.state == "searching")
    ).first()
    if row is None:
        return
    asked, made = _first_free(work, row)
    decisions.keep(work, row, asked, made)
    if made.chosen is None:
        _nobody_idle(work, row, made)


def _first_free(work: Work, row: Row[Any]) -> tuple[Asked, Decision]:
    """Decide until the one chosen could be reserved, or nobody is left to choose."""
    asked = asking.asked(work, row)
    made = decide(asked.question, work.at)
    while made.chosen is not None and not make_offer(work, row, made.chosen):
        asked = asking.taken(asked, made.chosen)
        made = decide(asked.question, work.at)
    return asked, made


def make_offer(work: Work, row: Row[Any], agent: Agent) -> bool:
    """Reserve the agent and ring their phone; False when the agent was taken meanwhile."""
    offer_id = work.services.ids()
    if not agents.reserve(work, agent.id, offer_id):
        return False
    leg_id = legs.new_leg(
        work,
        row.call_id,
        "agent",
        "agent_offer",
        person_id=agent.id,
        errand_id=offer_id,
        address_sealed=seal_address(work, row.call_id, agent.contact),
        ring_seconds=RING_SECONDS,
    )
    work.connection.execute(
        insert(offer).values(
            id=offer_id,
            call_id=row.call_id,
            agent_id=agent.id,
            leg_id=leg_id,
            state="open",
            about=_about(work, row, agent),
            made_at=work.at,
        )
    )
    work.connection.execute(
        update(waiting).where(waiting.c.call_id == row.call_id).values(state="offered", tried=[*row.tried, agent.id])
    )
    legs.dial(work, leg_id, row.urgency)
    set_timer(work, "ring_over", offer_id, work.at + timedelta(seconds=2 * RING_SECONDS))
    record(work, "offered", row.call_id, agent=agent.id, offer=offer_id, pool=agent.pool.id)
    return True


def _about(work: Work, row: Row[Any], agent: Agent) -> dict[str, Any]:
    about = call_row(work, row.call_id)
    return {
        "service": row.service,
        "caller_language": row.language,
        "urgency": row.urgency,
        "waited_seconds": int((work.at - row.since).total_seconds()),
        "identity_level": about.identity_level,
        "is_callback": row.callback,
        "missed": agents.misses(work, agent.id),
        "patient_state": elsewhere(work, about),
    }


def _nobody_idle(work: Work, row: Row[Any], made: Decision) -> None:
    if not made.awake and not row.callback:
        _give_up(work, row.call_id, "no-one-awake")
        return
    if made.awake and all(agent.id in row.tried for agent in made.awake):
        work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(tried=[]))
    soonest = work.at + LOOK_AGAIN
    changes = soonest if made.until is None else row.since + made.until
    set_timer(work, "search", row.call_id, min(soonest, changes))


@on_timer("search")
def look_again(work: Work, call_id: str) -> None:
    """Time has widened what is asked for, or an agent has come on shift."""
    search(work, call_id)


@on_timer("patience")
def patience_over(work: Work, call_id: str) -> None:
    """The caller has waited long enough: the flow decides what to offer instead."""
    _give_up(work, call_id, "too-long")


def _give_up(work: Work, call_id: str, why: str) -> None:
    leave(work, call_id, "left")
    record(work, "nobody-came", call_id, why=why)
    for caller in legs.of_call(work, call_id, "caller"):
        tell(work, caller.id, NobodyCame(why), Wait)
