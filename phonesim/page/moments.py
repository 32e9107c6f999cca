"""Finding the next instant with a given weekday and time of day in some time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from phonesim.errors import PhonesimError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7
SECOND = timedelta(seconds=1)


def next_moment(after: datetime, weekday: str, clock: str, zone: str) -> datetime:
    """The first instant after ``after`` at which calendars in ``zone`` show the weekday and clocks the time.

    An hour that clocks jump over means the instant of the jump; an hour that comes twice means its first coming.
    """
    place, wanted, day = zone_named(zone), _time(clock), _weekday(weekday)
    today = after.astimezone(place).date()
    first = today + timedelta(days=(day - today.weekday()) % WEEK)
    coming = (instant(datetime.combine(first + timedelta(days=WEEK * n), wanted), place) for n in range(3))
    return next(moment for moment in coming if moment > after)


def instant(wall: datetime, place: ZoneInfo) -> datetime:
    """The instant at which clocks show a naive wall time; see ``next_moment`` for odd hours."""
    early = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if early.astimezone(place).replace(tzinfo=None) == wall:
        return early
    return _jump(wall.replace(tzinfo=place, fold=1).astimezone(UTC), early, place)


def zone_named(name: str) -> ZoneInfo:
    """The time zone. Raises PhonesimError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as problem:
        raise PhonesimError(f"{name!r} is not a time zone; use an IANA name such as America/Chicago") from problem


def _jump(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The first second after ``before`` with the offset of ``after``."""
    old = before.astimezone(place).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(place).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _time(clock: str) -> time:
    try:
        return datetime.strptime(clock, "%H:%M").time()
    except ValueError as problem:
        raise PhonesimError(f"{clock!r} is not a time of day; write hours and minutes such as 02:00") from problem


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise PhonesimError(f"{name!r} is not a weekday; use one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name)
