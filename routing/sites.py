"""Places with a time zone, and the pools of agents that work there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from routing.hours import Calendar, HolidayRules, WeeklyHours, Window, is_open

Days = Mapping[date, tuple[Window, ...]]
"""Single days with hours of their own; a day without any is a day off."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place: its zone, its country and state (ISO 3166), and what its holidays do.

    A site whose holidays do not close (``closes`` false) is staffed on them, perhaps otherwise and at other pay.
    """

    id: str
    zone: str
    country: str
    state: str | None = None
    holidays: HolidayRules | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """A group of agents at a site who share a shift, its ``breaks``, and ``days`` on which it is another.

    ``calendar`` is all of that on the site's clocks and holidays.
    """

    id: str
    site: Site
    shift: WeeklyHours
    breaks: WeeklyHours = field(default_factory=WeeklyHours)
    days: Days = field(default_factory=dict, hash=False)
    calendar: Calendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendar", working_hours(self.site, self.shift, self.breaks, self.days))


def working_hours(site: Site, shift: WeeklyHours, breaks: WeeklyHours, days: Days) -> Calendar:
    """When people at ``site`` work. Their own ``days`` go before the site's holidays, closures and openings."""
    rules = site.holidays or HolidayRules()
    if days:
        closed = tuple(day for day in rules.closed if day not in days)
        rules = replace(rules, closed=closed, open={**rules.open, **days})
    return Calendar(site.zone, shift, rules, breaks)


def in_shift(pool: Pool, at: datetime) -> bool:
    """Whether the pool is working at the instant."""
    return is_open(pool.calendar, at)
