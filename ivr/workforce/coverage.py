"""Is somebody awake to answer: every practice, location, service, language and licence state, over time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from ivr.directory.organisation import Organisation
from routing.agents import Agent, Need
from routing.coverage import Headcount, during, gaps, gaps_of, headcounts
from routing.hours import Calendar, Span, open_spans
from routing.mending import Mend, mends

_STAFFED = {"agents", "nurse_pool"}


class Wish(NamedTuple):
    """What a caller of a location may want: a service in a language, for a patient in a state."""

    practice: str
    location: str
    service: str
    language: str
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that callers may want, and who is there for it.

    ``agents`` may serve the practice; ``counted`` says how many of them are awake and allowed, over the whole time;
    ``asked`` when somebody has to be there: always, or in opening hours. ``zone`` is that of the location.
    """

    practice: str
    location: str
    zone: str
    need: Need
    agents: tuple[Agent, ...] = field(repr=False)
    counted: tuple[Headcount, ...] = field(repr=False)
    asked: tuple[Span, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The line in words."""
        state = f", {self.need.patient_state}" if self.need.licensed_kind else ""
        return f"{self.practice} {self.location}: {self.need.service} in {self.need.language}{state}"

    def gaps(self, people: int) -> tuple[Span, ...]:
        """When somebody has to be there and fewer than ``people`` are."""
        return gaps_of(self.when_asked(), people)

    def when_asked(self) -> Iterator[Headcount]:
        """How many are there, while somebody has to be."""
        return during(self.counted, self.asked)


@dataclass(frozen=True, slots=True)
class Gap:
    """Stretches with fewer than ``people`` to answer.

    ``anyone``: enough are awake, but not in this language; ``interpreted``: those answer with an interpreter, for whom
    callers wait a while longer. ``caught``: a clinician on call is rung instead, so that the caller is not left alone.
    ``promised``: nobody would be missing after hours if callers were promised an answer there.
    ``mends`` would each put somebody more there when the first stretch begins.
    """

    line: Line
    people: int
    spans: tuple[Span, ...]
    anyone: bool
    interpreted: bool
    caught: bool
    promised: bool
    mends: tuple[Mend, ...]

    @property
    def bridged(self) -> bool:
        """Whether callers reach somebody all the same: with an interpreter, or a clinician."""
        return self.interpreted or self.caught


def find_gaps(
    organisation: Organisation,
    start: datetime,
    end: datetime,
    *,
    renewed: bool = False,
    people: int = 1,
    states: Sequence[str] = (),
) -> tuple[Gap, ...]:
    """Every gap from ``start`` to ``end``; see :func:`lines` for what else is asked."""
    return gaps_in(organisation, lines(organisation, start, end, renewed=renewed, states=states), people)


def gaps_in(organisation: Organisation, found: Iterable[Line], people: int = 1) -> tuple[Gap, ...]:
    """The gaps of lines."""
    short = ((line, line.gaps(people)) for line in found)
    return tuple(_gap(organisation, line, people, spans) for line, spans in short if spans)


def lines(
    organisation: Organisation, start: datetime, end: datetime, *, renewed: bool = False, states: Sequence[str] = ()
) -> Iterator[Line]:
    """Everything that callers may want of people from ``start`` to ``end``.

    ``renewed``: licences and training valid at ``start`` will be kept up. A clinical service is asked for in the state
    of its location, and in ``states``: where else patients are when they call. The end of a shift counts as kept free
    only where no wait gives it up.
    """
    return lines_of(organisation, wishes(organisation, states), Span(start, end), renewed=renewed)


def wishes(organisation: Organisation, states: Sequence[str] = ()) -> Iterator[Wish]:
    """Everything that callers may want, in the order of the configuration; also what nobody has to be there for."""
    for practice, file in organisation.practices.items():
        for location, place in file.locations.items():
            for service, entry in file.services.items():
                for state in dict.fromkeys((place.state, *states)) if entry.licensed else (place.state,):
                    yield from (Wish(practice, location, service, language, state) for language in file.languages)


def lines_of(
    organisation: Organisation,
    wanted: Iterable[Wish],
    whole: Span,
    *,
    renewed: bool = False,
    calendar_of: Callable[[str, str], Calendar] | None = None,
) -> Iterator[Line]:
    """Those of ``wanted`` for which somebody has to be there at some time of ``whole``.

    ``calendar_of`` gives the opening hours of a practice's location, where they are not those of the configuration.
    """
    known: dict[tuple[Need, tuple[str, ...]], tuple[Headcount, ...]] = {}
    for (practice, location), some in groupby(wanted, lambda wish: (wish.practice, wish.location)):
        agents = organisation.agents_of(practice, location)
        if renewed:
            agents = tuple(_kept_up(agent, whole.start.date(), whole.end.date()) for agent in agents)
        calendar = (calendar_of or organisation.calendar)(practice, location)
        people = tuple(agent.id for agent in agents)
        for need in (need_of(organisation, wish) for wish in some):
            if asked := _asked(organisation, need, calendar, whole):
                counted = known.get((need, people)) or known.setdefault(
                    (need, people), headcounts(agents, need, *whole)
                )
                zone = organisation.location(practice, location).timezone
                yield Line(practice, location, zone, need, agents, counted, asked)


def need_of(organisation: Organisation, wish: Wish) -> Need:
    """What a call with such a wish asks of an agent, at last."""
    practice, location, service, language, state = wish
    return organisation.at_last(organisation.need(practice, service, language, state, opening=False, location=location))


def _asked(organisation: Organisation, need: Need, calendar: Calendar, whole: Span) -> tuple[Span, ...]:
    settled = organisation.service(need.practice, need.service)
    if _STAFFED & set(settled.after_hours):
        return (whole,)
    return tuple(open_spans(calendar, *whole)) if _STAFFED & set(settled.open) else ()


def _gap(organisation: Organisation, line: Line, people: int, spans: tuple[Span, ...]) -> Gap:
    need, agents = line.need, line.agents
    anybody = replace(need, interpreter=True)
    anyone = not any(gaps(agents, anybody, span.start, span.end, people) for span in spans)
    settled = organisation.service(need.practice, need.service)
    caught = settled.open[-1] == settled.after_hours[-1] == "on_call"
    return Gap(
        line,
        people,
        spans,
        anyone,
        anyone and organisation.widest(need).interpreter,
        caught,
        not caught and bool(_STAFFED & set(settled.after_hours)),
        mends(agents, need, *spans[0]),
    )


def _kept_up(agent: Agent, start: date, end: date) -> Agent:
    trained, licences = agent.trained_until, agent.licences
    return replace(
        agent,
        trained_until=end if trained and trained >= start else trained,
        licences=tuple(replace(one, expires=end) if one.expires >= start else one for one in licences),
    )
