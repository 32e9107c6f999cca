"""Offers: a waiting call rings an agent, who accepts, declines or misses it, and what follows from that.

After a decline or a miss the call is searched for again: :func:`search_again` enqueues the next match.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select

from callflows.lifecycles.tables import OFFER, WAITING
from callflows.values import Offer
from callflows.vocabulary import AcceptOffer, Answer, DeclineOffer, Granted, Joined, Wait
from ivr.calls import legs
from ivr.calls.configuration import NO_PRACTICE, call_row, newest, pinned
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.calls.flow_view import sends_codes
from ivr.calls.tables import leg as leg_table
from ivr.calls.whereabouts import state_elsewhere
from ivr.core.state_machines import fire, fire_many
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.queue import agent_states, index
from ivr.queue.tables import offer, waiting
from ivr.queue.talk_lengths import learn_talk_length
from routing.agents import Agent
from routing.offering import RING

UNKNOWN_LEVEL = "L0"


def enqueue_match(work: Work, call_id: str, after: timedelta = timedelta(), urgency: str = "emergent") -> None:
    """Have an agent looked for, now or after a while."""
    outbox.put_item(work, "match", call_id, call_id=call_id, nonce=True, urgency=urgency, after=after)


def match_next(work: Work, call_id: str) -> None:
    """Look for an agent for the next call, because this one is about to leave the front of its line."""
    behind = index.next_in_line(work.services, call_id)
    if behind is not None:
        enqueue_match(work, behind)


def make_offer(work: Work, row: Row[Any], agent: Agent) -> bool:
    """Reserve the agent for a waiting call and ring their phone; False when the agent was taken meanwhile.

    The caller of this function has locked the call.
    """
    offer_id = work.services.ids()
    if not agent_states.reserve(work, agent.id, offer_id):
        return False
    leg_id = _create_agent_leg(work, row.call_id, agent, offer_id)
    _insert_offer(work, row, agent, offer_id, leg_id)
    _move_call(work, row.call_id, "offer", already_offered=[*row.already_offered, agent.id])
    legs.enqueue_dial(work, leg_id, row.urgency)
    set_timer(work, "ring_over", offer_id, work.at + 2 * RING, call_id=row.call_id)
    match_next(work, row.call_id)
    index.add_call(work.services, work.connection, row.call_id)
    record(work, "offered", row.call_id, agent=agent.id, offer=offer_id, pool=agent.pool.id)
    return True


def _create_agent_leg(work: Work, call_id: str, agent: Agent, offer_id: str) -> str:
    return legs.create_leg(
        work,
        call_id,
        "agent",
        "agent_offer",
        person_id=agent.id,
        subject_id=offer_id,
        address=agent.contact,
        ring_seconds=int(RING.total_seconds()),
    )


def _insert_offer(work: Work, row: Row[Any], agent: Agent, offer_id: str, leg_id: str) -> None:
    work.connection.execute(
        insert(offer).values(
            id=offer_id,
            call_id=row.call_id,
            agent_id=agent.id,
            leg_id=leg_id,
            state=OFFER.begins,
            about=_facts(work, row, agent),
            made_at=work.at,
        )
    )


def view_offer(work: Work, leg: Row[Any]) -> Offer:
    """What the agent is told before deciding, as it was when the offer was made."""
    row = _offer(work, leg.subject_id)
    about = call_row(work, leg.call_id)
    organisation = pinned(work, leg.call_id)
    stranger = about.practice_id == NO_PRACTICE
    name = organisation.operator.operator if stranger else organisation.practice(about.practice_id).name
    # Whoever picks up at a call-back was matched with nobody, so that no code can raise them.
    codes = not row.about.get("is_callback") and sends_codes(organisation, about.practice_id)
    return Offer(practice=name, codes=codes, **row.about)


def accept_offer(work: Work, leg: Row[Any], key: str, _effect: AcceptOffer) -> Answer:
    """The first to accept wins; an agent who is late hears that the call is taken care of."""
    won = fire(work, OFFER, offer, leg.subject_id, "accept")
    return Granted(won, caller_here=bool(legs.list_living(work, leg.call_id, "caller")))


def decline_offer(work: Work, leg: Row[Any], key: str, declined: DeclineOffer) -> None:
    """A spoken no frees the agent; silence or a machine sets them aside. The call is searched for again."""
    fire(work, OFFER, offer, leg.subject_id, "decline" if declined.reason == "declined" else "lapse")


def lapse_unanswered(work: Work, offer_id: str) -> None:
    """The phone rang long enough: the offer lapses, unless somebody has picked up."""
    row = _offer(work, offer_id)
    legs.lock_call(work, row.call_id)
    answered = work.connection.execute(select(leg_table.c.answered_at).where(leg_table.c.id == row.leg_id)).scalar()
    if answered is None:
        fire(work, OFFER, offer, offer_id, "lapse")


def cancel_offers(work: Work, call_id: str) -> None:
    """Stop every phone that still rings for this call."""
    still_open = select(offer.c.id).where(offer.c.call_id == call_id, offer.c.state == "open")
    for offer_id in work.connection.execute(still_open.order_by(offer.c.agent_id)).scalars().all():
        fire(work, OFFER, offer, offer_id, "cancel")


def _list_rung(work: Work, call_id: str) -> list[str]:
    still_open = select(offer.c.agent_id).where(offer.c.call_id == call_id, offer.c.state == "open")
    return list(work.connection.execute(still_open).scalars())


def connect_agent(work: Work, offer_id: str) -> None:
    """The caller leaves the queue for the call's conference, where the agent is going too."""
    row = _offer(work, offer_id)
    agent_states.lock(work, row.agent_id, *_list_rung(work, row.call_id))
    agent_states.start_call(work, row.agent_id, offer_id)
    cancel_timer(work, "ring_over", offer_id)
    cancel_timer(work, "patience", row.call_id)
    cancel_timer(work, "search", row.call_id)
    cancel_offers(work, row.call_id)
    _move_call(work, row.call_id, "connect")
    index.remove_call(work.services, row.call_id)
    record(work, "answered", row.call_id, agent=row.agent_id, offer=offer_id)
    for caller in legs.list_living(work, row.call_id, "caller"):
        answer_and_redirect(work, caller.id, Joined(row.agent_id, "agent", bool(row.about.get("interpreter"))), Wait)


