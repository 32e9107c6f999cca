"""From the rotas as they are written to those that routing decides with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ivr.directory.schema.rota import NOBODY, DrillEntry, LayerEntry, OverrideEntry, RotaEntry, ShiftEntry, TurnEntry
from routing.rota import Layer, Override, Rota, Shift, Temporary
from routing.rota_parts import DrillRule
from routing.rotation import Group, Rotation, Unit


def rota_of(name: str, entry: RotaEntry) -> Rota:
    """A rota; raises :class:`routing.rota.RotaError` when it contradicts itself."""
    return Rota(
        id=name,
        zone=entry.timezone,
        rotation=cast(Unit, entry.rotation),
        hand_over=entry.hand_over,
        starts=entry.starts,
        people=tuple(_groups(entry.people)),
        overrides=tuple(_override(one) for one in entry.overrides),
        every=entry.every,
        layers=tuple(_layer(entry.timezone, one) for one in entry.layers),
        shifts=tuple(_shift(one) for one in entry.shifts),
        temporary=tuple(
            Temporary(one.starts, one.until, tuple(_shift(shift) for shift in one.shifts)) for one in entry.temporary
        ),
        drill=_drill(entry.drill),
    )


def _drill(entry: DrillEntry | None) -> DrillRule | None:
    return DrillRule(entry.before, entry.tries, entry.every, entry.backup) if entry is not None else None


def _groups(turns: tuple[TurnEntry, ...]) -> Iterator[Group]:
    for turn in turns:
        group = tuple(person for person in turn.person if person != NOBODY)
        yield from (group for _ in range(turn.turns))


def _layer(zone: str, entry: LayerEntry) -> Layer:
    unit = cast(Unit, entry.rotation)
    groups = tuple(_groups(entry.people))
    rotation = Rotation(zone, unit, entry.hand_over, entry.starts, groups, entry.every, entry.when)
    return Layer(rotation, entry.when, entry.until, entry.beside)


def _override(entry: OverrideEntry) -> Override:
    return Override(entry.starts, entry.until, entry.person, entry.instead_of, entry.beside)


def _shift(entry: ShiftEntry) -> Shift:
    return Shift(entry.starts, entry.until, entry.person)
