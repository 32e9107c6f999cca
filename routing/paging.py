"""Who is paged next, and which of several calls that page one person comes first.

``docs/decisions/one-ring-for-many-pages.md`` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PagingCall:
    """A call for which somebody is paged.

    ``rank`` is 0 for the highest urgency. ``telephone`` tells which calls come from one number; None where the number
    did not show, which is nobody else's. ``here``: the caller is on the line.
    """

    call: str
    rank: int
    since: datetime
    telephone: str | None = field(default=None, repr=False)
    here: bool = True


def order_calls(calls: Iterable[PagingCall], talked_with: Mapping[str, int]) -> tuple[PagingCall, ...]:
    """The calls in the order in which somebody takes them.

    The higher urgency comes first. Among equals each telephone has one call at a time in line, so that many calls from
    one number keep another caller waiting for one of them at most; then who has waited longest. ``talked_with`` counts
    the calls of each telephone that somebody is talking with now: they have had that telephone's turn. Of the calls of
    one telephone those whose caller is on the line come before those whose line dropped.
    """
    turns = Counter(talked_with)
    placed: list[tuple[tuple[int, int, datetime, str], PagingCall]] = []
    for one in sorted(calls, key=lambda one: (one.rank, not one.here, one.since, one.call)):
        turn = 0 if one.telephone is None else turns[one.telephone]
        if one.telephone is not None:
            turns[one.telephone] += 1
        placed.append(((one.rank, turn, one.since, one.call), one))
    return tuple(one for _, one in sorted(placed, key=lambda each: each[0]))


@dataclass(frozen=True, slots=True)
class NextStep:
    """Which step of a ladder is next, and who was ``passed_over`` on the way because they are talking.

    The step is the number of steps where none is left.
    """

    step: int
    passed_over: tuple[str, ...] = ()


def choose_next_step(
    persons: Sequence[str | None],
    after: int,
    known: Collection[str],
    talking: Collection[str],
    refused: Collection[str] = (),
) -> NextStep:
    """The next step of a ladder that pages ``persons`` in turn; None pages nobody and ends it.

    Whoever is not ``known`` any more was taken out since and is left out; so is whoever has ``refused``, however often
    the ladder names them. Whoever is ``talking`` cannot answer, and is not waited for.
    """
    passed_over: list[str] = []
    for step in range(after + 1, len(persons)):
        person = persons[step]
        if person is not None and person in refused:
            continue
        if person is None or (person in known and person not in talking):
            return NextStep(step, tuple(dict.fromkeys(passed_over)))
        if person in known:
            passed_over.append(person)
    return NextStep(len(persons), tuple(dict.fromkeys(passed_over)))


def put_off(persons: Sequence[str | None], after: int, lately: Mapping[str, datetime]) -> tuple[int, ...]:
    """The steps of a ladder by their places, where those that follow come later if their person was rung ``lately``.

    Whoever was rung longest ago is the first of them. The step that pages nobody stays the end.
    """

    def turn(place: int) -> tuple[int, float]:
        person = persons[place]
        if place <= after or person is None:
            return (0 if place <= after else 3), 0.0
        return (2, lately[person].timestamp()) if person in lately else (1, 0.0)

    return tuple(sorted(range(len(persons)), key=turn))


@dataclass(frozen=True, slots=True)
class Climbed:
    """What came of a ladder so far: who was ``asked`` in vain, who is ``done`` with it (they passed it on, or were
    tried once more after they had been lost), and how often each was ``lost``, who had accepted and was gone before
    there was contact.
    """

    asked: Collection[str] = ()
    done: Collection[str] = ()
    lost: Mapping[str, int] = field(default_factory=dict)


MOST_LOST = 2
"""Whoever was lost so often has been tried once more, and is rung no more by the ladder that is climbed."""


def order_onwards(ladder: Sequence[str | None], climbed: Climbed) -> tuple[int, ...]:
    """The steps by which a ladder goes on that was climbed and accepted by somebody who was lost, by their places.

    Whoever was not asked yet comes first, then whoever was asked in vain or was lost once. Whoever is done with it, or
    was lost too often, is left out. The step that pages nobody stays the end.
    """

    def turn(place: int) -> int:
        person = ladder[place]
        return 2 if person is None else 1 if person in climbed.asked or person in climbed.lost else 0

    out = {*climbed.done, *(person for person, times in climbed.lost.items() if times >= MOST_LOST)}
    return tuple(sorted((place for place, person in enumerate(ladder) if person not in out), key=turn))


def order_remaining(climbed: Sequence[str | None], ladder: Sequence[str | None]) -> tuple[int, ...]:
    """The steps of a ladder that follow where it got worse while another one was climbed, by their places.

    Whoever was not asked yet comes first. Then everybody is asked again, because they did not take what was less
    urgent; whoever is asked at this moment is the last of them. The step that pages nobody stays the end.
    """
    now = climbed[-1] if climbed else None

    def turn(place: int) -> int:
        person = ladder[place]
        return 3 if person is None else 2 if person == now else 1 if person in climbed else 0

    return tuple(sorted(range(len(ladder)), key=turn))