def free_agent(work: Work, offer_id: str) -> None:
    """The agent did not get the call and is offered others at once."""
    row = _offer(work, offer_id)
    agent_states.release(work, row.agent_id, offer_id, answered=row.state == "declined")


def rest_agent(work: Work, offer_id: str) -> None:
    """The agent is left alone for a while."""
    row = _offer(work, offer_id)
    agent_states.set_not_ready(work, row.agent_id, offer_id)
    record(work, "not-answered", row.call_id, agent=row.agent_id, offer=offer_id)


def hang_up_agent(work: Work, offer_id: str) -> None:
    """Stop the ringing, or end the leg that a machine answered."""
    cancel_timer(work, "ring_over", offer_id)
    legs.enqueue_hang_up(work, _offer(work, offer_id).leg_id)


def search_again(work: Work, offer_id: str) -> None:
    """Back to searching: the next agent is looked for at once."""
    row = _offer(work, offer_id)
    if _move_call(work, row.call_id, "search-again"):
        enqueue_match(work, row.call_id)


def start_ring_timer(work: Work, offer_id: str) -> None:
    """The ring timer runs from the first ring, not from when the call was queued in the outbound lane."""
    row = _offer(work, offer_id)
    rings_for = select(leg_table.c.ring_seconds).where(leg_table.c.id == row.leg_id)
    due_at = work.at + timedelta(seconds=int(work.connection.execute(rings_for).scalar_one()))
    set_timer(work, "ring_over", offer_id, due_at, call_id=row.call_id)


def end_agent_leg(work: Work, leg: Row[Any]) -> None:
    """The agent's leg ended: they are free or write the call up, and the length of their talk is remembered."""
    _release_agent(work, leg)
    learn_talk_length(work, leg)


def _release_agent(work: Work, leg: Row[Any]) -> None:
    """An open offer lapses; an agent who talked writes the call up, or is free again."""
    row = _offer(work, leg.subject_id)
    if fire(work, OFFER, offer, row.id, "lapse") or row.state != "accepted":
        return
    agent_states.end_call(work, row.agent_id, row.id, _wrap_up(work, row))


def _wrap_up(work: Work, row: Row[Any]) -> timedelta:
    practice = newest(work).practices.get(call_row(work, row.call_id).practice_id)
    settled = practice.services.get(row.about["service"]) if practice else None
    return (settled.wrap_up if settled else None) or timedelta()


def _facts(work: Work, row: Row[Any], agent: Agent) -> dict[str, Any]:
    """What the agent hears of the call, as :class:`callflows.values.Offer` has it."""
    about = call_row(work, row.call_id)
    return {
        "service": row.service,
        "caller_language": row.language,
        "urgency": row.urgency,
        "waited_seconds": max(0, int((work.at - row.since).total_seconds())),
        # Whoever picks up at a call-back has not been asked who they are: others may share the number.
        "identity_level": UNKNOWN_LEVEL if row.callback else about.identity_level,
        "is_callback": row.callback,
        "missed": agent_states.count_misses(work, agent.id),
        "patient_state": state_elsewhere(work, about),
        # Only where there is one: the release before, which reads offers beside this one, does not know it.
        **({"relation": about.relation} if about.relation and not row.callback else {}),
        "interpreter": row.language not in agent.languages and newest(work).interprets(row.language),
    }


def _move_call(work: Work, call_id: str, event: str, **columns: Any) -> bool:
    moved = fire_many(WAITING, waiting, event, **columns).where(waiting.c.call_id == call_id)
    return work.connection.execute(moved).rowcount == 1


def _offer(work: Work, offer_id: str) -> Row[Any]:
    return work.connection.execute(select(offer).where(offer.c.id == offer_id)).one()
