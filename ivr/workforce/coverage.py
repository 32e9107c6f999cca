"""Is somebody awake to answer: every practice, location, service, language and licence state, over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ivr.directory.organisation import Organisation
from routing.agents import Agent, Need
from routing.coverage import Headcount, during, gaps, gaps_of, headcounts
from routing.hours import Calendar, Span, open_spans
from routing.mending import Mend, mends

_STAFFED = {"agents", "nurse_pool"}


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
    known: dict[tuple[Need, tuple[str, ...]], tuple[Headcount, ...]] = {}
    for practice, file in organisation.practices.items():
        for location, place in file.locations.items():
            agents = organisation.agents_of(practice, location)
            if renewed:
                agents = tuple(_kept_up(agent, start.date(), end.date()) for agent in agents)
            calendar = organisation.calendar(practice, location)
            people = tuple(agent.id for agent in agents)
            for need in _needs(organisation, practice, location, states):
                if asked := _asked(organisation, need, calendar, Span(start, end)):
                    key = need, people
                    counted = known.get(key) or known.setdefault(key, headcounts(agents, need, start, end))
                    yield Line(practice, location, place.timezone, need, agents, counted, asked)


def _needs(organisation: Organisation, practice: str, location: str, states: Sequence[str]) -> Iterator[Need]:
    file, home = organisation.practice(practice), organisation.location(practice, location).state
    for service, entry in file.services.items():
        for state in dict.fromkeys((home, *states)) if entry.licensed else (home,):
            for language in file.languages:
                need = organisation.need(practice, service, language, state, opening=False, location=location)
                yield organisation.at_last(need)


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
