"""What a waiting call asks, and of whom: the question that routing decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from ivr.calls.tables import call
from ivr.closures.keeping import live_calendar
from ivr.directory.lookups import STRANGER, call_row
from ivr.directory.organisation import Organisation
from ivr.directory.patients.tables import patient
from ivr.directory.revisions import current, load
from ivr.waiting import agents
from ivr.waiting.tables import offer
from ivr.work import Work
from routing.agents import Agent, Available, Doing, Need
from routing.decide import Known, Question
from routing.hours import is_open, state
from routing.whereabouts import state_to_ask_for

ANYBODY = "fallback"
"""The skill that the operator's last resort asks for: whoever is on shift in the pool has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the revision of the organisation that it was asked of, and the location called."""

    question: Question
    revision: int
    location: str


def asked(work: Work, row: Row[Any]) -> Asked:
    """The question of the call in this row of the waiting room, as things are now."""
    revision = current(work.connection)
    organisation, about = load(work.connection, revision), call_row(work, row.call_id)
    need = _need(work, organisation, row, about)
    there = agents.doing(work, candidates(organisation, need, about.location_id))
    question = Question(
        need=need,
        waited=work.at - row.since,
        candidates=tuple(_after(one, row.tried) for one in there),
        schedule=schedule_of(organisation, need),
        known=None if need.skill == ANYBODY else _known(work, organisation, row, about),
    )
    return Asked(question, revision or 0, about.location_id)


def taken(before: Asked, agent: Agent) -> Asked:
    """The same question when somebody else was quicker with the agent."""
    there = before.question.candidates
    now = tuple(replace(one, doing="offered") if one.agent.id == agent.id else one for one in there)
    return replace(before, question=replace(before.question, candidates=now))


def candidates(organisation: Organisation, need: Need, location: str) -> tuple[Agent, ...]:
    """Who may be asked at all for a need."""
    if need.skill != ANYBODY:
        return organisation.agents_of(need.practice, location)
    return tuple(
        replace(agent, skills={**agent.skills, ANYBODY: 1}, languages=agent.languages | {need.language})
        for agent in organisation.agents.values()
        if need.pools is None or agent.pool.id in need.pools
    )


def schedule_of(organisation: Organisation, need: Need) -> tuple[Any, ...]:
    """What a need gives up while its caller waits."""
    return () if need.skill == ANYBODY else organisation.schedule(need.practice, need.service, need.language)


def doing_now(question: Question) -> Mapping[str, tuple[Doing, Any]]:
    """What each candidate is doing and since when, but for those of whom nothing was ever written."""
    told = (one for one in question.candidates if (one.doing, one.idle_since) != ("idle", agents.NEVER))
    return {one.agent.id: (one.doing, one.idle_since) for one in told}


def _need(work: Work, organisation: Organisation, row: Row[Any], about: Row[Any]) -> Need:
    if row.pool or about.practice_id == STRANGER:
        pools = (row.pool or organisation.operator.fallback.pool,)
        return Need(about.practice_id, ANYBODY, ANYBODY, language="any", pools=pools)
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
    agent_id = work.connection.execute(_last_agent(about, rule.lately)).scalar()
    if agent_id is None:
        return None
    return Known(agent_id, rule.reserved if row.urgency == "routine" else timedelta())


def _last_agent(about: Row[Any], lately: timedelta) -> Any:
    same_phone = (call.c.practice_id == about.practice_id) & (call.c.caller_hash == about.caller_hash)
    before = (call.c.created_at < about.created_at) & (call.c.created_at >= about.created_at - lately)
    nobody_else = or_(call.c.patient_id.is_(None), call.c.patient_id == about.patient_id)
    taken_calls = select(offer.c.agent_id).join(call, call.c.id == offer.c.call_id).where(offer.c.state == "accepted")
    found = taken_calls.where(same_phone, before, *([nobody_else] if about.patient_id else []))
    return found.order_by(offer.c.made_at.desc(), offer.c.id).limit(1)
