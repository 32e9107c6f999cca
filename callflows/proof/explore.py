"""Walk every path of a flow, with every answer each request may receive, and hold the rules against it.

Paths that come to the same place go on alike, whatever the rules remember of them, so each stretch of a flow is played
once; paths that come to it with the same monitors are merged. Generators cannot be copied: a run that came to a place
takes one answer there, and for an answer that no run is left for, the flow is replayed from the top. With
``merge=False`` nothing is merged, which is slow, and shows on small flows that merging loses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from callflows.engine.replay import Entry, Run
from callflows.proof.events import Answered, Event, Rules, Unsafe
from callflows.proof.graph import Edge, Misshapen, Report, State, Subject, Violation, shape
from callflows.proof.keys_said import need_keys_said
from callflows.proof.path import Move, Overheard, Path, send_again
from callflows.proof.position import Positions
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import Answer, Flow, Outcome, Request


class _Found(Exception):
    def __init__(self, violation: Violation) -> None:
        super().__init__()
        self.violation = violation


def explore(subject: Subject, *, merge: bool = True) -> Report:
    """Walk ``subject``, shortest paths first, until a rule breaks or nothing is left."""
    walk = _Walk(subject, Positions(subject.told) if merge else None, Rules(subject.monitors))
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
class _Place:
    """Where a flow waits for one of so many ``answers``, and by which ``moves`` it first came there.

    ``flows`` are runs that came, by whichever way: each takes one answer, and where none is left one is played from
    the top.
    """

    number: int
    moves: tuple[Move, ...]
    gone: bool
    takeovers: int
    answers: int
    flows: list[Flow] = field(default_factory=list)
    onward: dict[Answer, _Stretch] = field(default_factory=dict)

    def keep(self, flow: Flow) -> None:
        """Keep a run that came, while there are answers that nobody is here for."""
        if len(self.flows) + len(self.onward) < self.answers:
            self.flows.append(flow)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a flow does from one answer until it waits for the next at ``place``, ends, or ``broke``.

    ``events`` are all but the first answer itself, as :class:`Rules` numbers them.
    """

    events: tuple[int, ...]
    made: tuple[Request, ...]
    place: _Place | None = None
    outcome: Outcome | None = None
    broke: Exception | None = None


@dataclass(slots=True)
class _Walk:
    subject: Subject
    positions: Positions | None
    rules: Rules
    states: list[State] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    places: dict[Hashable, _Place] = field(default_factory=dict)
    waiting: deque[tuple[State, _Place, int]] = field(default_factory=deque)
    seen: dict[tuple[int, int], int] = field(default_factory=dict)

    def everything(self) -> None:
        self._start()
        while self.waiting:
            # Without merging the breadth of the tree would not fit in memory; its depth does.
            state, place, held = self.waiting.popleft() if self.positions else self.waiting.pop()
            for answer in self._answers(state.request, place.takeovers):
                self._answer(state, place, held, answer)

    def _answers(self, request: Request, takeovers: int) -> tuple[Answer, ...]:
        answers = self.subject.world.answers_for(request)
        if takeovers < self.subject.world.takeovers:
            return answers
        return tuple([answer for answer in answers if answer != TAKEOVER])

    def _start(self) -> None:
        tape = Overheard(self.subject.play(self.subject.told))
        stretch = self._play(Path(Run(tape), tape), None)
        self._follow(None, (), self.rules.START, None, stretch)

    def _answer(self, state: State, place: _Place, held: int, answer: Answer) -> None:
        stretch = place.onward.get(answer)
        if stretch is None:
            stretch = place.onward[answer] = self._play(self._resume(state, place), answer)
        self._follow(state, (self.rules.number(Answered(state.request, answer)),), held, answer, stretch)

    def _resume(self, state: State, place: _Place) -> Path:
        if place.flows:
            flow = place.flows.pop()
        else:
            flow = self.subject.play(self.subject.told)
            send_again(flow, place.moves)
        tape = Overheard(flow, place.moves)
        run = Run(tape, request=state.request, step=len(state.log), gone=place.gone)
        return Path(run, tape, place.takeovers)

    def _play(self, path: Path, answer: Answer | None) -> _Stretch:
        place, broke = None, None
        try:
            if answer is None:
                path.start()
            else:
                path.answer(answer)
            while path.run.request is not None and not path.outcome:
                answers = self._answers(path.run.request, path.takeovers)
                if len(answers) > 1:
                    place = self._place(path, len(answers))
                    break
                path.answer(answers[0])
        except Exception as problem:
            broke = problem
        events = path.events if answer is None else path.events[1:]
        return _Stretch(tuple(map(self.rules.number, events)), tuple(path.made), place, path.outcome, broke)

    def _place(self, path: Path, answers: int) -> _Place:
        flow, gone = path.tape.flow, path.run.gone
        # Nothing is asked of a place twice without merging, and they would not fit in memory: an edge each tells them
        # apart.
        here = (self.positions.of(flow), gone, path.takeovers) if self.positions else None
        place = self.places.get(here)
        if place is None:
            number = len(self.places) if self.positions else len(self.edges)
            place = _Place(number, tuple(path.tape.moves), gone, path.takeovers, answers)
            if self.positions:
                self.places[here] = place
        place.keep(flow)
        return place

    def _follow(
        self, state: State | None, first: tuple[int, ...], held: int, answer: Answer | None, stretch: _Stretch
    ) -> None:
        """Hold the rules against what happened, and go on from where it led. Raises _Found."""
        log, happened = state.log if state else (), (*first, *stretch.events)
        for seen, event in enumerate(happened, 1):
            try:
                held = self.rules.after(held, event)
            except Exception as broken:
                raise self._found(log, happened[:seen], broken) from broken
        if stretch.broke:
            raise self._found(log, happened, stretch.broke) from stretch.broke
        entries = _entries_of(self.rules.events_of(happened))
        target = self._arrive(stretch, held, (*log, *entries))
        outcome = stretch.outcome.how if stretch.outcome else ""
        self.edges.append(Edge(state.number if state else None, answer, len(entries), stretch.made, target, outcome))

    def _found(self, log: tuple[Entry, ...], happened: tuple[int, ...], broken: Exception) -> _Found:
        rule = str(broken) if isinstance(broken, Unsafe) else f"the flow breaks: {type(broken).__name__}: {broken}"
        events = self.rules.events_of(happened)
        return _Found(Violation(rule, (*log, *_entries_of(events)), events))

    def _arrive(self, stretch: _Stretch, held: int, log: tuple[Entry, ...]) -> int | None:
        place = stretch.place
        if place is None:
            return None
        number = self.seen.setdefault((place.number, held), len(self.states))
        if number == len(self.states):
            self.states.append(State(number, stretch.made[-1], log))
            self.waiting.append((self.states[-1], place, held))
        return number


def _entries_of(events: tuple[Event, ...]) -> tuple[Entry, ...]:
    return tuple([Entry(event.request.key, event.answer) for event in events if isinstance(event, Answered)])
