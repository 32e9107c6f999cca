"""By which numbers somebody is reached at an instant: the usual ones, or those of the rule that holds then.

A rule holds by the person's own clocks. It begins at the first occurrence of its start and ends at the last of its end,
as everything does (``routing/zones.py``). In an hour that is shown twice two rules may therefore hold at once: the one
that began last is followed, so that numbers change over once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations

from routing.windows import DAY_MINUTES, WEEK_MINUTES, Window
from routing.zones import as_utc, to_local, to_utc

EVERY_DAY = frozenset(range(7))
WHOLE_DAY = Window(0, DAY_MINUTES)
FIRST_RING, SECOND_RING = 45, 20
"""Seconds: how long the first telephone rings at most where there is a second, and how long the second one does."""


@dataclass(frozen=True, slots=True)
class ContactNumbers:
    """What is rung, where a text goes (None: nowhere), and what is rung when the first was not taken, if anything."""

    voice: str
    text: str | None = None
    second: str | None = None


@dataclass(frozen=True, slots=True)
class ContactRule:
    """Numbers for a window that begins on each of ``days``, Monday 0."""

    numbers: ContactNumbers
    window: Window = WHOLE_DAY
    days: frozenset[int] = EVERY_DAY


def numbers_at(usual: ContactNumbers, rules: Sequence[ContactRule], zone: str, at: datetime) -> ContactNumbers:
    """The numbers by which somebody is reached at an instant. There always is one to ring."""
    holding = [(start, rule.window.start, rule.numbers) for start, rule in _holding(rules, zone, as_utc(at))]
    return max(holding, key=lambda one: one[:2])[2] if holding else usual


def overlapping(rules: Sequence[ContactRule]) -> tuple[tuple[int, int], ...]:
    """The pairs of rules, by their places, that both hold at some time of a usual week."""
    held = [_minutes_of_week(rule) for rule in rules]
    return tuple((one, other) for one, other in combinations(range(len(rules)), 2) if held[one] & held[other])


def _holding(rules: Sequence[ContactRule], zone: str, at: datetime) -> Iterator[tuple[datetime, ContactRule]]:
    today = to_local(at, zone).date()
    # A window of the day before may reach into today. What a change of clocks moves is moved by less than a day.
    for day in (today + timedelta(days=shift) for shift in (-2, -1, 0, 1)):
        for rule in rules:
            start = _instant(day, rule.window.start, zone, ends=False)
            if day.weekday() in rule.days and start <= at < _instant(day, rule.window.end, zone, ends=True):
                yield start, rule


def _instant(day: date, minute: int, zone: str, *, ends: bool) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return to_utc(wall, zone, repeated="second" if ends else "first")


def _minutes_of_week(rule: ContactRule) -> frozenset[int]:
    window = range(rule.window.start, rule.window.end)
    return frozenset((day * DAY_MINUTES + minute) % WEEK_MINUTES for day in rule.days for minute in window)


def first_ring(seconds: int, numbers: ContactNumbers) -> int:
    """How many seconds the first telephone rings in a step of so many, so that a second has its turn in the same step.

    With a second number the step ends ``SECOND_RING`` later at most than it would without.
    """
    if numbers.second is None:
        return seconds
    return min(seconds, max(SECOND_RING, min(FIRST_RING, seconds - SECOND_RING)))
