"""How long callers must listen, at worst, until they are helped: a figure computed over everything that was walked.

Helped means that somebody is looked for, a call-back is promised, or the 911 words are said. The caller is as slow as
the line allows: each prompt is heard to its end, each answer comes when the time for it runs out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from callflows.prompts import Line
from callflows.proof.events import TELLS_911, effect_of, lines_of, prompts_of
from callflows.proof.graph import Edge, Report, State, ends_first, leaving, once_each
from callflows.proof.possible import HANG_UP
from callflows.vocabulary import (
    Answer,
    Ask,
    EnterWaitingRoom,
    Fact,
    LeaveMessage,
    OpenPromise,
    Pressed,
    Request,
    Silence,
    Spoke,
    StartEscalation,
)
from callflows.vocabulary.hearing import CALM

SECONDS_A_WORD = 60 / 150
"""Voices of the phone network say about 150 words a minute."""
SPEAKING = 10.0
"""Seconds for an answer in words, once it has begun."""
EACH_KEY = 1.0
"""Seconds for each further key of a number."""
ELSEWHERE = 10.0
"""Seconds for a fact that another system is asked for."""


@dataclass(frozen=True, slots=True)
class Slowest:
    """Seconds from the first word until a caller is helped, at worst.

    ``first`` is the first answer to the first question that offers something to choose, but for the language; ``then``
    is it where the caller, having given that answer, neither says nor presses anything more.
    """

    language: str
    first: str
    seconds: int
    then: int


def slowest(report: Report) -> tuple[Slowest, ...]:
    """The figures for each language and first answer, the slowest first.

    Whoever hangs up is left out. Empty where there is no such question; exact, as the graph is.
    """
    onward = leaving(report.states, report.edges)
    order = ends_first(onward)
    heard = once_each(_heard)
    legs = [[_leg(state, edge, heard) for edge in onward[state.number]] for state in report.states]
    any_way, silent = _until_helped(legs, order, silently=False), _until_helped(legs, order, silently=True)
    before = _until_asked(report, legs, order)
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for state in _first_choices(report.states):
        for leg in filter(_is_first_answer, legs[state.number]):
            name = (_language(state.request), _named(leg.answer))
            here = before[state.number] + leg.seconds
            worst, then = found.get(name, (0.0, 0.0))
            found[name] = max(worst, here + _onward(leg, any_way)), max(then, here + _onward(leg, silent))
    slow = [Slowest(*name, round(worst), round(then)) for name, (worst, then) in found.items()]
    return tuple(sorted(slow, key=lambda one: (one.language, -one.seconds, one.first)))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is heard on the way along an edge: for how long, and whether the caller is helped by then."""

    seconds: float
    helped: bool


class _Leg(NamedTuple):
    """What an edge takes: for its ``answer``, and for what is said until the caller is helped.

    ``target`` is where the caller, not helped yet, goes on; ``silent``: by saying nothing.
    """

    answer: Answer | None
    seconds: float
    target: int | None
    goes_on: bool
    silent: bool


def _leg(state: State, edge: Edge, heard_in: Callable[[tuple[Request, ...]], _Heard]) -> _Leg:
    heard, goes_on = heard_in(edge.made), edge.answer != HANG_UP
    silent = edge.answer == Silence() if isinstance(state.request, Ask) else goes_on
    target = None if heard.helped else edge.target
    return _Leg(edge.answer, _answering(state.request, edge.answer) + heard.seconds, target, goes_on, silent)


def _is_first_answer(leg: _Leg) -> bool:
    """Whether a leg begins with a choice in words, or silence: keys lead where words lead, and sooner."""
    return isinstance(leg.answer, Spoke | Silence)


def _until_helped(legs: list[list[_Leg]], order: list[int], *, silently: bool) -> dict[int, float]:
    """The longest time from each state on, of whoever goes on, or says nothing."""
    below: dict[int, float] = {}
    for number in order:
        chosen = (leg for leg in legs[number] if (leg.silent if silently else leg.goes_on))
        below[number] = max((leg.seconds + _onward(leg, below) for leg in chosen), default=0.0)
    return below


def _until_asked(report: Report, legs: list[list[_Leg]], order: list[int]) -> dict[int, float]:
    """The longest time to each state on ways on which nobody was helped yet."""
    start = next(edge for edge in report.edges if edge.source is None)
    before = {start.target: _heard(start.made).seconds} if start.target is not None else {}
    for number in reversed(order):
        for leg in legs[number] if number in before else ():
            if leg.target is not None and leg.goes_on:
                before[leg.target] = max(before.get(leg.target, 0.0), before[number] + leg.seconds)
    return before


def _first_choices(states: Sequence[State]) -> Iterable[State]:
    """The states of the first question with something to choose. (States are numbered by their shortest ways.)"""
    asked = [one for one in states if isinstance(one.request, Ask) and one.request.wishes]
    first = [one for one in asked if "language.option" not in prompts_of(one.request)]
    return (one for one in first if one.request.key == first[0].request.key)


def _named(answer: Answer | None) -> str:
    if not isinstance(answer, Spoke):
        return "silence"
    return (answer.wish or "nonsense") if answer.danger == CALM else (answer.danger or "unjudged")


def _language(request: Request) -> str:
    return request.language if isinstance(request, Ask) else ""


def _onward(leg: _Leg, below: Mapping[int, float]) -> float:
    """The seconds from the end of a leg on."""
    return 0.0 if leg.target is None else below[leg.target]


def _heard(made: Sequence[Request]) -> _Heard:
    seconds = 0.0
    for request in made:
        if prompts_of(request) & set(TELLS_911) or isinstance(effect_of(request), HELP):
            return _Heard(seconds, True)
        seconds += sum(map(_words, lines_of(request))) * SECONDS_A_WORD
    return _Heard(seconds, False)


@cache
def _words(line: Line) -> int:
    return len(line.spoken().split())


HELP = (EnterWaitingRoom, StartEscalation, OpenPromise)
"""With these somebody is looked for, or a call-back is promised."""


def _answering(request: Request, answer: Answer | None) -> float:
    """The longest time for an answer, once the question was heard."""
    match request:
        case Ask(timeout=timeout):
            keys = len(answer.digits) - 1 if isinstance(answer, Pressed) else 0
            return timeout + keys * EACH_KEY + (SPEAKING if isinstance(answer, Spoke) else 0.0)
        case LeaveMessage(max_seconds=seconds):
            return float(seconds)
        case Fact():
            return ELSEWHERE
        case _:
            return 0.0
