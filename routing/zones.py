"""Wall clocks and instants: the only module that touches pytz.

The rule for hours that a change of clocks makes odd, stated once and used everywhere:

* A *missing* wall time (the clock jumps over it) means the instant at which the clock jumps. This keeps the order
  of wall times, which moving by the length of the gap would not.
* A *repeated* wall time means its first occurrence where something starts or changes hands, and its second where
  something ends, so that odd hours are staffed twice rather than not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import Literal

import pytz

from routing.errors import RoutingError

Missing = Literal["forward", "refuse"]
Repeated = Literal["first", "second", "refuse"]


class ZoneError(RoutingError):
    """An unknown zone, an instant without one, or a wall time that was to be refused."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """The parts of a local time that a prompt reads out; ``weekday`` counts from Monday, 0."""

    day: date
    weekday: int
    hour: int
    minute: int
    abbreviation: str


def known_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone, spelt exactly."""
    return name in pytz.all_timezones_set


def tzdata_version() -> str:
    """The release of the tz database in use, such as ``2026c``. An old one is wrong by hours in some places."""
    return str(vars(pytz)["OLSON_VERSION"])


def to_local(at: datetime, zone: str) -> datetime:
    """The aware local time in ``zone`` at an instant."""
    if at.tzinfo is None:
        raise ZoneError("an instant needs a time zone; give it as UTC")
    return at.astimezone(_zone(zone))


def to_utc(wall: datetime, zone: str, *, missing: Missing = "forward", repeated: Repeated = "first") -> datetime:
    """The instant at which the clocks of ``zone`` show the naive ``wall`` time; see the rule above."""
    if wall.tzinfo is not None:
        raise ZoneError("a wall time has no zone of its own; leave its tzinfo out")
    early, late = _candidates(wall, zone)
    if _wall(early, zone) != wall:
        if missing == "refuse":
            raise ZoneError(
                f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks jump over it; give another time"
            )
        return _jump(early, late, zone)
    if early != late and repeated == "refuse":
        raise ZoneError(f"{wall:%Y-%m-%d %H:%M} happens twice in {zone}; say (first) or (second)")
    return late if repeated == "second" else early


def add_local_days(at: datetime, zone: str, days: int) -> datetime:
    """The instant ``days`` calendar days later at the same wall time in ``zone``: not always 24 hours a day."""
    return to_utc(_wall(at, zone) + timedelta(days=days), zone)


def spoken_time(at: datetime, zone: str) -> SpokenTime:
    """What the clocks and calendars of ``zone`` show at an instant, for prompts."""
    local = to_local(at, zone)
    return SpokenTime(local.date(), local.weekday(), local.hour, local.minute, local.tzname() or zone)


def _zone(name: str) -> pytz.tzinfo.BaseTzInfo:
    if not known_zone(name):
        near = get_close_matches(name, pytz.all_timezones, n=1, cutoff=0.5)
        hint = near[0] if near else "America/Chicago"
        raise ZoneError(f"{name!r} is not a time zone; use an IANA name such as {hint}")
    return pytz.timezone(name)


def _wall(at: datetime, zone: str) -> datetime:
    return to_local(at, zone).replace(tzinfo=None)


def _candidates(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    # Read as summer and as standard time: one instant normally, both occurrences of a repeated hour,
    # and for a missing one an instant on either side of the jump.
    tz = _zone(zone)
    readings = sorted(tz.localize(wall, is_dst=summer).astimezone(UTC) for summer in (True, False))
    return readings[0], readings[1]


def _jump(before: datetime, after: datetime, zone: str) -> datetime:
    # Clocks change at whole seconds, so halving the seconds between finds the exact one.
    before = before.replace(microsecond=0)
    seconds, low = int((after - before).total_seconds()) + 1, 0
    offset = to_local(before, zone).utcoffset()
    while seconds - low > 1:
        middle = (low + seconds) // 2
        if to_local(before + timedelta(seconds=middle), zone).utcoffset() == offset:
            low = middle
        else:
            seconds = middle
    return before + timedelta(seconds=seconds)
