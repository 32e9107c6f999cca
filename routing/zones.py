"""Wall clocks and instants: the only module that touches pytz.

The rule for hours that a change of clocks makes odd, stated once and used everywhere:

* A *missing* wall time (the clock jumps over it) means the instant at which the clock jumps. This keeps the order
  of wall times, which moving by the length of the gap would not.
* A *repeated* wall time means its first occurrence where something starts or changes hands, and its second where
  something ends, so that odd hours are staffed twice rather than not at all.
* A *break* is the other way round, for the same reason: it starts at the last occurrence of its start and ends at the
  first occurrence of its end after that, so that it is taken once and is never longer than written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import pytz

from routing.errors import RoutingError

Missing = Literal["forward", "refuse"]
Repeated = Literal["first", "second", "refuse"]


class ZoneError(RoutingError):
    """An unknown zone, an instant without one, or a wall time that was to be refused."""


def known_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone, spelt exactly."""
    return name in pytz.all_timezones_set


def nearest_zone(name: str) -> str:
    """The IANA zone that somebody who wrote ``name`` may have meant; an example where none is near."""
    near = get_close_matches(name, pytz.all_timezones, n=1, cutoff=0.5)
    return near[0] if near else "America/Chicago"


def tzdata_version() -> str:
    """The release of the tz database in use, such as ``2026c``. An old one is wrong by hours in some places."""
    return str(vars(pytz)["OLSON_VERSION"])


def is_american(name: str) -> bool:
    """Whether a zone is one of the United States."""
    return name.startswith("US/") or name in pytz.country_timezones["US"]


def zone_names() -> tuple[str, ...]:
    """The IANA zones that people live by, in alphabetical order."""
    return tuple(pytz.common_timezones)


def as_utc(at: datetime) -> datetime:
    """The same instant, in UTC; a time without a zone is refused."""
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ZoneError("an instant needs a time zone; give it as UTC")
    return at.astimezone(UTC)


def to_local(at: datetime, zone: str) -> datetime:
    """The aware local time in ``zone`` at an instant."""
    return as_utc(at).astimezone(_zone(zone))


def to_utc(wall: datetime, zone: str, *, missing: Missing = "forward", repeated: Repeated = "first") -> datetime:
    """The instant at which the clocks of ``zone`` show the naive ``wall`` time; see the rule above."""
    found = occurrences(wall, zone)
    if not found:
        if missing == "refuse":
            raise ZoneError(
                f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks jump over it; give another time"
            )
        return _jump(wall, zone)
    if len(found) > 1 and repeated == "refuse":
        raise ZoneError(f"{wall:%Y-%m-%d %H:%M} happens twice in {zone}; say (first) or (second)")
    return found[-1] if repeated == "second" else found[0]


def occurrences(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """Every instant at which the clocks of ``zone`` show the naive ``wall`` time, in order: none, one or two."""
    if wall.tzinfo is not None:
        raise ZoneError("a wall time has no zone of its own; leave its tzinfo out")
    before, after = _offsets_around(zone, wall.date())
    written = wall.replace(tzinfo=UTC)
    if before == after:
        return (written - before,)
    return tuple(at for at in sorted((written - before, written - after)) if _wall(at, zone) == wall)


def transitions(zone: str, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """Every instant after ``start`` and not after ``end`` at which the clocks of ``zone`` change, in order."""
    days = range((as_utc(end) - as_utc(start)).days + 1)
    edges = [min(start + timedelta(days=day), end) for day in (*days, len(days))]
    changing = ((one, other) for one, other in pairwise(edges) if _offset(one, zone) != _offset(other, zone))
    return tuple(_change_between(one, other, zone) for one, other in changing)


@lru_cache(maxsize=1024)
def _zone(name: str) -> pytz.tzinfo.BaseTzInfo:
    if not known_zone(name):
        raise ZoneError(f"{name!r} is not a time zone; use an IANA name such as {nearest_zone(name)}")
    return pytz.timezone(name)


def _wall(at: datetime, zone: str) -> datetime:
    return to_local(at, zone).replace(tzinfo=None)


def _offset(at: datetime, zone: str) -> timedelta:
    return to_local(at, zone).utcoffset() or timedelta()


@lru_cache(maxsize=1 << 15)
def _offsets_around(zone: str, day: date) -> tuple[timedelta, timedelta]:
    # No clock is further than a day from UTC, so whatever these walls can mean lies between; and none has ever changed
    # twice within three days, so equal offsets on both sides are the only one there is.
    midnight = datetime.combine(day, time(), UTC)
    return _offset(midnight - timedelta(days=1), zone), _offset(midnight + timedelta(days=2), zone)


def _jump(wall: datetime, zone: str) -> datetime:
    midnight = datetime.combine(wall.date(), time(), UTC)
    return _change_between(midnight - timedelta(days=1), midnight + timedelta(days=2), zone)


def _change_between(before: datetime, after: datetime, zone: str) -> datetime:
    # Clocks change at whole seconds, so halving the seconds between finds the exact one.
    before, offset = as_utc(before).replace(microsecond=0), _offset(before, zone)
    low, high = 0, int((after - before).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + timedelta(seconds=middle), zone) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
