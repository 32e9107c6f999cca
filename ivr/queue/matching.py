"""Calls meet agents: who waits longest is offered to whom routing prefers. SQL decides every race."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.vocabulary import NobodyCame, Wait
from ivr.calls import legs
from ivr.calls.addresses import seal_address
from ivr.calls.configuration import call_row, newest
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.calls.whereabouts import state_elsewhere
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.directory.revisions import load
from ivr.jobs.timers import set_timer
from ivr.queue import agent_index, agent_states, call_index, decisions, routing_request
from ivr.queue.entries import entry, leave, search, step_up
from ivr.queue.routing_request import Asked
from ivr.queue.tables import offer, waiting
from routing.agents import ANYBODY, Agent
from routing.decide import Decision, decide
from routing.offering import RING, all_were_asked, next_look

_OF_THE_LINE = frozenset({"not-in-shift", "shift-edge", "skill", "language", "pool"})
"""Reasons for a no that hold for everybody in a line, or longer for those further back."""


def match(services: Services, item: Row[Any]) -> None:
    """Look for an agent for one call, or offer an agent who has become free to whoever waits longest."""
    if item.subject:
        _look_for(services, item.subject)
    elif item.details.get("agent"):
        _serve(services, item.details["agent"])


def _look_for(services: Services, call_id: str, also: Collection[str] = ()) -> Decision | None:
    """Decide about one call, and tell the index what came of it; None where nobody is searched for any more."""
    named: set[str] = set()
    try:
        with transaction(services) as work:
            # The call is in line before anybody is looked for, as whoever becomes free is filed before it is looked
            # for calls: of two dispatchers who do so at the same time one sees the other.
            made = (
                match_call(work, call_id, named, also) if call_index.put(services, work.connection, call_id) else None
            )
    finally:
        agent_index.settle(services, named)
    if made is None:
        with services.database.read() as connection:
            call_index.put(services, connection, call_id)  # it may have been connected while it was put in
    return made


def _serve(services: Services, agent: str) -> None:
    """Offer calls to a free agent, first to be served first."""
    agent_index.settle(services, [agent])
    with services.database.read() as connection:
        organisation = load(connection)
        skills = organisation.agents[agent].skills if agent in organisation.agents else {}
        fronts = call_index.fronts(services, connection, {*skills, ANYBODY})
    failed: Exception | None = None
    for front in fronts:
        for call_id in _standing_in(services, front.line):
            if not _is_idle(services, agent):
                return  # the others in line were looked at when they came, and will be when somebody else is free
            try:
                made = _look_for(services, call_id, [agent])
            except Exception as problem:  # a call that cannot be decided about must not keep the agent from the others
                failed = problem
                continue
            if made is not None and _is_shut(made, agent):
                break
    if failed is not None:
        raise failed


def _standing_in(services: Services, line: str) -> list[str]:
    with services.database.read() as connection:
        return call_index.standing_in(services, connection, line)


def _is_idle(services: Services, agent: str) -> bool:
    with services.database.read() as connection:
        return agent_states.is_idle(connection, agent)


def _is_shut(made: Decision, agent: str) -> bool:
    """Whether the whole line has nothing for the agent, not only this call."""
    named = next((reason for reason, names in made.refused.items() if agent in names), None)
    return named in _OF_THE_LINE or (named is None and all(one.id != agent for one in made.awake))


def match_call(work: Work, call_id: str, named: set[str], also: Collection[str] = ()) -> Decision | None:
    """Offer one call to the best idle agent; say so at once when nobody who could take it is awake.

    ``also`` are looked at besides those whom the index names, who are added to ``named`` for the caller to settle.
    None where nobody is searched for.
    """
    legs.lock_call(work, call_id)
    row = work.connection.execute(
        select(waiting).where(waiting.c.call_id == call_id, waiting.c.state == "searching")
    ).first()
    if row is None:
        return None
    asked, made = _first_free(work, row, named, also)
    decisions.keep(work, row, asked, made)
    if made.chosen is None:
        _nobody_idle(work, row, made)
    return made


def _first_free(work: Work, row: Row[Any], named: set[str], also: Collection[str]) -> tuple[Asked, Decision]:
    """Decide until the one chosen could be reserved, or nobody is left to choose."""
    question, passed = routing_request.asked(work, row), set[str]()
    while True:
        asked = routing_request.looked_at(work, row, question, passed, {*also, *named})
        made = decide(asked.question, work.at)
        named.update(one for one in (asked.nominated, made.chosen and made.chosen.id) if one)
        if made.chosen is None and not asked.is_stale:
            return asked, made
        if made.chosen is not None and make_offer(work, row, made.chosen):
            return asked, made
        passed.update(named)


def make_offer(work: Work, row: Row[Any], agent: Agent) -> bool:
    """Reserve the agent and ring their phone; False when the agent was taken meanwhile."""
    offer_id = work.services.ids()
    if not agent_states.reserve(work, agent.id, offer_id):
        return False
    leg_id = legs.create_leg(
        work,
        row.call_id,
        "agent",
        "agent_offer",
        person_id=agent.id,
        subject_id=offer_id,
        address_sealed=seal_address(work, row.call_id, agent.contact),
        ring_seconds=int(RING.total_seconds()),
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
    legs.enqueue_dial(work, leg_id, row.urgency)
    set_timer(work, "ring_over", offer_id, work.at + 2 * RING)
    step_up(work, row.call_id)
    call_index.put(work.services, work.connection, row.call_id)
    record(work, "offered", row.call_id, agent=agent.id, offer=offer_id, pool=agent.pool.id)
    return True


def _about(work: Work, row: Row[Any], agent: Agent) -> dict[str, Any]:
    about = call_row(work, row.call_id)
    return {
        "service": row.service,
        "caller_language": row.language,
        "urgency": row.urgency,
        "waited_seconds": max(0, int((work.at - row.since).total_seconds())),
        "identity_level": about.identity_level,
        "is_callback": row.callback,
        "missed": agent_states.misses(work, agent.id),
        "patient_state": state_elsewhere(work, about),
        "interpreter": row.language not in agent.languages and newest(work).interprets(row.language),
    }


def _nobody_idle(work: Work, row: Row[Any], made: Decision) -> None:
    if not made.awake and not row.callback:
        _give_up(work, row.call_id, "no-one-awake")
        return
    if made.awake and all_were_asked(made.awake, row.tried):
        work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(tried=[]))
    # Patients of a licensed line are in different states: what could serve one need not serve the first.
    first = made.standing.need.licensed_kind is not None or call_index.is_first(work.services, row.call_id)
    set_timer(work, "search", row.call_id, row.since + next_look(work.at - row.since, made.until, first=first))


def look_again(work: Work, call_id: str) -> None:
    """Time has widened what is asked for, or an agent has come on shift."""
    row = entry(work, call_id)
    # A shift begins for many at once, and who is urgent is looked for first.
    search(work, call_id, urgency=row.urgency if row else "routine")


def patience_over(work: Work, call_id: str) -> None:
    """The caller has waited long enough: the flow decides what to offer instead."""
    _give_up(work, call_id, "too-long")


def _give_up(work: Work, call_id: str, why: str) -> None:
    leave(work, call_id, "left")
    record(work, "nobody-came", call_id, why=why)
    for caller in legs.list_living(work, call_id, "caller"):
        answer_and_redirect(work, caller.id, NobodyCame(why), Wait)
