"""Dates of birth as people say them, in words or digits, in the order of each language."""

from __future__ import annotations

from datetime import date

from callflows.identity.date_orders import Partial, numeric_dates
from callflows.identity.months import MONTHS
from callflows.identity.numbers import Group, groups
from callflows.identity.values import Said
from callflows.identity.words import MOST
from callflows.identity.years import read_year, roman_year

MOST_DATES = 2
"""Different whole dates of one alternative: one, and one that mends it. More of them are a list, and nothing is read in
it."""


def read_dates(words: Said, language: str) -> tuple[str, ...]:
    """The dates, as YYYY-MM-DD, that an answer can mean, likeliest first; none where no whole date was said.

    Of two dates in one alternative the last counts, because people correct themselves, and because a list of
    dates must not be as good as one; more than ``MOST_DATES`` are none.
    """
    found = [iso(each) for heard in words[:MOST] for each in partial_dates(heard, language)]
    return tuple(dict.fromkeys(each for each in found if each))


def iso(partial: Partial) -> str:
    """YYYY-MM-DD, or "" for what is no whole date of the calendar."""
    if partial.year is None or partial.month is None or partial.day is None:
        return ""
    try:
        return date(partial.year, partial.month, partial.day).isoformat()
    except ValueError:
        return ""


def partial_dates(heard: str, language: str) -> tuple[Partial, ...]:
    """What one alternative says of a date, likeliest first: whole dates, or what was understood of one."""
    found = tuple(_with_roman_year(group) for group in groups(heard, language))
    months = [place for place, group in enumerate(found) if group.text in MONTHS and not group.is_number]
    if months:
        named = [_around(found, place, before, after) for place, before, after in _stretches(months, len(found))]
        if len({dates for dates in named if iso(dates[0])}) > MOST_DATES:
            return ()
        said = max(reversed(named), key=lambda each: _known(each[0]))
        if _known(said[0]) > 1:
            return said
    return numeric_dates(found, language) or ((Partial(None, MONTHS[found[months[-1]].text], None),) if months else ())


def _with_roman_year(group: Group) -> Group:
    year = "" if group.is_number else roman_year(group.text)
    return Group(year) if year else group


def _stretches(months: list[int], length: int) -> list[tuple[int, int, int]]:
    """Each month's place, with where the words before it begin and those after it end."""
    edges = [-1, *months, length]
    return [(place, edges[index] + 1, edges[index + 2]) for index, place in enumerate(months)]


def _known(partial: Partial) -> int:
    return sum(part is not None for part in (partial.year, partial.month, partial.day))


def _around(found: tuple[Group, ...], place: int, begin: int, end: int) -> tuple[Partial, ...]:
    """The dates that the words around the name of a month can mean."""
    month = MONTHS[found[place].text]
    before = [group for group in found[begin:place] if group.is_number]
    after = [group for group in found[place + 1 : end] if group.is_number]
    day, years = _day_and_years(before, after)
    return tuple(Partial(year, month, day) for year in years) or (Partial(None, month, day),)


def _day_and_years(before: list[Group], after: list[Group]) -> tuple[int | None, tuple[int, ...]]:
    """The day stands right before the month or right after it; the year is what follows, or what came first."""
    if before and _is_day(before[-1]):
        return int(before[-1].text), _years(after) or _years(before[:-1])
    if after and _is_day(after[0]):
        return int(after[0].text), _years(after[1:]) or _years(before)
    return None, _years(after) or _years(before)


def _years(numbers: list[Group]) -> tuple[int, ...]:
    return read_year([group.text for group in numbers])


def _is_day(group: Group) -> bool:
    return len(group.text) <= 2 and 1 <= int(group.text) <= 31
