"""One decision: who is offered a waiting call now, why nobody else, and when to look again.

Everything it depends on is in the :class:`Question`, so that whoever keeps the question can have the answer again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing.agents import Agent, Available, Need
from routing.eligible import ORDER, first_refusal, is_eligible
from routing.hours import is_open, open_spans
from routing.prefer import Ranked, rank
from routing.relax import USUAL, Schedule, Standing, ladder, standing

RESERVED = "reserved"
"""The reason of those who are asked only when the band of the known agent is over."""

AHEAD = timedelta(hours=1)
"""How far ahead it is looked for who comes to work."""

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
    """A caller who has waited for ``waited``, what they need, and who is there."""

    need: Need
    waited: timedelta
    candidates: Sequence[Available]
    schedule: Schedule = USUAL
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``ranked``: who may be offered the call now, best first; the first is the one chosen.

    ``refused``: the others by their first reason, in the order of :data:`routing.eligible.ORDER`. ``awake``: whoever
    in shift could take the call on some rung, busy or not; with nobody there is nothing to wait for. ``until``: the
    wait at which the answer may change by itself, by the next rung, the end of a band or the next to come to work.
    """

    standing: Standing
    ranked: tuple[Ranked, ...]
    refused: Mapping[str, tuple[str, ...]] = field(hash=False)
    awake: tuple[Agent, ...]
    until: timedelta | None

    @property
    def chosen(self) -> Agent | None:
        """Who is offered the call."""
        return self.ranked[0].agent if self.ranked else None


def decide(question: Question, at: datetime) -> Decision:
    """Who is offered the call at the instant, and why nobody else."""
    need, agents = question.need, [one.agent for one in question.candidates]
    widest = ladder(need, question.schedule)[-1].need
    awake = tuple(agent for agent in agents if is_eligible(agent, widest, at))
    here = standing(need, question.waited, question.schedule, _anyone(awake, at))
    answers = {one.agent.id: first_refusal(one, here.need, at) for one in question.candidates}
    held = _held(question, here.need, at)
    if held:
        answers = {name: _unless_known(name, reason, held.agent) for name, reason in answers.items()}
    eligible = [one for one in question.candidates if answers[one.agent.id] is None]
    known = question.known.agent if question.known else None
    return Decision(
        standing=here,
        ranked=rank(eligible, here.need, at, known=known),
        refused=_grouped(answers),
        awake=awake,
        until=_soonest(here.until, held.reserved if held else None, _next_shift(question, at)),
    )


def _anyone(awake: Sequence[Agent], at: datetime) -> Callable[[Need], bool]:
    return lambda need: any(is_eligible(agent, need, at) for agent in awake)


def _held(question: Question, need: Need, at: datetime) -> Known | None:
    known = question.known
    if known is None or question.waited >= known.reserved:
        return None
    found = next((one for one in question.candidates if one.agent.id == known.agent), None)
    worth_it = found is not None and found.doing in _WORTH_WAITING_FOR and is_eligible(found.agent, need, at)
    return known if worth_it else None


def _next_shift(question: Question, at: datetime) -> timedelta | None:
    """The wait at which somebody comes to work within :data:`AHEAD`."""
    calendars = {one.agent.calendar for one in question.candidates}
    away = (calendar for calendar in calendars if not is_open(calendar, at))
    coming = (next(open_spans(calendar, at, at + AHEAD), None) for calendar in away)
    return _soonest(*(question.waited + (shift.start - at) for shift in coming if shift is not None))


def _soonest(*waits: timedelta | None) -> timedelta | None:
    return min((wait for wait in waits if wait is not None), default=None)


def _unless_known(name: str, reason: str | None, known: str) -> str | None:
    return RESERVED if reason is None and name != known else reason


def _grouped(answers: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    by_reason: dict[str, list[str]] = {}
    for name, reason in answers.items():
        if reason is not None:
            by_reason.setdefault(reason, []).append(name)
    return {reason: tuple(by_reason[reason]) for reason in (*ORDER, RESERVED) if reason in by_reason}
