"""The hours of a layer as instants. A window begins and ends as a hand-over does: at one reading of its wall times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from routing.rotation import Occurrence
from routing.windows import WeeklyHours, Window
from routing.zones import to_local, to_utc

_DAY = timedelta(days=1)
_BACK, _ON = 2, 1
# Begun at most a day before, on clocks that have been set by up to a day since.


def is_within(when: WeeklyHours, zone: str, at: datetime, which: Occurrence) -> bool:
    """Whether a window is open at the instant, for whoever reads repeated wall times as this occurrence of them."""
    return any(start <= at < end for start, end in _spans(when, zone, to_local(at, zone).date(), which))


def window_edges(when: WeeklyHours, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """When windows begin and end, from ``start`` to ``end`` and a little around."""
    day, last = to_local(start, zone).date() - _BACK * _DAY, to_local(end, zone).date() + _ON * _DAY
    while day <= last:
        for window in when.on(day):
            yield from _span(window, zone, day, "first")
        day += _DAY


def _spans(when: WeeklyHours, zone: str, today: date, which: Occurrence) -> Iterator[tuple[datetime, datetime]]:
    for shift in range(-_BACK, _ON + 1):
        day = today + shift * _DAY
        yield from (_span(window, zone, day, which) for window in when.on(day))


def _span(window: Window, zone: str, day: date, which: Occurrence) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time())
    opens, closes = midnight + timedelta(minutes=window.start), midnight + timedelta(minutes=window.end)
    return to_utc(opens, zone, repeated=which), to_utc(closes, zone, repeated=which)
