"""The heat map of coverage: how few people are ever there, by the day of the year and by the hour of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise

from ivr.core.counting import counted
from ivr.workforce.coverage import Line
from ivr.workforce.pictures.svg import INK, ORANGE, QUIET, VERMILION, line, picture, rectangle, text
from routing.spans import Span
from routing.zones import to_local, transitions

_LABEL, _DAY, _HOUR, _ROW, _TOP, _SPACE, _EDGE = 330, 2, 9, 18, 84, 26, 16
_UNASKED = "#eeeeee"
_MANY = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
"""For as many as asked, one more, two or three more, and beyond: light to dark, so that grey tells as much."""

Fewest = dict[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """The fewest people of a line by day, counted from the first, and by hour of the day, on the location's clocks."""

    line: Line
    days: Fewest
    hours: Fewest
    short: timedelta


def row(of: Line, start: datetime, people: int) -> Row:
    """The figures of one line. Every stretch with one number of people is looked at once, whole."""
    days: Fewest = {}
    hours: Fewest = {}
    first = to_local(start, of.zone).date()
    for begin, end, many in _local_pieces(of):
        for day in range((begin.date() - first).days, (end - timedelta.resolution).toordinal() - first.toordinal() + 1):
            days[day] = min(many, days.get(day, many))
        for hour in _hours(begin, end):
            hours[hour] = min(many, hours.get(hour, many))
    short = sum((gap.end - gap.start for gap in of.gaps(people)), timedelta())
    return Row(of, days, hours, short)


def heat_map(found: Iterable[Line], start: datetime, end: datetime, people: int = 1) -> str:
    """The picture, one row a line; rows with a gap say how long it is in words too."""
    rows = [row(one, start, people) for one in found]
    days = (end - start).days
    width = _LABEL + _DAY * days + _SPACE + 24 * _HOUR + 90 + _EDGE
    height = _TOP + _ROW * len(rows) + 20
    title = f"Fewest people awake and allowed, {start:%Y-%m-%d} to {end:%Y-%m-%d}"
    short = sum(bool(one.short) for one in rows)
    fewer = "nobody" if people == 1 else f"fewer than {counted(people, 'person', 'people')}"
    told = f"{counted(len(rows), 'row')}: what callers may want. {short} of them have {fewer} at some time."
    shapes = (*_head(title, people), *_axes(start, days, len(rows)), *_rows(rows, days, people))
    return picture((width, height), title, told, shapes)


def _local_pieces(of: Line) -> Iterator[tuple[datetime, datetime, int]]:
    for start, finish, people in of.when_asked():
        for begin, end in pairwise(sorted({start, finish, *_changes(of.zone, Span(start, finish))})):
            # Within a piece the clocks do not change, so that its end is as far from its start as it is long.
            local = to_local(begin, of.zone).replace(tzinfo=None)
            yield local, local + (end - begin), people


def _changes(zone: str, part: Span) -> Iterator[datetime]:
    years = range(part.start.year, part.end.year + 1)
    return (at for year in years for at in _changes_of_year(zone, year) if part.start < at < part.end)


@lru_cache(maxsize=1024)
def _changes_of_year(zone: str, year: int) -> tuple[datetime, ...]:
    begin = to_local(datetime.fromisoformat(f"{year}-01-01T00:00+00:00"), "UTC")
    return transitions(zone, begin, begin.replace(year=year + 1))


def _hours(begin: datetime, end: datetime) -> Iterable[int]:
    first = begin.replace(minute=0, second=0, microsecond=0)
    count = -((first - end) // timedelta(hours=1))
    return ((first.hour + step) % 24 for step in range(min(count, 24)))


def _head(title: str, people: int) -> Iterator[str]:
    yield text((_EDGE, 24), title, font_size=16, font_weight="bold")
    x = float(_EDGE)
    for colour, words in _legend(people):
        yield rectangle((x, 36), (12, 12), colour)
        yield text((x + 17, 46), words, font_size=11)
        x += 34 + 6.2 * len(words)


def _legend(people: int) -> Iterator[tuple[str, str]]:
    yield VERMILION, "nobody"
    if people > 1:
        yield ORANGE, f"fewer than {people}"
    yield from zip(_MANY, (f"{people}", f"{people + 1}", f"{people + 2} or {people + 3}", "more"), strict=True)
    yield _UNASKED, "nobody has to be there"


def _axes(start: datetime, days: int, rows: int) -> Iterator[str]:
    bottom = _TOP + _ROW * rows
    for day in range(days):
        here: date = (start + timedelta(days=day)).date()
        if here.day == 1 or day == 0:
            x = _LABEL + _DAY * day
            yield line((x, _TOP - 6), (x, bottom), "#bfbfbf")
        if here.day == 1 and day < days - 12:
            yield text(
                (_LABEL + _DAY * day + 3, _TOP - 8),
                f"{here:%b %Y}" if here.month == 1 else f"{here:%b}",
                font_size=11,
                fill=QUIET,
            )
    hours = _LABEL + _DAY * days + _SPACE
    for hour in range(0, 24, 6):
        yield text((hours + _HOUR * hour, _TOP - 8), f"{hour:02}h", font_size=11, fill=QUIET)
    yield text((_LABEL, _TOP - 22), "by day", font_size=11, fill=QUIET, font_weight="bold")
    yield text((hours, _TOP - 22), "by hour of the day", font_size=11, fill=QUIET, font_weight="bold")
    yield text((hours + 24 * _HOUR + 8, _TOP - 8), "too few for", font_size=11, fill=QUIET)


def _rows(rows: Sequence[Row], days: int, people: int) -> Iterator[str]:
    hours = _LABEL + _DAY * days + _SPACE
    for number, one in enumerate(rows):
        y = _TOP + _ROW * number
        weight = "bold" if one.short else "normal"
        yield text((_LABEL - 8, y + 13), one.line.name, font_size=11, text_anchor="end", font_weight=weight)
        yield from _strip((_LABEL, y), _DAY, [one.days.get(day) for day in range(days)], people)
        yield from _strip((hours, y), _HOUR, [one.hours.get(hour) for hour in range(24)], people)
        said = f"{one.short / timedelta(hours=1):,.1f} h" if one.short else "none"
        colour = INK if one.short else QUIET
        yield text((hours + 24 * _HOUR + 8, y + 13), said, font_size=11, fill=colour, font_weight=weight)


def _strip(corner: tuple[float, float], width: float, fewest: Sequence[int | None], people: int) -> Iterator[str]:
    """One row of cells, equal neighbours drawn as one."""
    at = 0
    for many, cells in groupby(fewest):
        count = len(list(cells))
        told = "" if many is None else f"at least {many}" if many else "nobody"
        size = (width * count, _ROW - 3)
        yield rectangle((corner[0] + width * at, corner[1]), size, _colour(many, people), told)
        at += count


def _colour(many: int | None, people: int) -> str:
    if many is None:
        return _UNASKED
    if many < people:
        return ORANGE if many else VERMILION
    return _MANY[(0, 1, 2, 2, 3)[min(many - people, 4)]]
