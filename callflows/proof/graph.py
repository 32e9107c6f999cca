"""What the explorer walked, and what its shape proves: every conversation ends, and no key is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from callflows.engine.replay import LONGEST_LOG, Entry
from callflows.proof.events import Monitor
from callflows.proof.possible import World
from callflows.vocabulary import Answer, Flow, Request

Whole = TypeVar("Whole")
Part = TypeVar("Part")


def once_each(function: Callable[[Whole], Part]) -> Callable[[Whole], Part]:
    """``function``, called once for each value. Values are known by what they are and not compared, which is slow."""
    known: dict[int, tuple[Whole, Part]] = {}

    def remembered(value: Whole) -> Part:
        found = known.get(id(value))
        if found is None:
            # The value is kept, so that no other comes to be in its place in memory.
            found = known[id(value)] = (value, function(value))
        return found[1]

    return remembered


@dataclass(frozen=True, slots=True)
class Subject:
    """A flow, what it is told, the rules it must keep, and the world it runs in. ``label`` names what it is told."""

    flow: str
    label: str
    play: Callable[[Any], Flow]
    told: Any
    monitors: tuple[Monitor, ...] = ()
    world: World = field(default_factory=World)


@dataclass(frozen=True, slots=True)
class State:
    """The flow waits for the answer to ``request``.

    ``log`` is a shortest way here.
    """

    number: int
    request: Request
    log: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """``answer`` leads from ``source`` to ``target``, or with ``outcome`` to the end. The start has no source.

    ``steps`` counts the rows added to the log; ``made`` are the requests on the way, the target's last.
    """

    source: int | None
    answer: Answer | None
    steps: int
    made: tuple[Request, ...]
    target: int | None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and a path on which it does not, as a log."""

    rule: str
    log: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many complete calls there are, and how many rows the longest of them logs."""

    paths: int
    longest: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was walked; where ``violation`` is None, every rule holds on every path and ``shape`` is known."""

    subject: Subject
    states: tuple[State, ...]
    edges: tuple[Edge, ...]
    violation: Violation | None = None
    shape: Shape | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every way the conversation can end."""
        return tuple(sorted({edge.outcome for edge in self.edges if edge.outcome}))


class Misshapen(Exception):
    """The graph breaks a rule that only the whole of it shows; ``state`` is where."""

    def __init__(self, rule: str, state: int) -> None:
        super().__init__(rule)
        self.state = state


@dataclass(slots=True)
class _Below:
    """What lies below a state: complete paths, rows of the longest, and one bit for each key asked."""

    paths: int = 0
    longest: int = 0
    keys: int = 0


def shape(states: Sequence[State], edges: Sequence[Edge]) -> Shape:
    """The shape of the whole graph.

    Merged states go on alike, so a path of the graph is a path of the flow, and this is exact.

    Raises:
        Misshapen: a conversation may go on for ever, may outgrow the log, or asks one key twice.
    """
    onward = leaving(states, edges)
    keys = _Keys()
    below: dict[int, _Below] = {}
    for number in ends_first(onward):
        below[number] = _gather(onward[number], below, keys, number)
    first = _gather([edge for edge in edges if edge.source is None], below, keys, 0)
    if first.longest > LONGEST_LOG:
        raise Misshapen(f"a log holds {LONGEST_LOG} answers, and a conversation can take {first.longest}", 0)
    return Shape(first.paths, first.longest)


_END = _Below(paths=1)


class _Keys:
    """The keys of a walk, a bit each."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self.asked_by = once_each(self._asked_by)

    def _asked_by(self, made: tuple[Request, ...]) -> tuple[int, str]:
        """The bits of what is asked, and the first key that is asked twice, or ""."""
        asked = 0
        for request in made:
            bit = self._bits.setdefault(request.key, 1 << len(self._bits))
            if asked & bit:
                return asked, request.key
            asked |= bit
        return asked, ""

    def first_of(self, made: tuple[Request, ...], bits: int) -> str:
        """The first key of ``made`` that is among ``bits``."""
        return next(request.key for request in made if self._bits[request.key] & bits)


def _gather(edges: list[Edge], below: dict[int, _Below], keys: _Keys, number: int) -> _Below:
    here = _Below()
    for edge in edges:
        beyond = below[edge.target] if edge.target is not None else _END
        asked, twice = keys.asked_by(edge.made)
        if twice or asked & beyond.keys:
            key = twice or keys.first_of(edge.made, beyond.keys)
            raise Misshapen(f"the key {key!r} can be asked twice in one conversation", number)
        here.paths += beyond.paths
        here.longest = max(here.longest, edge.steps + beyond.longest)
        here.keys |= asked | beyond.keys
    return here


def leaving(states: Sequence[State], edges: Sequence[Edge]) -> list[list[Edge]]:
    """The edges that leave each state, by its number."""
    found: list[list[Edge]] = [[] for _ in states]
    for edge in edges:
        if edge.source is not None:
            found[edge.source].append(edge)
    return found


def ends_first(onward: Sequence[Sequence[Edge]]) -> list[int]:
    """Every state after all that follow it; depth first, without recursion.

    Raises:
        Misshapen: the conversation can go on for ever.
    """
    order: list[int] = []
    entered, left = set[int](), set[int]()
    stack = [0] if onward else []
    while stack:
        number = stack[-1]
        entered.add(number)
        following = [edge.target for edge in onward[number] if edge.target is not None and edge.target not in left]
        if any(target in entered for target in following):
            raise Misshapen("the conversation can go on for ever", number)
        if following:
            stack.append(following[0])
            continue
        left.add(number)
        order.append(stack.pop())
    return order
