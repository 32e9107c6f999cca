"""Walk every path of a flow, with every answer each request may receive, and hold the rules against it.

Generators cannot be copied, so each step replays the flow from the top. Paths that come to the same
position with the same monitors go on alike and are merged; with ``merge=False`` nothing is, which is
slow, and shows on small flows that merging loses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from callflows.events import Event, Monitor, Unsafe
from callflows.path import Move, Overheard, Path
from callflows.position import Positions
from callflows.possible import TAKEOVER, World
from callflows.replay import Entry, Run
from callflows.vocabulary import Answer, Flow, Request


@dataclass(frozen=True, slots=True)
class Subject:
    """A flow, what it is told, the rules it must keep, and the world it runs in."""

    name: str
    play: Callable[[Any], Flow]
    told: Any
    monitors: tuple[Monitor, ...] = ()
    world: World = field(default_factory=World)


@dataclass(frozen=True, slots=True)
class State:
    """The flow waits for the answer to ``request``.

    ``log`` is a shortest way here, and ``moves`` the same for the bare generator. ``gone``: the party has hung up;
    ``taken``: a supervisor has taken over.
    """

    number: int
    request: Request
    log: tuple[Entry, ...]
    moves: tuple[Move, ...]
    monitors: tuple[Monitor, ...]
    gone: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """``answer`` leads from ``source`` to ``target``, or with ``outcome`` to the end. The start has no source.

    ``steps`` counts the rows added to the log; ``keys`` are the requests made on the way.
    """

    source: int | None
    answer: Answer | None
    steps: int
    keys: tuple[str, ...]
    target: int | None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and a path on which it does not, as a log and the last events on it."""

    rule: str
    log: tuple[Entry, ...]
    last: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was walked; where ``violation`` is None, every rule holds on every path."""

    subject: Subject
    states: tuple[State, ...]
    edges: tuple[Edge, ...]
    violation: Violation | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every way the conversation can end."""
        return tuple(sorted({edge.outcome for edge in self.edges if edge.outcome}))


class _Found(Exception):
    def __init__(self, violation: Violation) -> None:
        super().__init__()
        self.violation = violation


def explore(subject: Subject, *, merge: bool = True) -> Report:
    """Walk ``subject``, shortest paths first, until a rule breaks or nothing is left."""
    walk = _Walk(subject, Positions(subject.told) if merge else None)
    try:
        walk.everything()
    except _Found as found:
        return walk.report(found.violation)
    return walk.report(None)


@dataclass(slots=True)
class _Walk:
    subject: Subject
    positions: Positions | None
    states: list[State] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    seen: dict[Any, int] = field(default_factory=dict)
    waiting: deque[State] = field(default_factory=deque)

    def report(self, violation: Violation | None) -> Report:
        return Report(self.subject, tuple(self.states), tuple(self.edges), violation)

    def everything(self) -> None:
        self._walk(None, None)
        while self.waiting:
            # Without merging the breadth of the tree would not fit in memory; its depth does.
            state = self.waiting.popleft() if self.positions else self.waiting.pop()
            for answer in self._answers(state.request, state.taken):
                self._walk(state, answer)

    def _answers(self, request: Request, taken: bool) -> tuple[Answer, ...]:
        answers = self.subject.world.answers_for(request)
        # A takeover leads to the house; one more there would be the same again.
        return tuple(answer for answer in answers if not (taken and answer == TAKEOVER))

    def _walk(self, state: State | None, answer: Answer | None) -> None:
        path = self._path(state)
        try:
            self._step(path, answer)
            target = None if path.outcome else self._arrive(path)
        except Exception as broken:
            rule = str(broken) if isinstance(broken, Unsafe) else f"the flow breaks: {type(broken).__name__}: {broken}"
            raise _Found(Violation(rule, path.log, tuple(path.events))) from broken
        steps = len(path.log) - (len(state.log) if state else 0)
        outcome = path.outcome.how if path.outcome else ""
        self.edges.append(Edge(state.number if state else None, answer, steps, tuple(path.keys), target, outcome))

    def _path(self, state: State | None) -> Path:
        flow = self.subject.play(self.subject.told)
        if state is None:
            tape = Overheard(flow)
            return Path(Run(tape), tape, self.subject.monitors)
        tape = Overheard(flow, state.moves)
        run = Run(tape, request=state.request, step=len(state.log), gone=state.gone)
        return Path(run, tape, state.monitors, state.log, state.taken)

    def _step(self, path: Path, answer: Answer | None) -> None:
        if answer is None:
            path.start()
        else:
            path.answer(answer)
        while path.run.request is not None and not path.outcome:
            answers = self._answers(path.run.request, path.taken)
            if len(answers) > 1:
                return
            path.answer(answers[0])

    def _arrive(self, path: Path) -> int:
        number = len(self.states)
        if self.positions:
            here = (self.positions.of(path.tape.flow), path.run.gone, path.taken, path.monitors)
            number = self.seen.setdefault(here, number)
        if number == len(self.states):
            self._add(path)
        return number

    def _add(self, path: Path) -> None:
        run = path.run
        assert run.request is not None
        moves = tuple(path.tape.moves)
        self.states.append(State(len(self.states), run.request, path.log, moves, path.monitors, run.gone, path.taken))
        self.waiting.append(self.states[-1])
