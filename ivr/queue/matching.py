"""Which agent is next: ``routing/decide.py`` chooses for the call that is to be served first, SQL decides every race.

1. An outbox item asks for a match: of one call, or of an agent who has become free.
2. :func:`match_call` locks the call and asks routing whom to offer it to (``routing_request.py`` has the request).
3. :func:`ivr.queue.offers.make_offer` reserves the agent and rings; where somebody was quicker, routing is asked again.
4. Where nobody is idle the caller goes on waiting and is decided about again later, or hears that nobody comes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.vocabulary import NobodyCame, Wait
from ivr.calls import legs
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.revisions import load
from ivr.jobs.timers import set_timer
from ivr.queue import agent_states, decisions, index, routing_request
from ivr.queue.entries import dequeue, entry
from ivr.queue.offers import enqueue_match, make_offer
from ivr.queue.routing_request import RoutingRequest
from ivr.queue.tables import waiting
from routing.agents import ANYBODY
from routing.decide import Decision, decide
from routing.offering import all_were_offered, next_match_after

IN_HAND_AGAIN = timedelta(seconds=30)
"""When a call-back is looked at again whose telephone is being rung for somebody else behind it."""

_OF_THE_LINE = frozenset({"not-in-shift", "shift-edge", "skill", "language", "pool"})
"""Reasons for a no that hold for everybody in a line, or longer for those further back."""


def carry_out_match(services: Services, item: Row[Any]) -> None:
    """Find an agent for one call, or a call for an agent who has become free."""
    if item.subject:
        _find_agent(services, item.subject)
    elif item.details.get("agent"):
        _find_call(services, item.details["agent"])


def _find_agent(services: Services, call_id: str, also: Collection[str] = ()) -> Decision | None:
    """Decide about one call, and tell the index what came of it; None where no agent is searched for any more."""
    claimed: set[str] = set()

    def file_and_match(work: Work) -> Decision | None:
        # The call is filed before an agent is looked for, and a free agent before a call is looked for: when two
        # dispatchers do so at the same time, one of them sees what the other filed.
        waits = index.add_call(services, work.connection, call_id)
        return match_call(work, call_id, claimed, also) if waits else None

    try:
        made = in_transaction(services, file_and_match)
    finally:
        index.reindex_agents(services, claimed)
    if made is None:
        with services.database.read() as connection:
            index.add_call(services, connection, call_id)  # it may have been connected while it was filed
    return made


def _find_call(services: Services, agent: str) -> None:
    """Offer calls to a free agent, first to be served first."""
    index.reindex_agents(services, [agent])
    with services.database.read() as connection:
        organisation = load(connection)
        skills = organisation.agents[agent].skills if agent in organisation.agents else {}
        fronts = index.fronts(services, connection, {*skills, ANYBODY})
    failed: Exception | None = None
    for front in fronts:
        for call_id in _calls_in_line(services, front.line):
            if not _is_idle(services, agent):
                return  # the other calls were decided about when they came, and will be when somebody else is free
            try:
                made = _find_agent(services, call_id, [agent])
            except Exception as problem:  # a call that cannot be decided about must not keep the agent from the others
                failed = problem
                continue
            if made is not None and _is_shut(made, agent):
                break
    if failed is not None:
        raise failed


def _calls_in_line(services: Services, line: str) -> list[str]:
    with services.database.read() as connection:
        return index.calls_in_line(services, connection, line)


def _is_idle(services: Services, agent: str) -> bool:
    with services.database.read() as connection:
        return agent_states.is_idle(connection, agent)


def _is_shut(made: Decision, agent: str) -> bool:
    """Whether the whole line has nothing for the agent, not only this call."""
    refusal = next((reason for reason, names in made.refused.items() if agent in names), None)
    return refusal in _OF_THE_LINE or (refusal is None and all(one.id != agent for one in made.awake))


def match_call(work: Work, call_id: str, claimed: set[str], also: Collection[str] = ()) -> Decision | None:
    """Offer one call to the best idle agent; say so at once when nobody who could take it is awake.

    ``also`` are considered besides those whom the index names, who are added to ``claimed`` for the caller to reindex.
    None where no agent is searched for, or the patient's telephone is in somebody's hand for another call.
    """
    legs.lock_call(work, call_id)
    row = work.connection.execute(
        select(waiting).where(waiting.c.call_id == call_id, waiting.c.state == "searching")
    ).first()
    if row is None:
        return None
    if row.callback and work.services.features.is_in_hand(work, call_id):
        set_timer(work, "search", call_id, work.at + IN_HAND_AGAIN, call_id=call_id)
        return None
    request, made = _offer_to_best(work, row, claimed, also)
    decisions.keep_decision(work, row, request, made)
    if made.chosen is None:
        _wait_on(work, row, made)
    return made


def _offer_to_best(
    work: Work, row: Row[Any], claimed: set[str], also: Collection[str]
) -> tuple[RoutingRequest, Decision]:
    """Decide until the agent who was chosen could be reserved, or nobody is left to choose."""
    bare, passed = routing_request.build(work, row), set[str]()
    while True:
        request = routing_request.with_candidates(work, row, bare, passed, {*also, *claimed})
        made = decide(request.question, work.at)
        claimed.update(one for one in (request.claimed, made.chosen and made.chosen.id) if one)
        if made.chosen is None and not request.is_stale:
            return request, made
        if made.chosen is not None and make_offer(work, row, made.chosen):
            return request, made
        passed.update(claimed)


def _wait_on(work: Work, row: Row[Any], made: Decision) -> None:
    """Nobody is idle: decide again later, or give up where nobody is awake."""
    if not made.awake and not row.callback:
        _give_up(work, row.call_id, "no-one-awake")
        return
    if made.awake and all_were_offered(made.awake, row.already_offered):
        work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(already_offered=[]))
    # Patients of a licensed line are in different states: what could serve one need not serve the first.
    first = made.standing.need.licensed_kind is not None or index.is_first(work.services, row.call_id)
    due_at = row.since + next_match_after(work.at - row.since, made.until, first=first)
    set_timer(work, "search", row.call_id, due_at, call_id=row.call_id)


def match_again(work: Work, call_id: str) -> None:
    """Time has relaxed what the call needs, or an agent has come on shift."""
    row = entry(work, call_id)
    # A shift begins for many calls at once, and the urgent ones are matched first.
    enqueue_match(work, call_id, urgency=row.urgency if row else "routine")


def end_max_wait(work: Work, call_id: str) -> None:
    """The caller has waited long enough: the flow decides what to offer instead."""
    _give_up(work, call_id, "too-long")


def _give_up(work: Work, call_id: str, why: str) -> None:
    dequeue(work, call_id)
    record(work, "nobody-came", call_id, why=why)
    for caller in legs.list_living(work, call_id, "caller"):
        answer_and_redirect(work, caller.id, NobodyCame(why), Wait)
