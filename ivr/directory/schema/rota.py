"""The rotas of oncall.yaml: turns, layers over them, shifts written down one by one, and who stands in for whom."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from ivr.core.counting import counted
from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    Day,
    Duration,
    Identifier,
    Means,
    Model,
    OneOrMore,
    Some,
    WallTime,
    Whole,
    YesNo,
    Zone,
    one_of,
)
from ivr.directory.schema.hours import Hours
from routing.rotation import monthly_day
from routing.windows import WEEKDAYS

NOBODY = "nobody"
"""Written in place of a person in a layer: what lies under it answers."""
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HAND_OVER = re.compile(rf"(?:(.+) )?({_TIME})")
_NEEDS = {
    "weekly": "a weekly rota hands over on a weekday: write mon 08:00",
    "monthly": "a monthly one hands over on a day of the month: write 1 08:00, or 1st mon 08:00",
}


def _hand_over(value: Any) -> tuple[str, str]:
    """A day and a time of day: ``mon 08:00``, ``15 08:00``, ``1st mon 08:00``; or a time of day alone."""
    match = _HAND_OVER.fullmatch(value) if isinstance(value, str) else None
    day = match[1] if match is not None else None
    if match is None or not (day is None or day in WEEKDAYS or monthly_day(day) is not None):
        raise Unreadable(f"{value!r} is not a hand-over", "write a weekday and a time, such as mon 08:00")
    return day or "", match[2]


def _turn(value: Any) -> Any:
    """A turn, or only the name of whoever has it."""
    return {"person": value} if isinstance(value, str) else value


def _refuse_backwards(what: str, starts: datetime, until: datetime) -> None:
    if until <= starts:
        raise Unreadable(f"{what} ends before it begins", "swap from and until")


def _refuse_wrong_day(rotation: str, hand_over: tuple[str, str]) -> None:
    day, clock = hand_over
    if rotation == "weekly" and day not in WEEKDAYS:
        raise Unreadable(f"{day or clock!r} is no weekday", _NEEDS[rotation], ("hand_over",))
    if rotation == "monthly" and monthly_day(day) is None:
        raise Unreadable(f"{day or clock!r} is no day of every month", _NEEDS[rotation], ("hand_over",))


def _refuse_no_turn(every: int) -> None:
    if not 1 <= every <= 1000:
        raise Unreadable(f"a turn of {every} is none", "write 1 to 1000", ("every",))


class TurnEntry(Model):
    """Whoever has a turn: one person, or several who are on call at once, of whom the first is responsible."""

    person: Annotated[
        OneOrMore[Identifier], Means("Who has the turn; of several on call at once the first is responsible.", "dr-lee")
    ]
    turns: Annotated[Whole, Means("How many turns they have one after another, 1 to 100.", "2")] = 1

    @model_validator(mode="after")
    def _some(self) -> TurnEntry:
        if not 1 <= self.turns <= 100:
            what = f"{counted(self.turns, 'turn')} is out of bounds"
            raise Unreadable(what, "write 1 to 100, or leave the person out")
        return self


Turns = OneOrMore[Annotated[TurnEntry, BeforeValidator(_turn)]]


class OverrideEntry(Model):
    """A stretch of a rota taken by somebody else, in the rota's wall time. Of several the one written last holds."""

    starts: Annotated[WallTime, Means("When it begins, on the rota's clocks.", "2026-10-26 08:00")] = Field(
        alias="from"
    )
    until: Annotated[WallTime, Means("When it ends.", "2026-11-02 08:00")]
    person: Annotated[Identifier, Means("Who is responsible meanwhile.", "dr-lee")]
    instead_of: Annotated[
        Identifier | None,
        Means("For whom they stand in, wherever that person is on call; left out: for whoever it is.", "dr-okafor"),
    ] = None
    beside: Annotated[
        YesNo, Means("Whether they are on call at once with the others, and take nobody's place.", "true")
    ] = False

    @model_validator(mode="after")
    def _forwards(self) -> OverrideEntry:
        _refuse_backwards("the override", self.starts, self.until)
        if self.beside and self.instead_of is not None:
            raise Unreadable("whoever is beside the others stands in for nobody", "remove beside or instead_of")
        return self


