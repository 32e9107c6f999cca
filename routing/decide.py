"""One decision: who is offered a waiting call now, why nobody else, and when to look again.

:func:`choose` tells who and until when, :func:`decide` also why nobody else, for whoever is to read it.

Everything it depends on is in the :class:`Question`, so that whoever keeps the question can have the answer again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing.agents import Agent, Available, Need
from routing.crew import Crew
from routing.eligible import ORDER, first_refusal, is_eligible
from routing.prefer import Ranked, rank
from routing.relax import USUAL, Schedule, Standing, relaxation_steps, standing

RESERVED = "reserved"
"""The reason of those who are asked only when the band of the known agent is over."""

_WORTH_WAITING_FOR = ("idle", "offered", "busy", "wrap-up")


@dataclass(frozen=True, slots=True)
class Known:
    """An agent who spoke to the patient lately, and how long after arrival the call is kept for them alone.

    It is kept only while they are at work and may take it; while they are at another call too.
    """

    agent: str
    reserved: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Question:
    """A caller who has waited for ``waited``, what they need, and of whom.

    ``crew`` are all who may be asked at all. ``candidates`` are those of whom it was looked up what they are doing: the
    best who were idle at least, in a small crew everybody who may take the call. ``away`` are those who signed out, for
    whom nobody waits.
    """

    need: Need
    waited: timedelta
    crew: Crew
    candidates: Sequence[Available] = ()
    schedule: Schedule = USUAL
    known: Known | None = None
    away: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """``ranked``: the candidates who may be offered the call now, best first; the first is the one chosen.

    ``awake``: whoever is in shift, not away, and could take it on some relaxation step, busy or not; with nobody there
    is nothing to wait for. ``until``: the wait at which the answer may change by itself: the next relaxation step
    begins, a band ends, or somebody comes to work.
    """

    standing: Standing
    ranked: tuple[Ranked, ...]
    awake: tuple[Agent, ...]
    until: timedelta | None

    @property
    def chosen(self) -> Agent | None:
        """Who is offered the call."""
        return self.ranked[0].agent if self.ranked else None


@dataclass(frozen=True, slots=True)
class Decision(Choice):
    """A choice explained.

    ``refused``: by their first reason, in the order of :data:`routing.eligible.ORDER`, the other candidates, those who
    are away, and of the whole crew those who could take the call on no relaxation step, whatever they are doing.
    """

    refused: Mapping[str, tuple[str, ...]] = field(hash=False)


def stand(question: Question, at: datetime) -> Standing:
    """The relaxation step on which the caller stands."""
    return standing(question.need, question.waited, question.schedule, lambda need: bool(_there(question, need, at)))


def awake(question: Question, at: datetime) -> tuple[Agent, ...]:
    """Whoever is in shift, not away, and could take the call on some relaxation step."""
    return _there(question, widest(question), at)


def widest(question: Question) -> Need:
    """What is asked for on the last relaxation step."""
    return relaxation_steps(question.need, question.schedule)[-1].need


def choose(question: Question, at: datetime) -> Choice:
    """Who is offered the call at the instant."""
    return _weighed(question, at)[0]


def decide(question: Question, at: datetime) -> Decision:
    """Who is offered the call at the instant, and why nobody else."""
    made, answers = _weighed(question, at)
    never = question.crew.refused(widest(question), at)
    return Decision(made.standing, made.ranked, made.awake, made.until, _grouped(never, answers))


def _weighed(question: Question, at: datetime) -> tuple[Choice, Mapping[str, str | None]]:
    """The choice, and of every candidate why they are not offered the call."""
    here, at_last = stand(question, at), widest(question)
    names = question.crew.names(at_last, at)
    candidates = [one for one in question.candidates if one.agent.id in names]
    answers = {one.agent.id: first_refusal(one, here.need, at) for one in candidates}
    if question.away:
        answers |= {one.id: "away" for one in question.crew.able(at_last, at) if one.id in question.away}
    held = _held(question.known, question.waited, candidates, here.need, at)
    if held:
        answers = {name: _unless_known(name, reason, held.agent) for name, reason in answers.items()}
    eligible = [one for one in candidates if answers[one.agent.id] is None]
    known = question.known.agent if question.known else None
    ranked, able = rank(eligible, here.need, at, known=known), _there(question, at_last, at)
    return Choice(here, ranked, able, _until(question, here, held, at)), answers


def _until(question: Question, here: Standing, held: Known | None, at: datetime) -> timedelta | None:
    coming = question.crew.next_shift(at)
    return _soonest(
        here.until,
        held.reserved if held else None,
        question.waited + (coming - at) if coming else None,
    )


def _there(question: Question, need: Need, at: datetime) -> tuple[Agent, ...]:
    able = question.crew.able(need, at)
    return tuple(one for one in able if one.id not in question.away) if question.away else able


def _held(
    known: Known | None, waited: timedelta, candidates: Sequence[Available], need: Need, at: datetime
) -> Known | None:
    if known is None or waited >= known.reserved:
        return None
    found = next((one for one in candidates if one.agent.id == known.agent), None)
    worth_it = found is not None and found.doing in _WORTH_WAITING_FOR and is_eligible(found.agent, need, at)
    return known if worth_it else None


def _soonest(*waits: timedelta | None) -> timedelta | None:
    return min((wait for wait in waits if wait is not None), default=None)


def _unless_known(name: str, reason: str | None, known: str) -> str | None:
    return RESERVED if reason is None and name != known else reason


def _grouped(never: Mapping[str, tuple[str, ...]], answers: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    now: dict[str, list[str]] = {}
    for name, reason in answers.items():
        if reason is not None:
            now.setdefault(reason, []).append(name)
    reasons = (reason for reason in (*ORDER, RESERVED) if reason in never or reason in now)
    return {reason: never.get(reason, ()) + tuple(now.get(reason, ())) for reason in reasons}
