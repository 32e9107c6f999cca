"""Is somebody awake to answer: every practice, location, service and language, over a stretch of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ivr.directory.organisation import Organisation
from routing.agents import Agent, Need
from routing.coverage import gaps
from routing.hours import Calendar, Span, open_spans
from routing.zones import to_local

_STAFFED = {"agents", "nurse_pool"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Stretches without anybody to answer. ``anyone``: somebody is awake, but not in this language.

    ``caught``: a clinician on call is rung instead, so that the caller is not left alone.
    """

    practice: str
    location: str
    service: str
    language: str
    spans: tuple[Span, ...]
    anyone: bool
    caught: bool

    def describe(self, zone: str) -> str:
        """In words, with the first stretch in the location's own time."""
        first, rest = self.spans[0], len(self.spans) - 1
        start, end = (f"{to_local(instant, zone):%a %Y-%m-%d %H:%M}" for instant in first)
        more = f", and {rest} more times" if rest else ""
        return f"nobody answers {self.service} in {self.language} from {start} to {end} {zone}{more}"


def find_gaps(organisation: Organisation, start: datetime, end: datetime, *, renewed: bool = False) -> tuple[Gap, ...]:
    """Every gap from ``start`` to ``end``. ``renewed``: licences and training valid at ``start`` will be kept up."""
    return tuple(_gaps(organisation, start, end, renewed))


def _gaps(organisation: Organisation, start: datetime, end: datetime, renewed: bool) -> Iterator[Gap]:
    for practice, file in organisation.practices.items():
        for location, place in file.locations.items():
            agents = organisation.agents_of(practice, location)
            if renewed:
                agents = tuple(_kept_up(agent, start.date(), end.date()) for agent in agents)
            calendar = organisation.calendar(practice, location)
            for service, language in ((name, spoken) for name in file.services for spoken in file.languages):
                need = organisation.need(practice, service, language, place.state, opening=False, location=location)
                spans = _unanswered(organisation, agents, need, calendar, start, end)
                if spans:
                    yield _gap(organisation, agents, need, location, spans)


def _unanswered(
    organisation: Organisation,
    agents: Sequence[Agent],
    need: Need,
    calendar: Calendar,
    start: datetime,
    end: datetime,
) -> tuple[Span, ...]:
    settled = organisation.service(need.practice, need.service)
    always, in_hours = _STAFFED & set(settled.after_hours), _STAFFED & set(settled.open)
    found = gaps(agents, need, start, end) if always or in_hours else ()
    return found if always else tuple(span for gap in found for span in open_spans(calendar, gap.start, gap.end))


def _gap(
    organisation: Organisation, agents: Sequence[Agent], need: Need, location: str, spans: tuple[Span, ...]
) -> Gap:
    anybody = replace(need, interpreter=True)
    anyone = not any(gaps(agents, anybody, span.start, span.end) for span in spans)
    settled = organisation.service(need.practice, need.service)
    caught = settled.open[-1] == settled.after_hours[-1] == "on_call"
    return Gap(need.practice, location, need.service, need.language, spans, anyone, caught)


def _kept_up(agent: Agent, start: date, end: date) -> Agent:
    trained, licences = agent.trained_until, agent.licences
    return replace(
        agent,
        trained_until=end if trained and trained >= start else trained,
        licences=tuple(replace(one, expires=end) if one.expires >= start else one for one in licences),
    )
