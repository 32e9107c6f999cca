"""Hours and holidays as they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import Field, PlainValidator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import Day, Means, Model, Text, YesNo, day
from routing.hours import HolidayRules, HoursError, WeeklyHours, parse_weekly, parse_windows

Parsed = TypeVar("Parsed")


def _read(parse: Callable[[], Parsed], *within: str | int) -> Parsed:
    try:
        return parse()
    except HoursError as error:
        what, _, mend = str(error).partition("; ")
        raise Unreadable(what, mend or 'write hours as mon-fri: ["08:00-17:00"]', within) from None


def weekly_hours(value: Any) -> WeeklyHours:
    """Days with their hours: ``{mon-fri: ["08:00-12:00", "13:00-17:00"], 2nd sat: ["09:00-12:00"], last fri: []}``.

    A day left out is closed. ``22:00-06:00`` crosses midnight. On a day of a month (``2nd sat``, ``last fri``,
    ``1st, 3rd sat``; first to fifth in words too) its own hours hold, and those of the plain weekday do not.
    """
    if not isinstance(value, dict) or not value:
        raise Unreadable("hours are missing here", 'write them as mon-fri: ["08:00-17:00"]')
    for days, windows in value.items():
        _windows(windows, days)
        _read(lambda days=days, windows=windows: parse_weekly({days: windows}), days)  # type: ignore[misc]
    return _read(lambda: parse_weekly(value))


def _windows(value: Any, of: str) -> Any:
    if not isinstance(value, list) or not all(isinstance(window, str) for window in value):
        raise Unreadable(f"the hours of {of} are not a list", 'write them as ["08:00-12:00"]', (of,))
    return value


def special_days(value: Any) -> dict[date, Any]:
    """Days with hours of their own: ``{2026-12-24: ["08:00-12:00"]}``."""
    if not isinstance(value, dict):
        raise Unreadable("special days are not a mapping", 'write them as 2026-12-24: ["08:00-12:00"]')
    return {day(one): _read(lambda one=one: parse_windows(_windows(value[one], one)), one) for one in value}  # type: ignore[misc]


Hours = Annotated[WeeklyHours, PlainValidator(weekly_hours)]
SpecialDays = Annotated[dict[date, Any], PlainValidator(special_days)]


class Holidays(Model):
    """Which holidays of a public calendar close a place, and single days that differ.

    Without ``observe`` every holiday of the calendar counts. ``state`` is a part of the calendar's country (ISO 3166-2
    without the country: IL, KA, BY) with holidays of its own.
    """

    calendar: Annotated[Text | None, Means("The public calendar, by its ISO 3166 country.", "US")] = None
    state: Annotated[
        Text | None,
        Means("The part of that country with holidays of its own; in the United States the place's own.", "IL"),
    ] = None
    observe: Annotated[
        tuple[Text, ...] | None,
        Means("The holidays of the calendar that count; left out: all of them.", "[Thanksgiving Day, Christmas Day]"),
    ] = None
    closed: Annotated[tuple[Day, ...], Means("Single days on which it is closed.", "[2026-11-27]")] = ()
    open: Annotated[SpecialDays, Means("Single days with hours of their own.", '{2026-12-24: ["08:00-12:00"]}')] = (
        Field(default_factory=dict)
    )
    closes: Annotated[
        YesNo,
        Means("Whether public holidays close the place; at a site where people work all the same, false.", "false"),
    ] = True

    def rules(self, state: str | None) -> HolidayRules:
        """As routing reads them; ``state`` is the place's own, for the calendar of the United States."""
        state = self.state or (state if self.calendar == "US" else None)
        _read(lambda: HolidayRules(self.calendar, state), "holidays", "state" if self.state else "calendar")
        for index, name in enumerate(self.observe or ()):
            _read(lambda name=name: HolidayRules(self.calendar, state, (name,)), "holidays", "observe", index)  # type: ignore[misc]
        return _read(
            lambda: HolidayRules(self.calendar, state, self.observe, self.closed, self.open, self.closes), "holidays"
        )


def holiday_rules(holidays: Holidays | None, state: str | None) -> HolidayRules:
    """The rules of a place; without any written, no day differs from the week."""
    return holidays.rules(state) if holidays else HolidayRules()
