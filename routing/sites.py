"""Places with a time zone, and the pools of agents that work there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from routing.hours import Calendar, HolidayRules, WeeklyHours, is_open


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
    """A group of agents at a site who share a shift. ``calendar`` is the shift on the site's clocks and holidays."""

    id: str
    site: Site
    shift: WeeklyHours
    calendar: Calendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holidays = self.site.holidays or HolidayRules()
        object.__setattr__(self, "calendar", Calendar(self.site.zone, self.shift, holidays))


def in_shift(pool: Pool, at: datetime) -> bool:
    """Whether the pool is working at the instant."""
    return is_open(pool.calendar, at)
