"""What an agent does with an offer, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import OFFER
from callflows.values import Offer
from callflows.vocabulary import AcceptOffer, Answer, DeclineOffer, Granted, Joined, Wait
from ivr.calls import legs
from ivr.calls.configuration import NO_PRACTICE, call_row, newest, pinned
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.calls.tables import leg as leg_table
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue import agent_states, call_index
from ivr.queue.entries import cancel_offers, search
from ivr.queue.estimates import learn
from ivr.queue.tables import offer, waiting

TRY_NEXT_AT_ONCE = timedelta()


def agent_view(work: Work, leg: Row[Any]) -> Offer:
    """What the agent is told before deciding, as it was when the offer was made."""
    row = _offer(work, leg.subject_id)
    about = call_row(work, leg.call_id)
    organisation = pinned(work, leg.call_id)
    stranger = about.practice_id == NO_PRACTICE
    name = organisation.operator.operator if stranger else organisation.practice(about.practice_id).name
    return Offer(practice=name, **row.about)


def accept(work: Work, leg: Row[Any], key: str, _effect: AcceptOffer) -> Answer:
    """The first to accept wins; whoever is late hears that the call is taken care of."""
    won = fire(work, OFFER, offer, leg.subject_id, "accept")
    return Granted(won, caller_here=bool(legs.list_living(work, leg.call_id, "caller")))


def decline(work: Work, leg: Row[Any], key: str, declined: DeclineOffer) -> None:
    """A spoken no frees the agent; silence or a machine rests them."""
    fire(work, OFFER, offer, leg.subject_id, "decline" if declined.reason == "declined" else "lapse")


def ring_over(work: Work, offer_id: str) -> None:
    """The phone rang long enough."""
    row = _offer(work, offer_id)
    legs.lock_call(work, row.call_id)
    answered = work.connection.execute(select(leg_table.c.answered_at).where(leg_table.c.id == row.leg_id)).scalar()
    if answered is None:
        fire(work, OFFER, offer, offer_id, "lapse")


def connect_agent(work: Work, offer_id: str) -> None:
    """The caller leaves the queue for the call's conference, where the agent is going too."""
    row = _offer(work, offer_id)
    agent_states.busy(work, row.agent_id, offer_id)
    cancel_timer(work, "ring_over", offer_id)
    cancel_timer(work, "patience", row.call_id)
    cancel_timer(work, "search", row.call_id)
    cancel_offers(work, row.call_id)
    work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(state="connected"))
    call_index.drop(work.services, row.call_id)
    record(work, "answered", row.call_id, agent=row.agent_id, offer=offer_id)
    for caller in legs.list_living(work, row.call_id, "caller"):
        answer_and_redirect(work, caller.id, Joined(row.agent_id, "agent", bool(row.about.get("interpreter"))), Wait)


def free_agent(work: Work, offer_id: str) -> None:
    """The agent can be asked again at once."""
    row = _offer(work, offer_id)
    agent_states.free(work, row.agent_id, offer_id, answered=row.state == "declined")


def rest_agent(work: Work, offer_id: str) -> None:
    """The agent is left alone for a while."""
    row = _offer(work, offer_id)
    agent_states.rest(work, row.agent_id, offer_id)
    record(work, "not-answered", row.call_id, agent=row.agent_id, offer=offer_id)


def hang_up_agent(work: Work, offer_id: str) -> None:
    """Stop the ringing, or end the leg that a machine answered."""
    cancel_timer(work, "ring_over", offer_id)
    legs.enqueue_hang_up(work, _offer(work, offer_id).leg_id)


def search_again(work: Work, offer_id: str) -> None:
    """Back to searching, for the next agent."""
    row = _offer(work, offer_id)
    offered = (waiting.c.call_id == row.call_id) & (waiting.c.state == "offered")
    moved = work.connection.execute(update(waiting).where(offered).values(state="searching"))
    if moved.rowcount:
        search(work, row.call_id, TRY_NEXT_AT_ONCE)


def ringing(work: Work, offer_id: str) -> None:
    """The ring timer runs from the first ring, not from when the call was queued in the outbound lane."""
    set_timer(work, "ring_over", offer_id, work.at + timedelta(seconds=ring_seconds(work, offer_id)))


def ring_seconds(work: Work, offer_id: str) -> int:
    """How long the agent's phone may ring."""
    leg_id = _offer(work, offer_id).leg_id
    return int(work.connection.execute(select(leg_table.c.ring_seconds).where(leg_table.c.id == leg_id)).scalar_one())


def leg_gone(work: Work, leg: Row[Any]) -> None:
    """The agent's leg ended: they are free or write the call up, and the length of their talk is remembered."""
    _release_agent(work, leg)
    learn(work, leg)


def _release_agent(work: Work, leg: Row[Any]) -> None:
    """An open offer lapses; an agent who talked writes the call up, or is free again."""
    row = _offer(work, leg.subject_id)
    if fire(work, OFFER, offer, row.id, "lapse") or row.state != "accepted":
        return
    length = _wrap_up(work, row)
    if length:
        agent_states.wrap_up(work, row.agent_id, row.id, length)
    else:
        agent_states.free(work, row.agent_id, row.id)


def _wrap_up(work: Work, row: Row[Any]) -> timedelta:
    practice = newest(work).practices.get(call_row(work, row.call_id).practice_id)
    settled = practice.services.get(row.about["service"]) if practice else None
    return (settled.wrap_up if settled else None) or timedelta()


def _offer(work: Work, offer_id: str) -> Row[Any]:
    return work.connection.execute(select(offer).where(offer.c.id == offer_id)).one()
