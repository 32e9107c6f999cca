"""What happens in a conversation, event by event, and how a rule watches it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import repeat
from operator import attrgetter, getitem
from typing import Any, Protocol, Self, TypeVar, cast

from callflows.prompts import Line
from callflows.proof.possible import HANG_UP, TAKEOVER
from callflows.vocabulary import Answer, Ask, Do, Done, Effect, Fact, Known, Outcome, Pressed, Request, Spoke, Wait
from callflows.vocabulary.hearing import CALM, DOUBT, NO, YES


@dataclass(frozen=True, slots=True)
class Answered:
    """``request`` was given ``answer``."""

    request: Request
    answer: Answer


Event = Request | Answered | Outcome
"""Requests in the order they are made (a :class:`Say` only when somebody hears it), their answers, and the end."""

LANDED = Outcome("safe landing")
"""The flow was left by a takeover it does not handle itself: the caller is landed with a person."""


class Unsafe(Exception):
    """A rule does not hold on this path."""


Watching = TypeVar("Watching")


class Monitor(Protocol):
    """One rule, and what it remembers of a path: a frozen value.

    Monitors are part of a state when states are merged, so each remembers only what its rule needs. A walk shows them
    requests without their keys, but for the last part of a question's, which counts its tries.
    """

    def see(self, event: Event) -> Self:
        """The monitor after ``event``.

        Raises:
            Unsafe: the rule is broken.
        """
        ...


def fixed(default: Any = ()) -> Any:
    """A field that stays the same for the whole call and so tells no states apart."""
    return field(default=default, compare=False)


def lines_of(event: Event) -> tuple[Line, ...]:
    """What is spoken by ``event``."""
    if isinstance(event, Wait):
        return (*event.comfort, *event.between, *event.otherwise)
    spoken: tuple[Line, ...] = getattr(event, "lines", ())
    return spoken


def prompts_of(event: Event) -> frozenset[str]:
    """The catalogue names of what is spoken by ``event``."""
    return frozenset(line.prompt for line in lines_of(event))


def effect_of(event: Event) -> Effect | None:
    """The effect that ``event`` asks for."""
    return event.effect if isinstance(event, Do) else None


def hung_up(event: Event) -> bool:
    """Whether the party on this leg has gone with ``event``."""
    return isinstance(event, Answered) and event.answer == HANG_UP


def taken_over(event: Event) -> bool:
    """Whether a supervisor took the call over with ``event``."""
    return isinstance(event, Answered) and event.answer == TAKEOVER


def turned_away(event: Event) -> bool:
    """Whether there is nobody to wait for with ``event``, or no room to wait in."""
    if not (isinstance(event, Answered) and isinstance(event.request, Fact)):
        return False
    return event.request.name == "waiting_room" and event.answer != Known((("refused", ""),))


def question(event: Event) -> Ask | None:
    """The question that ``event`` answers."""
    return event.request if isinstance(event, Answered) and isinstance(event.request, Ask) else None


def is_clear_no(answer: Answer) -> bool:
    """Whether an answer to yes or no is a no in which nothing else was heard."""
    return answer == Pressed("2") or (isinstance(answer, Spoke) and (answer.reply, answer.danger) == (NO, CALM))


def is_yes_or_doubt(answer: Answer) -> bool:
    """Whether an answer to yes or no is a yes, or no more sure than that."""
    return answer == Pressed("1") or (isinstance(answer, Spoke) and answer.reply in (YES, DOUBT))


TELLS_911 = ("symptom.911", "danger.911")
"""Prompts that tell whoever may be in danger to hang up and dial 911 now."""


def tells_911(event: Event) -> bool:
    """Whether the first words of ``event`` tell to dial 911."""
    first = lines_of(event)[0]
    return first.prompt in TELLS_911 and "911" in first.spoken()


def need(holds: bool, otherwise: str) -> None:
    """Raise :class:`Unsafe` saying ``otherwise`` unless ``holds``."""
    if not holds:
        raise Unsafe(otherwise)


def changed(monitor: Watching, **changes: object) -> Watching:
    """``monitor`` with these fields; the same one where that changes nothing, which is mostly."""
    kind: Any = type(monitor)
    for name, value in changes.items():
        if getattr(monitor, name) != value:
            names, values_of = _fields_of(kind)
            return cast(Watching, kind(**dict(zip(names, values_of(monitor), strict=True)) | changes))
    return monitor


@cache
def _fields_of(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """The names of the fields of ``kind``, and what takes all their values at once: a walk changes monitors often."""
    names = tuple(part.name for part in fields(cast(Any, kind)))
    return names, _values_of(names)


def _values_of(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """What takes the values of these fields at once."""
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple([getattr(value, name) for name in names])


@cache
def _all_but_key(kind: Any) -> Callable[[object], tuple[object, ...]]:
    """What takes all that a request of ``kind`` is but for its key."""
    return _values_of(tuple(part.name for part in fields(kind) if part.name != "key"))


def _shown(event: Event) -> Hashable:
    """What a walk shows of ``event`` to monitors, as a value."""
    if isinstance(event, Answered):
        return (Answered, _shown(event.request), event.answer)
    if isinstance(event, Request):
        kind: Any = type(event)
        return (kind, _key_shown(event), _all_but_key(kind)(event))
    return event


def _without_key(event: Event) -> Event:
    """``event`` as a walk shows it to monitors."""
    if isinstance(event, Answered):
        return Answered(replace(event.request, key=_key_shown(event.request)), event.answer)
    return replace(event, key=_key_shown(event)) if isinstance(event, Request) else event


def _key_shown(request: Request) -> str:
    return request.key.rpartition("/")[2] if isinstance(request, Ask) else ""


class _Steps(dict[tuple[int, int], int]):
    """The steps that the monitor of one rule takes: by what it remembers and an event, what it remembers after.

    Both are known by numbers: few things are remembered, so nearly every step was taken before. A step that was not is
    taken when it is looked up. That raises as ``see``.
    """

    def __init__(self, rule: _Rule, event_of: Sequence[Event]) -> None:
        self._rule = rule
        self._event_of = event_of

    def __missing__(self, step: tuple[int, int]) -> int:
        remembered, event = step
        after = self[step] = self._rule.see(remembered, self._event_of[event])
        return after


class _Rule:
    """One rule, and what its monitor remembered in one walk."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitors = [monitor]
        self._numbers: dict[Monitor, int] = {monitor: 0}

    def see(self, remembered: int, event: Event) -> int:
        """The number of what is remembered after ``event``. Raises as the monitor does."""
        seen = self._monitors[remembered].see(event)
        after = self._numbers.setdefault(seen, len(self._monitors))
        if after == len(self._monitors):
            self._monitors.append(seen)
        return after