class ShiftEntry(Model):
    """A shift that is written down by itself, in the rota's wall time."""

    starts: Annotated[WallTime, Means("When it begins, on the rota's clocks.", "2026-12-24 18:00")] = Field(
        alias="from"
    )
    until: Annotated[WallTime, Means("When it ends.", "2026-12-25 08:00")]
    person: Annotated[OneOrMore[Identifier], Means("Who has it; of several the first is responsible.", "dr-lee")]

    @model_validator(mode="after")
    def _forwards(self) -> ShiftEntry:
        _refuse_backwards("the shift", self.starts, self.until)
        return self


class TemporaryEntry(Model):
    """A schedule that replaces the rota for a while. Where its shifts leave a gap, the rota goes on."""

    starts: Annotated[WallTime, Means("When it begins, on the rota's clocks.", "2026-12-20 08:00")] = Field(
        alias="from"
    )
    until: Annotated[WallTime, Means("When the rota holds again.", "2027-01-03 08:00")]
    shifts: Annotated[
        Some[tuple[ShiftEntry, ...]],
        Means("Who is on call when.", "[{from: 2026-12-20 08:00, until: 2027-01-03 08:00, person: dr-lee}]"),
    ]

    @model_validator(mode="after")
    def _forwards(self) -> TemporaryEntry:
        _refuse_backwards("the temporary schedule", self.starts, self.until)
        return self


class LayerEntry(Model):
    """People who take turns over those under them: in its own hours, from a day on, perhaps until an end."""

    rotation: Annotated[
        Annotated[str, one_of(("weekly", "daily", "hourly", "monthly", "shift", "none"))],
        Means("How often it hands over; shift: each window of when is a turn; none: the first person stays.", "daily"),
    ]
    every: Annotated[Whole, Means("How many of these a turn lasts.", "2")] = 1
    hand_over: Annotated[
        Annotated[tuple[str, str], PlainValidator(_hand_over)],
        Means("When it hands over, as for a rota; it begins at this time of day.", "fri 17:00", default="00:00"),
    ] = ("", "00:00")
    starts: Annotated[Day, Means("The first day, in the first person's turn.", "2026-10-09")] = Field(alias="from")
    until: Annotated[
        WallTime | None,
        Means("When it ends, and what is under it answers; left out: never.", "2027-01-04 08:00"),
    ] = None
    when: Annotated[
        Hours | None, Means("The hours in which it holds; left out: all of them.", '{mon-sun: ["17:00-08:00"]}')
    ] = None
    people: Annotated[
        Turns, Means("Who takes turns, in this order; nobody leaves a turn to what is under it.", "[dr-lee, dr-okafor]")
    ]
    beside: Annotated[
        YesNo, Means("Whether they are on call at once with those under them, who stay responsible.", "true")
    ] = False

    @model_validator(mode="after")
    def _consistent(self) -> LayerEntry:
        _refuse_no_turn(self.every)
        _refuse_wrong_day(self.rotation, self.hand_over)
        if self.rotation == "shift" and self.when is None:
            raise Unreadable("turns by shift need shifts", "write when: with the hours of each")
        if self.until is not None:
            _refuse_backwards("the layer", datetime.combine(self.starts, datetime.min.time()), self.until)
        if all(one.person == (NOBODY,) for one in self.people):
            raise Unreadable("the layer has nobody in it", "name somebody, or remove it", ("people",))
        return self


class DrillEntry(Model):
    """A test before each shift: whoever goes on call is rung, and presses 1 to say that they can be reached."""

    before: Annotated[
        Duration, Means("How long before a shift the first ring comes, 2m to 12h.", "45m", default="30m")
    ] = timedelta(minutes=30)
    tries: Annotated[
        Whole, Means("How often they are rung before the shift is at risk, 1 to 10; once more as it begins.", "2")
    ] = 3
    every: Annotated[
        Duration, Means("How long after a ring in vain the next one comes, 2m to 1h.", "5m", default="10m")
    ] = timedelta(minutes=10)
    backup: Annotated[
        Identifier | None,
        Means("Who is paged at once beside whoever was not reached; left out: whoever is paged next.", "dr-patel"),
    ] = None

    @model_validator(mode="after")
    def _in_bounds(self) -> DrillEntry:
        if not timedelta(minutes=2) <= self.before <= timedelta(hours=12):
            raise Unreadable("the first ring comes at no good time", "write 2m to 12h", ("before",))
        if not 1 <= self.tries <= 10:
            raise Unreadable(f"{counted(self.tries, 'try', 'tries')} are out of bounds", "write 1 to 10", ("tries",))
        if not timedelta(minutes=2) <= self.every <= timedelta(hours=1):
            mend = "write 2m to 1h: a ring takes a minute, and whoever did not hear it needs a while"
            raise Unreadable("the next ring comes at no good time", mend, ("every",))
        return self


