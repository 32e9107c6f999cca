"""Who is responsible now, and who next.

A rota hands over at a wall time, so a turn lasts an hour more or less when the clocks change. One person is responsible
at every instant, never nobody and never two: a page that goes to two people is one that each leaves to the other. Where
a wall time is repeated, whoever takes over is responsible from its first occurrence, and whoever is relieved stays next
in line until its last: the hand-over overlaps without the responsibility doing so. An override is the other way round,
responsible until the last occurrence of its end, so that a cover is never cut short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from routing.errors import RoutingError
from routing.windows import HoursError, parse_clock, parse_days
from routing.zones import ZoneError, as_utc, known_zone, nearest_zone, to_local, to_utc

Occurrence = Literal["first", "second"]


class RotaError(RoutingError):
    """A rota that cannot say who is on call; the text names the rota and the mend."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else from ``start`` to ``end``: naive wall times of the rota's zone, or aware instants."""

    start: datetime
    end: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's responsibility from ``start`` up to, not including, ``end``; both UTC."""

    start: datetime
    end: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Rota:
    """People taking turns in order.

    The first person's turn holds the date ``starts`` (and everything before it: a rota always has an answer). A weekly
    rota hands over at ``hand_over``, such as ``("mon", "08:00")``; a daily one every day at that time, whatever the
    day says; with "none" the first person stays and the others are who comes next.
    """

    id: str
    zone: str
    rotation: Literal["weekly", "daily", "none"]
    hand_over: tuple[str, str]
    starts: date
    people: tuple[str, ...]
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if not self.people:
            raise RotaError(f"rota {self.id} has nobody in it; name at least one person")
        if not known_zone(self.zone):
            hint = nearest_zone(self.zone)
            raise ZoneError(f"rota {self.id}: {self.zone!r} is not a time zone; use a name such as {hint}")
        if self.rotation not in ("weekly", "daily", "none"):
            raise RotaError(f"rota {self.id}: rotation {self.rotation!r} is unknown; use weekly, daily or none")
        _refuse_bad_hand_over(self)
        _refuse_bad_overrides(self)


def on_call(rota: Rota, at: datetime) -> str:
    """The person responsible at the instant; an override beats the rotation, the one begun last another."""
    return _holder(rota, at, "first", "second")


def next_on_call(rota: Rota, at: datetime) -> str | None:
    """Whom to page when the one on call does not answer; None when there is nobody else.

    In a repeated hour that is whoever reads its hand-over the other way and so may think it is their turn. Else it is
    the next person in the rotation. A person whose turn is covered by an override comes last: away, but better than
    nobody.
    """
    now, index, count = on_call(rota, at), _index(rota, at), len(rota.people)
    otherwise = (_holder(rota, at, "second", "second"), _holder(rota, at, "first", "first"))
    following = (rota.people[(index + step) % count] for step in range(1, count + 1))
    return next((person for person in (*otherwise, *following) if person != now), None)


def turns(rota: Rota, start: datetime, end: datetime) -> tuple[Turn, ...]:
    """Who is on call from ``start`` to ``end``, without a gap; hand-overs and edges of overrides end a turn."""
    edges = {edge for one in _overrides(rota) for edge in one[:2]} | set(_hand_overs(rota, start, end))
    cuts = sorted({start, end} | {edge for edge in edges if start < edge < end}) if start < end else []
    return tuple(Turn(one, other, on_call(rota, one)) for one, other in pairwise(cuts))


def _holder(rota: Rota, at: datetime, starts: Occurrence, ends: Occurrence) -> str:
    """The person responsible, for whoever reads a repeated wall time as this occurrence of it."""
    taken = [person for start, end, person in _overrides(rota, starts, ends) if start <= at < end]
    return taken[-1] if taken else rota.people[_index(rota, at, starts) % len(rota.people)]


def _overrides(
    rota: Rota, starts: Occurrence = "first", ends: Occurrence = "second"
) -> list[tuple[datetime, datetime, str]]:
    found = ((_instant(rota, one.start, starts), _instant(rota, one.end, ends), one.person) for one in rota.overrides)
    return sorted(found)


def _instant(rota: Rota, moment: datetime, which: Occurrence) -> datetime:
    return as_utc(moment) if moment.tzinfo else to_utc(moment, rota.zone, repeated=which)


def _refuse_bad_hand_over(rota: Rota) -> None:
    try:
        parse_days(rota.hand_over[0] if rota.rotation == "weekly" else "mon")
        parse_clock(rota.hand_over[1])
    except HoursError as error:
        raise RotaError(f"rota {rota.id}: hand-over: {error}") from error


def _refuse_bad_overrides(rota: Rota) -> None:
    spans = _overrides(rota, ends="first")
    for start, end, person in spans:
        if start >= end:
            raise RotaError(f"rota {rota.id}: the override by {person} ends before it begins; swap its times")
    for one, other in pairwise(spans):
        if other[0] < one[1]:
            raise RotaError(f"rota {rota.id}: overrides by {one[2]} and {other[2]} overlap; end one sooner")


def _hand_overs(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    if rota.rotation != "none":
        yield from (_hand_over(rota, index) for index in range(_index(rota, start) + 1, _index(rota, end) + 1))


def _index(rota: Rota, at: datetime, which: Occurrence = "first") -> int:
    if rota.rotation == "none":
        return 0
    index = (to_local(at, rota.zone).date() - _anchor(rota)).days // _period(rota)
    while at < _hand_over(rota, index, which):
        index -= 1
    while at >= _hand_over(rota, index + 1, which):
        index += 1
    return max(index, 0)


def _hand_over(rota: Rota, index: int, which: Occurrence = "first") -> datetime:
    day = _anchor(rota) + timedelta(days=index * _period(rota))
    wall = datetime.combine(day, time()) + timedelta(minutes=parse_clock(rota.hand_over[1]))
    return to_utc(wall, rota.zone, repeated=which)


def _period(rota: Rota) -> int:
    return 7 if rota.rotation == "weekly" else 1


def _anchor(rota: Rota) -> date:
    if rota.rotation != "weekly":
        return rota.starts
    weekday = parse_days(rota.hand_over[0])[0]
    return rota.starts - timedelta(days=(rota.starts.weekday() - weekday) % 7)
