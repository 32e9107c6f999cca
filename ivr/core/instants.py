"""Instants on the command line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import click

from routing.zones import ZoneError, to_utc

_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) ([A-Za-z_+\-0-9/]+)(?: \((first|second)\))?")
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Beyond, calendars and clocks cannot be reckoned with."""
MEND = "write 2026-11-22, 2026-11-22T09:30Z or '2026-11-01 01:30 America/Chicago (second)'"


class InstantType(click.ParamType[datetime]):
    """A day (its first instant in UTC), an instant with its offset, or a local time with its zone."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = parse_instant(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        except OverflowError:
            found = None
        if found is None or not is_reckoned_with(found):
            self.fail(f"{str(value)!r} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return found


class ClockType(click.ParamType[date]):
    """As :class:`InstantType`, but for a day alone, which stays one: its first instant is that of other clocks."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        found = InstantType().convert(value, param, ctx)
        return found.date() if _DAY.fullmatch(str(value).strip()) else found


def is_reckoned_with(instant: datetime) -> bool:
    """Whether an instant is in a year that calendars and clocks can be reckoned with in."""
    return FIRST_YEAR <= instant.year <= LAST_YEAR


def parse_instant(text: str) -> datetime:
    """Read ``text``; a local time that happens twice must say which. ValueError names the mend."""
    if local := _LOCAL.fullmatch(text.strip()):
        return _local(local)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not an instant; {MEND}") from None
    if found.tzinfo is None and len(text.strip()) > len("2026-11-22"):
        raise ValueError(f"{text!r} does not say where; {MEND}")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _local(match: re.Match[str]) -> datetime:
    try:
        wall = datetime.strptime(match[1], "%Y-%m-%d %H:%M")
    except ValueError:
        raise ValueError(f"{match[1]!r} is not a date and time; {MEND}") from None
    try:
        if match[3] == "second":
            return to_utc(wall, match[2], missing="refuse", repeated="second")
        return to_utc(wall, match[2], missing="refuse", repeated="first" if match[3] else "refuse")
    except ZoneError as error:
        raise ValueError(str(error)) from None
