"""Who is responsible now, and who next.

A rota is a stack. At the bottom people take turns, always. Layers lie over them, each in its own hours, the later over
the earlier; over all layers lie the shifts that are written down one by one, and over those a temporary schedule. Where
one of these says nobody, what lies under it answers, so that somebody is on call at every instant. Last come overrides,
the one made last over those made before.

One person is responsible at every instant, never nobody and never two: a page that goes to two people is one that each
leaves to the other. Whoever is on call at once with them is the next. Where a wall time is repeated, whoever takes over
is responsible from its first occurrence, and whoever is relieved stays next in line until its last: the hand-over
overlaps without the responsibility doing so. An override, and a shift that is written down, is the other way round,
responsible until the last occurrence of its end, so that a cover is never cut short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from routing.rota_parts import Layer, Override, Rota, RotaError, Shift, Temporary, Turn, everybody
from routing.rota_windows import is_within, window_edges
from routing.rotation import Group, Occurrence, begins, group_at, hand_overs, index_at
from routing.zones import as_utc, to_utc

__all__ = [
    "Layer",
    "Override",
    "Rota",
    "RotaError",
    "Shift",
    "Temporary",
    "Turn",
    "everybody",
    "in_line",
    "next_on_call",
    "on_call",
    "on_duty",
    "turns",
]

Stretch = TypeVar("Stretch", bound=Override | Shift | Temporary)
_NOW: tuple[Occurrence, Occurrence] = ("first", "second")


def on_call(rota: Rota, at: datetime) -> str:
    """The person responsible at the instant."""
    return on_duty(rota, at)[0]


def on_duty(rota: Rota, at: datetime) -> Group:
    """Whoever is on call at once, the responsible person first."""
    return _on_duty(rota, as_utc(at), *_NOW)


def next_on_call(rota: Rota, at: datetime) -> str | None:
    """Whom to page when the one on call does not answer; None when there is nobody else."""
    return next(iter(in_line(rota, at)[1:]), None)


def in_line(rota: Rota, at: datetime) -> Group:
    """Everybody who may be paged, in order, each once; the first is the one on call.

    In a repeated hour the next is whoever reads its hand-over the other way and so may think it is their turn. Else it
    is whoever is on call at once with the first, then the next of each layer in force and of the turns at the bottom. A
    person who is covered comes last: away, but better than nobody.
    """
    at = as_utc(at)
    now = _on_duty(rota, at, *_NOW)
    otherwise = (*_on_duty(rota, at, "second", "second")[:1], *_on_duty(rota, at, "first", "first")[:1])
    relieved = _relieved(rota, at)
    following = [person for layer in _in_force(rota, at) for person in _taking_turns(layer, at)]
    rest = [person for person in following if person not in relieved]
    return tuple(dict.fromkeys((*now[:1], *otherwise, *now[1:], *rest, *relieved)))


def turns(rota: Rota, start: datetime, end: datetime) -> tuple[Turn, ...]:
    """Who is on call from ``start`` to ``end``, without a gap; whatever may change hands ends a turn."""
    cuts = (
        sorted({start, end} | {edge for edge in _edges(rota, start, end) if start < edge < end}) if start < end else []
    )
    return tuple(Turn(one, other, *_split(on_duty(rota, one))) for one, other in pairwise(cuts))


def _split(group: Group) -> tuple[str, Group]:
    return group[0], group[1:]


def _on_duty(rota: Rota, at: datetime, starts: Occurrence, ends: Occurrence) -> Group:
    """Whoever is on call, for somebody who reads repeated wall times as these occurrences of them."""
    group = _written(rota, at, starts, ends)
    for one in _overrides(rota, at, starts, ends):
        group = _covered(group, one)
    return group


def _relieved(rota: Rota, at: datetime) -> Group:
    """Whoever would be on call but for overrides, in the order in which they were relieved."""
    group = _written(rota, at, *_NOW)
    relieved: list[str] = []
    for one in _overrides(rota, at, *_NOW):
        before, group = group, _covered(group, one)
        relieved += [person for person in before if person not in group]
    return tuple(relieved)


def _overrides(rota: Rota, at: datetime, starts: Occurrence, ends: Occurrence) -> list[Override]:
    held = _holding(rota, rota.overrides, at, starts, ends)
    return [one for one in held if not any(_follows(rota, other, one) for other in held)]


def _covered(group: Group, override: Override) -> Group:
    if override.beside:
        return tuple(dict.fromkeys((*group, override.person)))
    away = override.instead_of or group[0]
    return tuple(dict.fromkeys(override.person if one == away else one for one in group))


def _written(rota: Rota, at: datetime, starts: Occurrence, ends: Occurrence) -> Group:
    """Whoever is on call but for overrides."""
    replaced = _shifts_held(rota, _temporary(rota, at, starts, ends), at, starts, ends)
    if replaced:
        return replaced
    besides = [group for layer in rota.layers if layer.beside for group in [_group(layer, at, starts)]]
    found = _shifts_held(rota, rota.shifts, at, starts, ends)
    over = (_group(layer, at, starts) for layer in reversed(rota.layers) if not layer.beside)
    group = found or next(filter(None, over), ()) or group_at(rota.base.rotation, at, starts)
    return tuple(dict.fromkeys((*group, *(person for one in besides for person in one))))


def _temporary(rota: Rota, at: datetime, starts: Occurrence, ends: Occurrence) -> Sequence[Shift]:
    """The shifts of the temporary schedule that was made last."""
    held = _holding(rota, rota.temporary, at, starts, ends)
    standing = [one for one in held if not any(_begins_where(rota, other, one) for other in held)]
    return standing[-1].shifts if standing else ()


def _shifts_held(rota: Rota, shifts: Sequence[Shift], at: datetime, starts: Occurrence, ends: Occurrence) -> Group:
    held = _holding(rota, shifts, at, starts, ends)
    standing = (one for one in held if not any(_begins_where(rota, other, one) for other in held))
    return tuple(dict.fromkeys(person for one in standing for person in one.people))


def _group(layer: Layer, at: datetime, which: Occurrence) -> Group:
    """Whoever a layer puts on call; nobody outside its time and its hours."""
    rotation = layer.rotation
    if at < begins(rotation, which) or index_at(rotation, at, which) < 0:
        return ()
    if layer.ends is not None and at >= to_utc(layer.ends, rotation.zone, repeated=which):
        return ()
    if layer.when is not None and not is_within(layer.when, rotation.zone, at, which):
        return ()
    return group_at(rotation, at, which)


def _in_force(rota: Rota, at: datetime) -> Iterator[Layer]:
    """The layers that put somebody on call, the uppermost first, and the turns at the bottom."""
    yield from (layer for layer in reversed(rota.layers) if _group(layer, at, "first"))
    yield rota.base


def _taking_turns(layer: Layer, at: datetime) -> Iterator[str]:
    rotation = layer.rotation
    for ahead in range(len(rotation.groups)):
        yield from group_at(rotation, at, ahead=ahead)


def _holding(rota: Rota, items: Iterable[Stretch], at: datetime, starts: Occurrence, ends: Occurrence) -> list[Stretch]:
    return [one for one in items if _instant(rota, one.start, starts) <= at < _instant(rota, one.end, ends)]


def _follows(rota: Rota, other: Override, one: Override) -> bool:
    """Whether ``other`` takes over from ``one``: it does from the first time that the end of ``one`` is shown."""
    if one.beside or other.beside or one.instead_of != other.instead_of:
        return False
    return _begins_where(rota, other, one)


def _begins_where(rota: Rota, other: Override | Shift | Temporary, one: Override | Shift | Temporary) -> bool:
    return _instant(rota, other.start, "first") >= _instant(rota, one.end, "first")


def _instant(rota: Rota, moment: datetime, which: Occurrence) -> datetime:
    return as_utc(moment) if moment.tzinfo else to_utc(moment, rota.zone, repeated=which)


def _edges(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant at which somebody may begin or end, from ``start`` to ``end``, and perhaps some beside them."""
    inner = [one for schedule in rota.temporary for one in schedule.shifts]
    stretches: list[Override | Shift | Temporary] = [*rota.overrides, *rota.shifts, *rota.temporary, *inner]
    for item in stretches:
        yield _instant(rota, item.start, "first")
        yield _instant(rota, item.end, "second")
    for layer in (rota.base, *rota.layers):
        yield from hand_overs(layer.rotation, start, end)
    for layer in rota.layers:
        yield begins(layer.rotation)
        if layer.ends is not None:
            yield to_utc(layer.ends, layer.rotation.zone)
        if layer.when is not None:
            yield from window_edges(layer.when, layer.rotation.zone, start, end)