class RotaEntry(Model):
    """Who is responsible when: people take turns from the hand-over on or after ``from``, and others stand over them.

    Later layers go before earlier ones, shifts before layers, a temporary schedule before both, overrides before all.
    """

    timezone: Annotated[Zone, Means("The clocks by which it hands over.", "America/Chicago")]
    rotation: Annotated[
        Annotated[str, one_of(("weekly", "daily", "none", "hourly", "monthly"))],
        Means("How often it hands over; none: the first person stays, the others come next.", "weekly"),
    ]
    every: Annotated[Whole, Means("How many of these a turn lasts: 2 of weekly, 12 of hourly.", "2")] = 1
    hand_over: Annotated[
        Annotated[tuple[str, str], PlainValidator(_hand_over)],
        Means(
            "The weekday and time of day of the hand-over; a monthly one: 15 08:00 or 1st mon 08:00; a daily or hourly "
            "rota looks at the time only.",
            "mon 08:00",
        ),
    ]
    starts: Annotated[Day, Means("A day in the first person's turn.", "2026-10-05")] = Field(alias="from")
    people: Annotated[
        Turns,
        Means(
            "Who takes turns, in this order: names, or {person: dr-lee, turns: 2}, or {person: [dr-lee, dr-okafor]}.",
            "[dr-lee, dr-okafor]",
        ),
    ]
    layers: Annotated[
        tuple[LayerEntry, ...],
        Means(
            "Other turns over these, the later over the earlier.",
            '[{rotation: weekly, hand_over: fri 17:00, from: 2026-10-09, when: {sat-sun: ["00:00-24:00"]}, '
            "people: [dr-patel, dr-lee]}]",
        ),
    ] = ()
    shifts: Annotated[
        tuple[ShiftEntry, ...],
        Means(
            "Shifts written down one by one, over the layers.",
            "[{from: 2026-12-24 18:00, until: 2026-12-25 08:00, person: dr-lee}]",
        ),
    ] = ()
    temporary: Annotated[
        tuple[TemporaryEntry, ...],
        Means(
            "Schedules that replace the rota for a while.",
            "[{from: 2026-12-20 08:00, until: 2027-01-03 08:00, "
            "shifts: [{from: 2026-12-20 08:00, until: 2027-01-03 08:00, person: dr-lee}]}]",
        ),
    ] = ()
    overrides: Annotated[
        tuple[OverrideEntry, ...],
        Means(
            "Stretches that somebody else takes.", "[{from: 2026-10-26 08:00, until: 2026-11-02 08:00, person: dr-lee}]"
        ),
    ] = ()

    drill: Annotated[
        DrillEntry | None,
        Means("A test before each shift that whoever goes on call can be reached; left out: none.", "{before: 30m}"),
    ] = None

    @model_validator(mode="after")
    def _consistent(self) -> RotaEntry:
        _refuse_no_turn(self.every)
        _refuse_wrong_day(self.rotation, self.hand_over)
        return self

    @property
    def everybody(self) -> tuple[str, ...]:
        """Whoever is named anywhere in it, each once."""
        inner = [shift for one in self.temporary for shift in one.shifts]
        turns = [*self.people, *(turn for layer in self.layers for turn in layer.people)]
        groups = [*(one.person for one in turns), *(one.person for one in (*self.shifts, *inner))]
        groups += [(override.person,) for override in self.overrides]
        return tuple(dict.fromkeys(one for group in groups for one in group if one != NOBODY))
