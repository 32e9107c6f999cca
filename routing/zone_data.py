"""How old the tz database is, and whose clocks it says have begun to follow other rules.

Countries change their clocks at short notice, some several times a year, and a database that does not know of it is
wrong by an hour there. What is stored stays right, because it is stored in UTC; hours and shifts do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from routing.zones import as_utc, to_local, transitions, tzdata_version

RELEASES: tuple[tuple[str, date], ...] = (
    ("2025b", date(2025, 3, 22)),
    ("2025c", date(2025, 12, 10)),
    ("2026b", date(2026, 4, 22)),
    ("2026c", date(2026, 7, 8)),
    ("2026d", date(2026, 9, 11)),
)
"""Releases and their days, from the NEWS file of the tz database; the ones between and after are dated by them."""

GRACE = timedelta(days=30)
"""How long a newer release may be out before an installation without it is at fault."""

AGEING, STALE = timedelta(days=180), timedelta(days=365)
"""Ages of a release: of late there was one every two to five months, so that after a year several are missing."""

YEAR = timedelta(days=366)

Verdict = Literal["fresh", "ageing", "stale"]


@dataclass(frozen=True, slots=True)
class ChangedRules:
    """A zone's distances from UTC: ``before`` in the year before last, and ``now``, from ``since`` on."""

    zone: str
    since: datetime
    before: tuple[timedelta, ...]
    now: tuple[timedelta, ...]


def age(at: datetime, version: str = "") -> timedelta:
    """How old the release in use is at most: one that is not listed is dated by the newest listed before it."""
    version = version or tzdata_version()
    listed = [day for name, day in RELEASES if name <= version]
    published = max((*listed, date(int(version[:4]), 1, 1)))
    return as_utc(at) - datetime(published.year, published.month, published.day, tzinfo=UTC)


def verdict(at: datetime, version: str = "") -> Verdict:
    """ "stale" over a year of age, or :data:`GRACE` after a newer listed release; "ageing" over half a year."""
    version = version or tzdata_version()
    newer = any(name > version and as_utc(at).date() > day + GRACE for name, day in RELEASES)
    old = age(at, version)
    if newer or old > STALE:
        return "stale"
    return "ageing" if old > AGEING else "fresh"


def changed_rules(zones: Iterable[str], at: datetime) -> tuple[ChangedRules, ...]:
    """The zones whose clocks show other hours in the year after ``at`` than two years before, as a year repeats itself.

    That finds a summer time given up or taken up, and another distance from UTC; not one that begins on another day.
    """
    found = (_changed(zone, as_utc(at)) for zone in sorted(set(zones)))
    return tuple(one for one in found if one is not None)


def _changed(zone: str, at: datetime) -> ChangedRules | None:
    before, now = _hours(zone, at - 2 * YEAR, at - YEAR), _hours(zone, at, at + YEAR)
    if before == now:
        return None
    since = [edge for edge in transitions(zone, at - 2 * YEAR, at + YEAR) if _hours(zone, edge, edge + YEAR) == now]
    return ChangedRules(zone, min(since, default=at), before, now)


def _hours(zone: str, start: datetime, end: datetime) -> tuple[timedelta, ...]:
    edges = (start, *transitions(zone, start, end - timedelta(seconds=1)))
    return tuple(sorted({to_local(edge, zone).utcoffset() or timedelta() for edge in edges}))
