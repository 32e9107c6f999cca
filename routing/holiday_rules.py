"""Which dates differ from the weekly hours: public holidays, closures and special openings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache

import holidays

from routing.windows import HoursError, Window

_NAMED_YEARS = range(2024, 2036)
_SUFFIX = re.compile(r" \((?:observed|estimated|observed, estimated|estimated, observed|in lieu|substitute day)\)$")
_MOVED = re.compile(r"^(?:Day off|Alternative holiday|Substitute holiday) for ")
_DAY_OFF = "Day off"
_SUBSTITUTED = re.compile(r"Day off \(substituted from (\d{2})/(\d{2})/(\d{4})\)")
_SUBSTITUTE = "Substitute Holiday"


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


@lru_cache(maxsize=256)
def parts_with_more(calendar: str) -> tuple[str, ...]:
    """The parts of a country in which days are kept that its calendar without a part does not have."""
    parts = holidays.list_supported_countries().get(calendar, [])
    whole = set(known_holidays(calendar))
    return tuple(part for part in parts if set(known_holidays(calendar, part)) - whole)


def holiday_names(rules: HolidayRules, day: date) -> tuple[str, ...]:
    """The public holidays of ``day`` that these rules observe, whether or not they close."""
    if rules.calendar is None:
        return ()
    names = _dated(rules.calendar, rules.state, day.year).get(day, ())
    return tuple(name for name in names if rules.observe is None or name in rules.observe)


@lru_cache(maxsize=512)
def _dated(calendar: str, state: str | None, year: int) -> Mapping[date, tuple[str, ...]]:
    """The holidays of a year by their dates. One that is kept on another day has its own name there too."""
    found = _in_calendar(calendar, state, year)
    return {day: tuple(name for one in found.get_list(day) for name in _named(one, day, found)) for day in list(found)}


def _in_calendar(calendar: str, state: str | None, year: int) -> holidays.HolidayBase:
    # The language is pinned, or the names would depend on the environment of the process.
    try:
        return holidays.country_holidays(calendar, subdiv=state, years=year, language="en_US")
    except NotImplementedError as error:
        raise HoursError(_no_calendar(calendar, state)) from error


def _named(name: str, day: date, found: holidays.HolidayBase) -> tuple[str, ...]:
    """What is kept on a day under ``name``: the holiday itself, whichever way the calendar says that it was moved."""
    if moved := _SUBSTITUTED.fullmatch(name):
        month, of_month, year = map(int, moved.groups())
        return _plain(found.get_list(date(year, month, of_month))) or (_DAY_OFF,)
    if name == _SUBSTITUTE:
        return (*_kept_before(day, found), name)
    return _plain([name])


def _kept_before(day: date, found: holidays.HolidayBase) -> tuple[str, ...]:
    """The holidays of the unbroken days before a substitute: one of them fell on a Sunday."""
    before: list[str] = []
    while names := found.get_list(day := day - timedelta(days=1)):
        before += _plain(names)
    return tuple(before)


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_MOVED.sub("", _SUFFIX.sub("", name)) for name in names)


def _no_calendar(calendar: str, state: str | None) -> str:
    parts = holidays.list_supported_countries().get(calendar)
    if state is None or parts is None:
        return f"no holiday calendar for {calendar}; use ISO codes such as US and IL"
    return f"{calendar} has no part {state}; " + (f"known are {', '.join(parts)}" if parts else "leave state out")


def _unknown(name: str, known: tuple[str, ...], calendar: str | None) -> str:
    if not known:
        return f"holiday {name!r} has no calendar to be found in; add calendar, such as US"
    near = get_close_matches(name, known, n=1)
    elsewhere = [part for part in parts_with_more(calendar or "") if name in known_holidays(calendar or "", part)]
    if elsewhere:
        return f"{calendar} has {name!r} in parts only; add state: one of {', '.join(elsewhere)}"
    hint = f"; did you mean {near[0]}?" if near else ";"
    return f"{calendar} has no holiday {name!r}{hint} known are {', '.join(known)}"
