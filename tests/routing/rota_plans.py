"""Rotas made up by chance, as plans of the oracle and as what routing decides with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from routing.rota import Layer, Override, Rota, Shift, Temporary
from routing.rotation import Rotation, Unit
from routing.windows import WeeklyHours, Window
from tests.routing.oracle import shown
from tests.routing.rota_oracle import WEEKDAYS, Cover, Plan, Spell, Turns

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PEOPLE = ("lee", "okafor", "patel", "cruz", "diaz")
UNITS = ("hourly", "daily", "weekly", "monthly", "none")


def rota_of(plan: Plan) -> Rota:
    """The plan as routing has it."""
    base = plan.base
    return Rota(
        "any",
        plan.zone,
        cast(Unit, base.unit),
        (base.day, _clock(base.minute)),
        base.starts,
        base.groups,
        tuple(Override(one.start, one.end, one.person, one.instead, one.beside) for one in plan.covers),
        base.every,
        tuple(_layer(plan.zone, one) for one in plan.layers),
        tuple(_shifts(plan.spells)),
        tuple(Temporary(start, end, tuple(_shifts(spells))) for start, end, spells in plan.temporary),
    )


def any_plan(chance: random.Random, zone: str, around: datetime) -> Plan:
    """A plan of which most begins and ends about the time of day that the clocks show around an instant."""
    odd = shown(around, zone).replace(second=0, microsecond=0)
    layers = tuple(any_turns(chance, odd, layer=True) for _ in range(chance.choice([0, 1, 1, 2, 3])))
    temporary = []
    for _ in range(chance.choice([0, 0, 1, 2])):
        start, end = any_stretch(chance, odd)
        spells = tuple(any_spell(chance, odd) for _ in range(chance.randint(1, 3)))
        temporary.append((start, end, spells))
    spells = tuple(any_spell(chance, odd) for _ in range(chance.choice([0, 0, 1, 2])))
    covers = [any_cover(chance, odd) for _ in range(chance.choice([0, 1, 2, 3]))]
    if chance.random() < 0.5:
        covers += followed(chance, odd)
    return Plan(zone, any_turns(chance, odd, layer=False), layers, spells, tuple(temporary), tuple(covers))


def any_turns(chance: random.Random, odd: datetime, *, layer: bool) -> Turns:
    """Turns that began some weeks ago, or begin within a day."""
    unit = chance.choice([*UNITS, "shift"] if layer else UNITS)
    minute = near(chance, odd)
    starts = odd.date() - chance.choice([0, 1, 10, 40, chance.randint(1, 400)]) * DAY
    day = any_day(chance, unit)
    when = any_week(chance, odd) if unit == "shift" or (layer and chance.random() < 0.6) else ()
    ends = odd + 5 * chance.randint(-15, 15) * MINUTE if layer and chance.random() < 0.3 else None
    groups = tuple(any_group(chance, may_be_empty=layer) for _ in range(chance.randint(1, 4)))
    if not any(groups):
        groups = (("lee",),)
    every = chance.choice([1, 1, 2, 3]) if unit != "hourly" else chance.choice([1, 6, 8, 12])
    return Turns(unit, every, day, minute, starts, groups, when, ends, layer and chance.random() < 0.2)


def any_day(chance: random.Random, unit: str) -> str:
    """A day of hand-over as it is written."""
    if unit == "monthly":
        place = f"{chance.choice(['1st', '2nd', '3rd', '4th', 'last'])} {chance.choice(WEEKDAYS)}"
        return chance.choice([str(chance.choice([1, 15, 29, 30, 31])), place])
    return chance.choice(WEEKDAYS) if unit == "weekly" else ""


def any_group(chance: random.Random, *, may_be_empty: bool) -> tuple[str, ...]:
    """One person, several, or nobody."""
    return tuple(chance.sample(PEOPLE, chance.choice([0, 1, 1, 1, 2] if may_be_empty else [1, 1, 1, 2, 3])))


def any_week(chance: random.Random, odd: datetime) -> tuple[tuple[int, int, int], ...]:
    """At least one window of a week, none of two on a day."""
    found = []
    for weekday in sorted(chance.sample(range(7), chance.randint(1, 7))):
        start, length = near(chance, odd), chance.choice([60, 480, 720, 1440])
        found.append((weekday, start, start + length))
    if odd.weekday() not in [weekday for weekday, *_ in found]:
        found.append((odd.weekday(), near(chance, odd), 1440))
    return tuple(sorted(found))


def any_stretch(chance: random.Random, odd: datetime) -> tuple[datetime, datetime]:
    """From when until when, of which one is near the odd hour; not within a gap of it."""
    edge, length = odd + 5 * chance.randint(-15, 15) * MINUTE, timedelta(hours=chance.randint(3, 40))
    return chance.choice([(edge - length, edge), (edge, edge + length)])


def any_spell(chance: random.Random, odd: datetime) -> Spell:
    """A shift that is written down."""
    return Spell(*any_stretch(chance, odd), any_group(chance, may_be_empty=False))


def any_cover(chance: random.Random, odd: datetime) -> Cover:
    """Somebody for all, for one, or beside all."""
    instead = chance.choice([None, None, *PEOPLE])
    beside = instead is None and chance.random() < 0.2
    return Cover(*any_stretch(chance, odd), chance.choice([*PEOPLE, "gray"]), instead, beside)


def followed(chance: random.Random, odd: datetime) -> list[Cover]:
    """Two covers for the same, of which one begins when the other ends, in either order."""
    edge, length = odd + 5 * chance.randint(-12, 12) * MINUTE, timedelta(hours=chance.randint(3, 40))
    instead = chance.choice([None, None, *PEOPLE])
    one, other = Cover(edge - length, edge, "gray", instead), Cover(edge, edge + length, "diaz", instead)
    return chance.choice([[one, other], [other, one]])


def near(chance: random.Random, odd: datetime) -> int:
    """A minute of the day, mostly one near the odd hour."""
    if chance.random() < 0.25:
        return 5 * chance.randrange(288)
    return (odd.hour * 60 + odd.minute + 5 * chance.randint(-15, 15)) % 1440 // 5 * 5


def _layer(zone: str, turns: Turns) -> Layer:
    when = _weekly(turns.when) if turns.when else None
    hand_over = (turns.day, _clock(turns.minute))
    rotation = Rotation(zone, cast(Unit, turns.unit), hand_over, turns.starts, turns.groups, turns.every, when)
    return Layer(rotation, when, turns.ends, turns.beside)


def _weekly(windows: Sequence[tuple[int, int, int]]) -> WeeklyHours:
    days: list[tuple[Window, ...]] = [()] * 7
    for weekday, start, end in windows:
        days[weekday] += (Window(start, end),)
    return WeeklyHours(tuple(days))


def _shifts(spells: Sequence[Spell]) -> list[Shift]:
    return [Shift(one.start, one.end, one.people) for one in spells]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
