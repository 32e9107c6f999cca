"""What a waiting call asks, and of whom: the question that routing decides."""

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

LOOKED_AT = 50
"""Of how many who may take a call it is looked up what they do, besides the best who are idle: in a crew with fewer a
decision tells what each of them was doing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the revision of the organisation that it was asked of, and the location called.

    ``nominated`` is whom the index of idle agents named, who is claimed until settled.
    """

    question: Question
    revision: int
    location: str
    nominated: str | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the index named somebody who is not idle, or may not take the call any more."""
        return self.nominated is not None and not any(
            one.agent.id == self.nominated and one.doing == "idle" for one in self.question.candidates
        )


def asked(work: Work, row: Row[Any]) -> Asked:
    """The question of the call in this row of the waiting room, before it is looked at anybody."""
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
        away=agent_states.away(work),
    )
    return Asked(question, revision or 0, about.location_id)


def looked_at(work: Work, row: Row[Any], before: Asked, passed: Collection[str], also: Iterable[str] = ()) -> Asked:
    """The same with the best idle who is none of the ``passed``, the first of those who may take it, and ``also``."""
    question = before.question
    need = stand(question, work.at).need
    best = index.claim_best_agent(work, question.crew, need, {*passed, *row.tried})
    wanted = {best, *also, question.known.agent if question.known else None}
    able = awake(question, work.at)
    found = dict.fromkeys((*islice(able, LOOKED_AT), *(agent for agent in able if agent.id in wanted)))
    there = (_after(one, row.tried) for one in agent_states.read_availability(work, tuple(found)))
    return replace(before, question=replace(question, candidates=tuple(there)), nominated=best)


def crew_of(organisation: Organisation, need: Need, location: str) -> Crew:
    """Who may be asked at all for a need."""
    if need.skill == ANYBODY:
        return organisation.rosters.anybody(need.pools)
    return organisation.crew(need.practice, location)


def schedule_of(organisation: Organisation, need: Need) -> Schedule:
    """What a need gives up while its caller waits."""
    return () if need.skill == ANYBODY else organisation.schedule(need.practice, need.service, need.language)


def _need(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Need:
    if row.pool or not is_configured(organisation, about.practice_id, about.location_id, row.service):
        return _of_the_house(work, organisation, row, about)
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


def _of_the_house(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Need:
    """Of the operator's last resort: for strangers, and for whoever asked for what has been taken out since."""
    asked_for = pinned_of(work, about).practices.get(about.practice_id)
    service = asked_for.services.get(row.service) if asked_for and not row.pool else None
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


def _after(one: Available, tried: list[str]) -> Available:
    return replace(one, doing="asked") if one.doing == "idle" and one.agent.id in tried else one


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
    """Who took the last call before this one from its phone, for the same patient or for nobody known."""
    same_phone = (call.c.practice_id == about.practice_id) & (call.c.caller_hash == about.caller_hash)
    before = (call.c.created_at < about.created_at) & (call.c.created_at >= about.created_at - lately)
    nobody_else = or_(call.c.patient_id.is_(None), call.c.patient_id == about.patient_id)
    taken_calls = select(offer.c.agent_id).join(call, call.c.id == offer.c.call_id).where(offer.c.state == "accepted")
    found = taken_calls.where(same_phone, before, *([nobody_else] if about.patient_id else []))
    agent: str | None = connection.execute(found.order_by(offer.c.made_at.desc(), offer.c.id).limit(1)).scalar()
    return agent
