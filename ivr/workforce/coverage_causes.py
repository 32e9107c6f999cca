"""Gaps that have one cause, as one: what mends one of them mends them all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from ivr.workforce.coverage import Gap
from routing.agents import Need
from routing.mending import Mend
from routing.spans import Span, joined

OF_THE_HOURS = frozenset({"not-in-shift", "shift-edge"})
"""What stands against somebody at some times and not at others: a mend of one stretch of time is none of another."""

MendKey = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Gaps of every one of ``services`` in every one of ``languages`` at every one of ``places``.

    ``places`` are practices with their locations, ``spans`` all the times at which somebody is missing, and ``mends``
    those that help everywhere. The rest is as with :class:`Gap`, and the same for all.
    """

    gaps: tuple[Gap, ...]
    places: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    languages: tuple[str, ...]
    states: tuple[str, ...]
    spans: tuple[Span, ...]
    mends: tuple[Mend, ...]

    @property
    def first(self) -> Gap:
        """One of the gaps, for what they have in common."""
        return self.gaps[0]

    @property
    def need(self) -> Need:
        """What a call asks for there."""
        return self.first.line.need


Named = TypeVar("Named", bound=Hashable)
Part = Callable[[Cause], Hashable]


def causes_of(gaps: Iterable[Gap]) -> tuple[Cause, ...]:
    """The causes of gaps. Places come together first, then languages, then services."""
    found = [_alone(gap) for gap in gaps]
    found = _together(found, lambda cause: (cause.services, cause.languages))
    found = _together(found, lambda cause: (cause.services, cause.places, cause.spans))
    return tuple(_together(found, lambda cause: (cause.languages, cause.places, cause.spans)))


def cause_of(gap: Gap) -> Cause:
    """A gap by itself."""
    return _alone(gap)


def _alone(gap: Gap) -> Cause:
    line, need = gap.line, gap.line.need
    states = (need.patient_state,) if need.licensed_kind and need.patient_state else ()
    return Cause(
        (gap,),
        ((line.practice, line.location),),
        (need.service,),
        (need.language,),
        states,
        gap.spans,
        gap.mends,
    )


def _together(causes: Iterable[Cause], alike: Part) -> list[Cause]:
    """The causes, those that are ``alike`` made one wherever something mends both."""
    found: dict[Hashable, list[Cause]] = {}
    for cause in causes:
        gap, need = cause.first, cause.need
        flags = (gap.people, gap.interpreted, gap.caught, gap.promised, gap.anyone, need.licensed_kind)
        _put(found.setdefault((flags, alike(cause)), []), cause)
    return [*chain.from_iterable(found.values())]


def _put(found: list[Cause], cause: Cause) -> None:
    for index, other in enumerate(found):
        if (both := _joined(other, cause)) is not None:
            found[index] = both
            return
    found.append(cause)


def _joined(one: Cause, other: Cause) -> Cause | None:
    mends = _common(one, other)
    hopeless = not one.mends and not other.mends and _asks(one.need) == _asks(other.need)
    if not mends and not hopeless:
        return None
    return Cause(
        (*one.gaps, *other.gaps),
        _union(one.places, other.places),
        _union(one.services, other.services),
        _union(one.languages, other.languages),
        _union(one.states, other.states),
        tuple(joined(sorted((*one.spans, *other.spans)))),
        mends,
    )


def _asks(need: Need) -> tuple[Hashable, ...]:
    return need.skill, need.level


def _common(one: Cause, other: Cause) -> tuple[Mend, ...]:
    theirs = {_key(mend, other): mend for mend in other.mends}
    same_times = one.spans == other.spans
    both = (
        (mend, theirs[_key(mend, one)])
        for mend in one.mends
        if _key(mend, one) in theirs and (same_times or mend.lack not in OF_THE_HOURS)
    )
    helping = ((mend, tuple(agent for agent in mend.agents if agent in same.agents)) for mend, same in both)
    return tuple(Mend(mend.lack, mend.pool, agents) for mend, agents in helping if agents)


def _key(mend: Mend, cause: Cause) -> MendKey:
    """A mend with what it depends on."""
    need = cause.need
    depends: dict[str, Hashable] = {
        "language": cause.languages,
        "licence": (need.licensed_kind, cause.states),
        "skill": (need.skill, need.level),
    }
    return mend.lack, mend.pool.id, depends.get(mend.lack)


def _union(one: tuple[Named, ...], other: tuple[Named, ...]) -> tuple[Named, ...]:
    return tuple(dict.fromkeys((*one, *other)))
