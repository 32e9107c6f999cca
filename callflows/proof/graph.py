"""What the explorer walked, and what its shape proves: every conversation ends, and no key is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from callflows.engine.replay import LONGEST_LOG, Entry
from callflows.proof.events import Event, Monitor
from callflows.proof.possible import World
from callflows.vocabulary import Answer, Flow, Request


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
    """A rule that does not hold, and a path on which it does not, as a log and the last events on it."""

    rule: str
    log: tuple[Entry, ...]
    last: tuple[Event, ...] = ()


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
    bits: dict[str, int] = {}
    below: dict[int, _Below] = {}
    for number in ends_first(onward):
        below[number] = _gather(onward[number], below, bits, number)
    first = _gather([edge for edge in edges if edge.source is None], below, bits, 0)
    if first.longest > LONGEST_LOG:
        raise Misshapen(f"a log holds {LONGEST_LOG} answers, and a conversation can take {first.longest}", 0)
    return Shape(first.paths, first.longest)


def _gather(edges: list[Edge], below: dict[int, _Below], bits: dict[str, int], number: int) -> _Below:
    here = _Below()
    for edge in edges:
        beyond = below[edge.target] if edge.target is not None else _Below(paths=1)
        asked = 0
        for key in (request.key for request in edge.made):
            bit = bits.setdefault(key, 1 << len(bits))
            if (asked | beyond.keys) & bit:
                raise Misshapen(f"the key {key!r} can be asked twice in one conversation", number)
            asked |= bit
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
