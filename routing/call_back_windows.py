"""Times that somebody may choose to be called back: mornings, afternoons and evenings in which we are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise

from routing.hours import Calendar, WeeklyHours, open_spans
from routing.spans import Span, within
from routing.zones import to_local, to_utc

PARTS = (time(0), time(12), time(17))
"""When the parts of a day begin, on the clocks of the place."""
LEAD = timedelta(hours=1)
"""Nobody chooses a time that begins sooner: sooner is what they are promised without choosing."""
AHEAD = timedelta(days=7)
SHORTEST = timedelta(hours=1)
MOST = 3
"""How many are offered: whoever listens remembers no more."""
GRAIN = timedelta(minutes=30)
"""Times that are offered begin at a full or half hour, which is what people say."""


def list_windows(calendar: Calendar, ringing: WeeklyHours, at: datetime) -> tuple[Span, ...]:
    """The next times at which somebody may be called back: open hours in which telephones are rung, by parts of a day.

    Each is at least an hour long and begins at least an hour from ``at``, within a week.
    """
    first = at + LEAD
    bounds = Span(first + (datetime.min.replace(tzinfo=first.tzinfo) - first) % GRAIN, at + AHEAD)
    rung = tuple(open_spans(Calendar(calendar.zone, ringing), *bounds))
    both = (span for opened in open_spans(calendar, *bounds) for span in within(rung, opened))
    parts = (part for span in both for part in _split(span, calendar.zone))
    return tuple(islice((part for part in parts if part.end - part.start >= SHORTEST), MOST))


def write_window(window: Span) -> str:
    """A time as it is stored, in an answer or with what was promised."""
    return f"{window.start.isoformat()}/{window.end.isoformat()}"


def read_window(window: str) -> Span:
    """The same, read."""
    start, _, end = window.partition("/")
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _split(span: Span, zone: str) -> Iterator[Span]:
    """A stretch, cut where parts of a day begin."""
    days = _days(to_local(span.start, zone).date(), to_local(span.end, zone).date())
    cuts = (to_utc(datetime.combine(day, begins), zone) for day in days for begins in PARTS)
    inner = sorted({cut for cut in cuts if span.start < cut < span.end})
    for start, end in pairwise((span.start, *inner, span.end)):
        yield Span(start, end)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
