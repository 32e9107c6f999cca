"""Days without a time on the command line of rotas: midnight on the clocks of the rota, which is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from routing.zones import Repeated, to_local, to_utc

Given = date | datetime
"""An instant, or a day alone."""
MIDNIGHT = "a day alone is midnight on the rota's clocks"
"""What options of commands say of a day."""


def read_start(given: Given, zone: str) -> datetime:
    """The instant at which something starts that was given so: the first that is midnight."""
    return _read(given, zone, "first")


def read_end(given: Given, zone: str) -> datetime:
    """The instant at which something ends that was given so: the last that is midnight."""
    return _read(given, zone, "second")


def describe_days(given: Iterable[Given | None], zone: str) -> Iterator[str]:
    """What each day alone was taken for."""
    days = dict.fromkeys(one for one in given if one is not None and not isinstance(one, datetime))
    for day in days:
        begins = to_local(read_start(day, zone), zone)
        yield f"{day} is read as {begins:%a %Y-%m-%d %H:%M} {zone}, on the clocks of the rota"


def _read(given: Given, zone: str, repeated: Repeated) -> datetime:
    if isinstance(given, datetime):
        return given
    return to_utc(datetime.combine(given, time()), zone, repeated=repeated)
