"""Walk every path of a flow, with every answer each request may receive, and hold the rules against it.

Generators cannot be copied, so each step but a state's first replays the flow from the top. Paths that come to the same
position with the same monitors go on alike and are merged; with ``merge=False`` nothing is, which is
slow, and shows on small flows that merging loses nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from callflows.engine.replay import Run
from callflows.proof.events import Unsafe, fold
from callflows.proof.graph import Edge, Misshapen, Report, State, Subject, Violation, shape
from callflows.proof.keys_said import need_keys_said
from callflows.proof.path import Overheard, Path, Watch, send_again
from callflows.proof.position import Positions
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import Answer, Flow, Request


class _Found(Exception):
    def __init__(self, violation: Violation) -> None:
        super().__init__()
        self.violation = violation


def explore(subject: Subject, *, merge: bool = True) -> Report:
    """Walk ``subject``, shortest paths first, until a rule breaks or nothing is left."""
    walk = _Walk(subject, Positions(subject.told) if merge else None)
    try:
        walk.everything()
        report = Report(subject, tuple(walk.states), tuple(walk.edges), shape=shape(walk.states, walk.edges))
        if merge:
            need_keys_said(walk.states, walk.edges)
        return report
    except _Found as found:
        violation = found.violation
    except Misshapen as found:
        violation = Violation(str(found), walk.states[found.state].log)
    return Report(subject, tuple(walk.states), tuple(walk.edges), violation)


@dataclass(slots=True)
class _Walk:
    subject: Subject
    positions: Positions | None
    states: list[State] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    seen: dict[Any, int] = field(default_factory=dict)
    waiting: deque[State] = field(default_factory=deque)
    suspended: dict[int, Flow] = field(default_factory=dict)
    # Most steps were seen before. Each walk has a memory of its own: fixed fields of monitors do not tell them apart.
    watch: Watch = field(default_factory=lambda: lru_cache(maxsize=None)(fold))

    def everything(self) -> None:
        self._walk(None, None)
        while self.waiting:
            # Without merging the breadth of the tree would not fit in memory; its depth does.
            state = self.waiting.popleft() if self.positions else self.waiting.pop()
            for answer in self._answers(state.request, state.takeovers):
                self._walk(state, answer)

    def _answers(self, request: Request, takeovers: int) -> tuple[Answer, ...]:
        answers = self.subject.world.answers_for(request)
        may = takeovers < self.subject.world.takeovers
        return tuple(answer for answer in answers if may or answer != TAKEOVER)

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
        self.edges.append(Edge(state.number if state else None, answer, steps, tuple(path.made), target, outcome))

    def _path(self, state: State | None) -> Path:
        if state is None:
            tape = Overheard(self.subject.play(self.subject.told))
            return Path(Run(tape), tape, self.watch, self.subject.monitors)
        # The run that came to the state takes its first answer; each other answer needs a run of its own.
        flow = self.suspended.pop(state.number, None)
        if flow is None:
            flow = self.subject.play(self.subject.told)
            send_again(flow, state.moves)
        tape = Overheard(flow, state.moves)
        run = Run(tape, request=state.request, step=len(state.log), gone=state.gone)
        return Path(run, tape, self.watch, state.monitors, state.log, state.takeovers)

    def _step(self, path: Path, answer: Answer | None) -> None:
        if answer is None:
            path.start()
        else:
            path.answer(answer)
        while path.run.request is not None and not path.outcome:
            answers = self._answers(path.run.request, path.takeovers)
            if len(answers) > 1:
                return
            path.answer(answers[0])

    def _arrive(self, path: Path) -> int:
        number = len(self.states)
        if self.positions:
            here = (self.positions.of(path.tape.flow), path.run.gone, path.takeovers, path.monitors)
            number = self.seen.setdefault(here, number)
        if number == len(self.states):
            self._add(path)
        return number

    def _add(self, path: Path) -> None:
        run = path.run
        assert run.request is not None
        here = (run.request, path.log, tuple(path.tape.moves), path.monitors, run.gone, path.takeovers)
        self.states.append(State(len(self.states), *here))
        self.waiting.append(self.states[-1])
        self.suspended[self.states[-1].number] = path.tape.flow