class Rules:
    """The steps that ``monitors`` take in one walk, most of which were taken before: each is taken once.

    Events, and what all monitors remember at one time, are known by numbers: whole they are slow to compare.
    """

    START = 0
    """The number of what the monitors remember when a call begins."""

    def __init__(self, monitors: tuple[Monitor, ...]) -> None:
        # A memory for each: two of one kind may differ in fixed fields, which do not tell them apart.
        self._events: dict[Hashable, int] = {}
        self._event_of: list[Event] = []
        self._steps = tuple([_Steps(_Rule(monitor), self._event_of) for monitor in monitors])
        start = (0,) * len(monitors)
        self._numbers: dict[tuple[int, ...], int] = {start: self.START}
        self._remembered: list[tuple[int, ...]] = [start]
        self._after: list[dict[int, int]] = []

    def number(self, event: Event) -> int:
        """The number of an event; the same of all that monitors are shown alike."""
        number = self._events.setdefault(_shown(event), len(self._event_of))
        if number == len(self._event_of):
            self._event_of.append(_without_key(event))
            self._after.append({})
        return number

    def count_answers(self, numbers: Iterable[int]) -> int:
        """How many of these events are answers."""
        return sum(isinstance(self._event_of[number], Answered) for number in numbers)

    def after(self, held: int, event: int) -> int:
        """The number of what is remembered after ``event``. Raises Unsafe, and what a broken rule raises."""
        after = self._after[event].get(held)
        if after is None:
            after = self._after[event][held] = self._see(held, event)
        return after

    def _see(self, held: int, number: int) -> int:
        event = self._event_of[number]
        # That an effect is recorded tells no rule anything: it saw the effect when it was asked for.
        if isinstance(event, Answered) and isinstance(event.answer, Done):
            return held
        remembered = tuple(map(getitem, self._steps, zip(self._remembered[held], repeat(number))))
        after = self._numbers.setdefault(remembered, len(self._remembered))
        if after == len(self._remembered):
            self._remembered.append(remembered)
        return after
