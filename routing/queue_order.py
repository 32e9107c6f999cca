"""The order of waiting callers as one number each, fixed on arrival; the smallest is served first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from routing.errors import RoutingError
from routing.zones import to_local

_BAND = 1e10
# Some three centuries in seconds: no wait and no boost crosses it, and a double still tells microseconds apart.

CLINICAL: Mapping[str, int] = MappingProxyType({"emergent": 2, "urgent": 1, "routine": 0})
"""The clinical classes, by rank. A higher one goes before every caller of a lower one, whatever their wait."""

LONGEST_BOOST = timedelta(days=1)


class QueueOrderError(RoutingError):
    """A priority class nobody defined, or a boost out of bounds."""


def priority(arrived_at: datetime, priority_class: str, boosts: Mapping[str, timedelta]) -> float:
    """The caller's priority: seconds since 1970 at arrival, less the boost of the class.

    Among one class this is first come, first served; a boost of a minute is as good as having come a minute earlier.
    Clinical classes need no boost and may have none but "routine", which stands among the others with its own.
    """
    arrived = to_local(arrived_at, "UTC").timestamp()
    rank = CLINICAL.get(priority_class, 0)
    if rank:
        return arrived - rank * _BAND
    return arrived - _boost(priority_class, boosts).total_seconds()


def _boost(priority_class: str, boosts: Mapping[str, timedelta]) -> timedelta:
    if priority_class not in boosts and priority_class not in CLINICAL:
        known = ", ".join(sorted({*boosts, *CLINICAL}))
        raise QueueOrderError(f"no priority class {priority_class!r}; use one of {known}")
    boost = boosts.get(priority_class, timedelta())
    if abs(boost) > LONGEST_BOOST:
        raise QueueOrderError(f"the credit of {priority_class!r} is over a day; give minutes or hours")
    return boost
