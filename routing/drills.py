"""Who is rung to see that they can be reached before they are on call, when, and what follows where they are not.

Everything is counted in instants: half an hour before a shift is half an hour in the nights of the change too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from routing.rota import Rota, on_call, turns
from routing.rota_parts import DrillRule

LATEST = timedelta(minutes=30)
"""So long after its beginning a shift is still tested that nobody knew of before: a cover that was made at once."""


class Beginning(NamedTuple):
    """Somebody becomes responsible who was not before."""

    person: str
    start: datetime


def list_beginnings(rota: Rota, since: datetime, until: datetime) -> Iterator[Beginning]:
    """Every shift that begins after ``since`` and not after ``until``. A hand-over to oneself begins none."""
    before = on_call(rota, since)
    for turn in turns(rota, since, until + timedelta(seconds=1)):
        if turn.person != before and turn.start <= until:
            yield Beginning(turn.person, turn.start)
        before = turn.person


def list_to_test(rota: Rota, at: datetime) -> list[Beginning]:
    """The shifts whose first ring is due, or was due since, of a rota that is tested; the earliest first.

    One that has ended by then, because a cover was taken back, is none of them.
    """
    if rota.drill is None:
        return []
    found = list_beginnings(rota, at - LATEST, at + rota.drill.before)
    return [one for one in found if is_still_theirs(rota, one, at)]


def is_still_theirs(rota: Rota, beginning: Beginning, at: datetime) -> bool:
    """Whether a shift begins with them as it was to, or is theirs now that it has begun."""
    return on_call(rota, max(beginning.start, at)) == beginning.person


def is_at_risk(rule: DrillRule, missed: int) -> bool:
    """Whether so many rings in vain leave the shift at risk."""
    return missed >= rule.tries


def find_next_ring(rule: DrillRule, start: datetime, missed: int, at: datetime) -> datetime | None:
    """When whoever did not answer at ``at``, for the ``missed``-th time, is rung next; None for not again by itself.

    After the last try they are rung once more, when the shift begins, where that is still to come.
    """
    if missed < rule.tries:
        return at + rule.every
    return start if at < start else None
