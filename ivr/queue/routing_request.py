"""The routing request of a waiting call: what it needs, how long it has waited, and which agents are candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from ivr.calls.configuration import call_row, pinned_of
from ivr.calls.tables import call
from ivr.closures.register import live_calendar
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.patients.tables import patient
from ivr.queue import agent_states, index
from ivr.queue.index.lines import is_configured
from ivr.queue.tables import offer
from routing.agents import ANY_LANGUAGE, ANYBODY, Available, Need
from routing.crew import Crew
from routing.decide import Known, Question, awake, stand
from routing.hours import is_open, state
from routing.relax import Schedule
from routing.whereabouts import state_to_ask_for

MOST_CANDIDATES = 50
"""How many agents who may take a call are looked up, besides the best who are idle: of a smaller crew a decision tells
what each of them was doing."""


@dataclass(frozen=True, slots=True)
class RoutingRequest:
    """A question for routing, the revision of the organisation that it is asked of, and the location called.

    ``claimed`` is the agent whom the index named, who stays claimed until reindexed.
    """

    question: Question
    revision: int
    location: str
    claimed: str | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the index named somebody who is not idle, or may not take the call any more."""
        return self.claimed is not None and not any(
            one.agent.id == self.claimed and one.doing == "idle" for one in self.question.candidates
        )


def build(work: Work, row: Row[Any]) -> RoutingRequest:
    """The request of the call in this row of ``waiting``, without candidates yet."""
    revision = current(work.connection)
    organisation, about = load(work.connection, revision), call_row(work, row.call_id)
    need = _need(work, organisation, row, about)
    question = Question(
        need=need,
        # A clock that was set back, or a transaction that waited for its turn, may be at an instant before the arrival.
        waited=max(work.at - row.since, timedelta()),
        crew=crew_of(organisation, need, about.location_id),
        schedule=schedule_of(organisation, need),
        known=None if need.skill == ANYBODY else _known(work, organisation, row, about),
        away=agent_states.read_signed_out(work),
    )
    return RoutingRequest(question, revision or 0, about.location_id)


def with_candidates(
    work: Work, row: Row[Any], request: RoutingRequest, passed: Collection[str], also: Iterable[str] = ()
) -> RoutingRequest:
    """The request with its candidates: the best idle agent, the first of those who may take the call, and ``also``.

    The best is claimed, and is none of the ``passed`` nor of those whom the call was already offered to.
    """
    question = request.question
    need = stand(question, work.at).need
    best = index.claim_best_agent(work, question.crew, need, {*passed, *row.already_offered})
    wanted = {best, *also, question.known.agent if question.known else None}
    able = awake(question, work.at)
    found = dict.fromkeys((*islice(able, MOST_CANDIDATES), *(agent for agent in able if agent.id in wanted)))
    available = agent_states.read_availability(work, tuple(found))
    candidates = tuple(_unless_offered(one, row.already_offered) for one in available)
    return replace(request, question=replace(question, candidates=candidates), claimed=best)


def crew_of(organisation: Organisation, need: Need, location: str) -> Crew:
    """The agents who may be considered at all for a need."""
    if need.skill == ANYBODY:
        return organisation.rosters.anybody(need.pools)
    return organisation.crew(need.practice, location)


def schedule_of(organisation: Organisation, need: Need) -> Schedule:
    """What a need gives up while its caller waits."""
    return () if need.skill == ANYBODY else organisation.schedule(need.practice, need.service, need.language)


def _need(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Need:
    if row.pool or not is_configured(organisation, about.practice_id, about.location_id, row.service):
        return _last_resort_need(work, organisation, row, about)
    hours = live_calendar(work.connection, organisation, about.practice_id, about.location_id, work.at)
    called = organisation.location(about.practice_id, about.location_id).state
    licensed = organisation.service(about.practice_id, row.service).licensed
    return organisation.need(
        about.practice_id,
        row.service,
        row.language,
        state_to_ask_for(about.patient_state, called, licensed=licensed),
        opening=is_open(hours, work.at),
        location=about.location_id,
        closed_at_once=state(hours, work.at).reason == "emergency",
        payer=_payer(work, about),
    )


def _last_resort_need(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Need:
    """The need for the operator's last resort: of strangers, and of callers whose service has been taken out since."""
    wanted = pinned_of(work, about).practices.get(about.practice_id)
    service = wanted.services.get(row.service) if wanted and not row.pool else None
    return Need(
        about.practice_id,
        ANYBODY,
        ANYBODY,
        language=ANY_LANGUAGE,
        licensed_kind=service.licence if service and service.licensed else None,
        patient_state=about.patient_state or None,
        pools=(row.pool or organisation.operator.fallback.pool,),
    )


def _payer(work: Work, about: Row[Any]) -> str | None:
    """Who pays for the patient, where it is known who the patient is."""
    if about.patient_id is None:
        return None
    sealed = work.connection.execute(select(patient.c.payer_sealed).where(patient.c.id == about.patient_id)).scalar()
    return work.services.cipher.open(about.practice_id, "payer", sealed) if sealed else None


def _unless_offered(one: Available, already_offered: Collection[str]) -> Available:
    """An idle agent who was offered the call before is refused as "asked", the word that decisions keep."""
    return replace(one, doing="asked") if one.doing == "idle" and one.agent.id in already_offered else one


def _known(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Known | None:
    """Who took the last call from this phone. Nothing is reserved for them where it is urgent."""
    rule = organisation.practice(about.practice_id).known_agent
    if about.caller_hash is None:
        return None
    agent_id = last_agent(work.connection, about, rule.lately)
    if agent_id is None:
        return None
    return Known(agent_id, rule.reserved if row.urgency == "routine" else timedelta())


def last_agent(connection: Connection, about: Row[Any], lately: timedelta) -> str | None:
    """Who took the last call before this one from its phone, for the same patient or for nobody known.

    What is known of a patient's agent is nobody else's business, so a caller who is not known is not brought to them.
    """
    same_phone = (call.c.practice_id == about.practice_id) & (call.c.caller_hash == about.caller_hash)
    before = (call.c.created_at < about.created_at) & (call.c.created_at >= about.created_at - lately)
    # As in routing/same_person.py: what somebody known left behind on a number is theirs alone.
    nobody_else = or_(call.c.patient_id.is_(None), call.c.patient_id == about.patient_id)
    taken_calls = select(offer.c.agent_id).join(call, call.c.id == offer.c.call_id).where(offer.c.state == "accepted")
    found = taken_calls.where(same_phone, before, nobody_else)
    agent: str | None = connection.execute(found.order_by(offer.c.made_at.desc(), offer.c.id).limit(1)).scalar()
    return agent
