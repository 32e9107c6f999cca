"""Calls meet agents: who waits longest is offered to whom routing prefers. SQL decides every race."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.vocabulary import NobodyCame, Wait
from ivr.calls import legs
from ivr.calls.conversation import tell
from ivr.closures.keeping import live_calendar
from ivr.directory.lookups import STRANGER, call_row, newest
from ivr.directory.organisation import Organisation
from ivr.effects.handling import on_effect
from ivr.events.record import record
from ivr.privacy.addresses import seal_address
from ivr.services import Services
from ivr.timers.due import on_timer, set_timer
from ivr.waiting import agents, index
from ivr.waiting.room import leave, search
from ivr.waiting.tables import offer, waiting
from ivr.work import Work, transaction
from routing.agents import Agent, Need
from routing.eligible import is_eligible
from routing.hours import is_open
from routing.prefer import order
from routing.relax import next_widening, widened

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
    organisation = newest(work)
    need, candidates = wanted(work, organisation, row)
    fresh = tuple(one for one in agents.idle(work, candidates) if one.agent.id not in row.tried)
    ranked = order(fresh, need, work.at)
    for agent in ranked:
        if make_offer(work, row, agent):
            return
    _nobody_idle(work, row, need, candidates)


def wanted(work: Work, organisation: Organisation, row: Row[Any]) -> tuple[Need, tuple[Agent, ...]]:
    """What the call asks for after its wait, and who may be asked at all."""
    about = call_row(work, row.call_id)
    if row.pool or about.practice_id == STRANGER:
        pool = row.pool or organisation.operator.fallback.pool
        return _anybody_in(organisation, pool, about.practice_id)
    hours = live_calendar(work.connection, organisation, about.practice_id, about.location_id, work.at)
    state = organisation.location(about.practice_id, about.location_id).state
    need = organisation.need(about.practice_id, row.service, row.language, state, opening=is_open(hours, work.at))
    return widened(need, work.at - row.since), organisation.agents_of(about.practice_id)


def _anybody_in(organisation: Organisation, pool: str, practice: str) -> tuple[Need, tuple[Agent, ...]]:
    """The operator's last resort: whoever is on shift in the pool, whatever they usually do."""
    people = tuple(
        replace(agent, skills={**agent.skills, "fallback": 1}, languages=agent.languages | {"any"})
        for agent in organisation.agents.values()
        if agent.pool.id == pool
    )
    return Need(practice=practice, service="fallback", skill="fallback", language="any", pools=(pool,)), people


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
            about=_about(work, row),
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


def _about(work: Work, row: Row[Any]) -> dict[str, Any]:
    about = call_row(work, row.call_id)
    return {
        "service": row.service,
        "caller_language": row.language,
        "urgency": row.urgency,
        "waited_seconds": int((work.at - row.since).total_seconds()),
        "identity_level": about.identity_level,
        "is_callback": row.callback,
    }


def _nobody_idle(work: Work, row: Row[Any], need: Need, candidates: tuple[Agent, ...]) -> None:
    widest = widened(need, timedelta(hours=1))
    awake = [one for one in candidates if is_eligible(one, widest, work.at)]
    untried = [one for one in awake if one.id not in row.tried]
    if not awake and not row.callback:
        _give_up(work, row.call_id, "no-one-awake")
        return
    if awake and not untried:
        work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(tried=[]))
    set_timer(work, "search", row.call_id, _next_look(work.at, row, need))


def _next_look(at: datetime, row: Row[Any], need: Need) -> datetime:
    widening = next_widening(need, at - row.since)
    soonest = at + LOOK_AGAIN
    return min(soonest, row.since + widening) if widening is not None else soonest


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
