"""The order of waiting callers as one number each, fixed on arrival; the smallest is served first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from routing.errors import RoutingError
from routing.zones import to_local

_BAND = 1e10
# Some three centuries in seconds: no wait and no credit crosses it, and a double still tells microseconds apart.

CLINICAL: Mapping[str, int] = MappingProxyType({"emergent": 2, "urgent": 1, "routine": 0})
"""The clinical classes, by rank. A higher one goes before every caller of a lower one, whatever their wait."""

LONGEST_CREDIT = timedelta(days=1)


class QueueOrderError(RoutingError):
    """A priority class nobody defined, or a credit out of bounds."""


def place(arrived_at: datetime, priority_class: str, credits: Mapping[str, timedelta]) -> float:
    """The caller's place: seconds since 1970 at arrival, less the credit of the class.

    Among one class this is first come, first served; a credit of a minute is as good as having come a minute earlier.
    Clinical classes need no credit and may have none but "routine", which stands among the others with its own.
    """
    arrived = to_local(arrived_at, "UTC").timestamp()
    rank = CLINICAL.get(priority_class, 0)
    if rank:
        return arrived - rank * _BAND
    return arrived - _credit(priority_class, credits).total_seconds()


def _credit(priority_class: str, credits: Mapping[str, timedelta]) -> timedelta:
    if priority_class not in credits and priority_class not in CLINICAL:
        known = ", ".join(sorted({*credits, *CLINICAL}))
        raise QueueOrderError(f"no priority class {priority_class!r}; use one of {known}")
    credit = credits.get(priority_class, timedelta())
    if abs(credit) > LONGEST_CREDIT:
        raise QueueOrderError(f"the credit of {priority_class!r} is over a day; give minutes or hours")
    return credit
