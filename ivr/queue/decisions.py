"""Every decision of the queue as it is kept: the question and the answer, to be read and to be decided again.

A decision is kept as long as its call. It tells two things about a patient, the state where they are and the sites that
may not serve them; the rest is needs, codes, agents and instants.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.queue.routing_request import RoutingRequest, crew_of, schedule_of
from ivr.queue.tables import decision as kept
from ivr.queue.tables import waiting
from routing.agents import Available, Need
from routing.decide import Decision, Known, Question, decide

FEW = 8
"""How many agents are named for each reason, and how many of those ranked; deciding again names the others."""

_SECOND = timedelta(seconds=1)
_LENGTHS = ("overflow_after", "edge_margin")
_LISTS = ("pools", "barred")


@dataclass(frozen=True, slots=True)
class Again:
    """A decision that was made again. ``same``: the answer is the one that was kept."""

    question: Question
    decision: Decision
    same: bool


def keep_decision(work: Work, row: Row[Any], request: RoutingRequest, made: Decision) -> None:
    """Write a decision down. One that leaves a caller waiting for the same reasons as the last adds nothing."""
    answer = write_answer(made)
    digest = sha256(json.dumps(_gist(answer), sort_keys=True).encode()).hexdigest()
    if made.chosen is None and digest == row.decided:
        return
    work.connection.execute(
        insert(kept).values(
            call_id=row.call_id,
            at=work.at,
            revision_id=request.revision,
            relaxation_step=made.standing.number,
            chosen=made.chosen.id if made.chosen else None,
            question=_write_question(request),
            answer=answer,
        )
    )
    work.connection.execute(update(waiting).where(waiting.c.call_id == row.call_id).values(decided=digest))


def read_decisions(connection: Connection, call_id: str) -> Sequence[Row[Any]]:
    """Every decision about a call, the first one first."""
    return connection.execute(select(kept).where(kept.c.call_id == call_id).order_by(kept.c.id)).all()


def decide_again(connection: Connection, row: Row[Any]) -> Again:
    """Decide the same question again, with the organisation as it was."""
    question = _read_question(load(connection, row.revision_id), row.question)
    made = decide(question, row.at)
    chosen = made.chosen.id if made.chosen else None
    return Again(question, made, (write_answer(made), chosen) == (row.answer, row.chosen))


def write_answer(made: Decision) -> dict[str, Any]:
    """An answer as it is kept: lengths in seconds, instants in ISO 8601, reasons with their count and a few names."""
    return {
        "need": _need_written(made.standing.need),
        "until": None if made.until is None else made.until / _SECOND,
        "refused": {reason: [len(names), list(names[:FEW])] for reason, names in made.refused.items()},
        "eligible": len(made.ranked),
        "ranked": [
            [one.agent.id, one.known, one.speaks, one.shift_penalty, one.level, one.idle_since.isoformat()]
            for one in made.ranked[:FEW]
        ],
        "awake": len(made.awake),
    }


def _gist(answer: Mapping[str, Any]) -> list[Any]:
    return [answer["need"], answer["until"], list(answer["refused"]), answer["awake"] > 0, answer["eligible"] > 0]


def _write_question(request: RoutingRequest) -> dict[str, Any]:
    question = request.question
    return {
        "need": _need_written(question.need),
        "location": request.location,
        "waited": question.waited / _SECOND,
        "known": question.known and [question.known.agent, question.known.reserved / _SECOND],
        "away": _away(question),
        "doing": {one.agent.id: [one.doing, one.idle_since.isoformat()] for one in question.candidates},
    }


def _away(question: Question) -> list[str]:
    return [one.id for one in question.crew.agents if one.id in question.away] if question.away else []


def _read_question(organisation: Organisation, written: Mapping[str, Any]) -> Question:
    need = _need_read(written["need"])
    crew, doing, known = crew_of(organisation, need, written["location"]), written["doing"], written["known"]
    states = ((agent, doing[agent.id]) for agent in crew.agents if agent.id in doing)
    return Question(
        need=need,
        waited=written["waited"] * _SECOND,
        crew=crew,
        candidates=tuple(Available(agent, datetime.fromisoformat(since), state) for agent, (state, since) in states),
        schedule=schedule_of(organisation, need),
        known=Known(known[0], known[1] * _SECOND) if known else None,
        away=frozenset(written.get("away", ())),  # of a decision made before anybody could sign out there is none
    )


def _need_written(need: Need) -> dict[str, Any]:
    plain = asdict(need)
    lengths = {name: None if plain[name] is None else plain[name] / _SECOND for name in _LENGTHS}
    lists = {name: None if plain[name] is None else list(plain[name]) for name in _LISTS}
    return {**plain, **lengths, **lists}


def _need_read(plain: Mapping[str, Any]) -> Need:
    lengths = {name: None if plain[name] is None else plain[name] * _SECOND for name in _LENGTHS}
    lists = {name: None if plain[name] is None else tuple(plain[name]) for name in _LISTS}
    return Need(**{**plain, **lengths, **lists})
