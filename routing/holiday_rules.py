"""Which dates differ from the weekly hours: public holidays, closures and special openings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

import holidays

from routing.windows import HoursError, Window

_NAMED_YEARS = range(2024, 2036)
_SUFFIX = re.compile(r" \((?:observed|estimated|observed, estimated)\)$")


@dataclass(frozen=True, slots=True)
class HolidayRules:
    """What overrides the week on single dates. On one date: special opening, then closure, then holiday, then the week.

    ``calendar`` is a country and ``state`` a part of it, as in ISO 3166. ``observe`` names the holidays that count
    (None: all of them); a holiday moved off a weekend counts on the day it is kept too. With ``closes`` false a public
    holiday changes nothing here (it may change staffing and pay); closures and special openings still hold.
    """

    calendar: str | None = None
    state: str | None = None
    observe: tuple[str, ...] | None = None
    closed: tuple[date, ...] = ()
    open: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    closes: bool = True

    def __post_init__(self) -> None:
        known = known_holidays(self.calendar, self.state) if self.calendar else ()
        for name in self.observe or ():
            if name not in known:
                raise HoursError(_unknown(name, known, self.calendar))
        both = sorted(set(self.closed) & set(self.open))
        if both:
            raise HoursError(f"{both[0]} is both closed and open; keep one of them")


@lru_cache(maxsize=256)
def known_holidays(calendar: str, state: str | None = None) -> tuple[str, ...]:
    """The names that ``observe`` may use for a calendar, in English where the calendar has it."""
    names = {name for year in _NAMED_YEARS for kept in _dated(calendar, state, year).values() for name in kept}
    return tuple(sorted(names))


def holiday_names(rules: HolidayRules, day: date) -> tuple[str, ...]:
    """The public holidays of ``day`` that these rules observe, whether or not they close."""
    if rules.calendar is None:
        return ()
    names = _dated(rules.calendar, rules.state, day.year).get(day, ())
    return tuple(name for name in names if rules.observe is None or name in rules.observe)


@lru_cache(maxsize=512)
def _dated(calendar: str, state: str | None, year: int) -> Mapping[date, tuple[str, ...]]:
    # The language is pinned, or the names would depend on the environment of the process.
    try:
        found = holidays.country_holidays(calendar, subdiv=state, years=year, language="en_US")
    except NotImplementedError as error:
        raise HoursError(_no_calendar(calendar, state)) from error
    return {day: _plain(found.get_list(day)) for day in list(found)}


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_SUFFIX.sub("", name) for name in names)


def _no_calendar(calendar: str, state: str | None) -> str:
    parts = holidays.list_supported_countries().get(calendar)
    if state is None or parts is None:
        return f"no holiday calendar for {calendar}; use ISO codes such as US and IL"
    return f"{calendar} has no part {state}; " + (f"known are {', '.join(parts)}" if parts else "leave state out")


def _unknown(name: str, known: tuple[str, ...], calendar: str | None) -> str:
    if not known:
        return f"holiday {name!r} has no calendar to be found in; add calendar, such as US"
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ";"
    return f"{calendar} has no holiday {name!r}{hint} known are {', '.join(known)}"
