"""Walk every path of a flow, with every answer each request may receive, and hold the rules against it.

Paths that come to the same place go on alike, whatever the rules remember of them, so each stretch of a flow is played
once; paths that come to it with the same monitors are merged. Nor is a stretch played again that differs from one that
was played only in functions that did not run in it: those that waited for another one from its beginning to its end,
and those that an interruption passed through. Generators cannot be copied: a run that came to a place takes one answer
there, and for an answer that no run is left for, one is brought there from the nearest place on the way where one
waits, or from the top. With ``merge=False`` nothing is merged, which is slow, and shows on small flows that merging
loses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from callflows.engine.replay import Entry, Run
from callflows.proof.events import Answered, Event, Rules, Unsafe
from callflows.proof.graph import Edge, Misshapen, Report, State, Subject, Violation, shape
from callflows.proof.keys_said import need_keys_said
from callflows.proof.path import Move, Overheard, Path, send_again
from callflows.proof.position import Chain, Position, Positions, chain_of, count_unmoved
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import Answer, Flow, Interrupted, Outcome, Request

KEPT = 3
"""How many runs wait at one place at most: each holds some kilobytes, and few of many are ever needed."""


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


@dataclass(slots=True, eq=False)
class _Place:
    """Where a flow waits for an answer, and how it first came there: from ``before``, or from the start, by ``moves``.

    ``flows`` are runs that came, by whichever way, and wait here. ``onward`` are the stretches from here, by the number
    of the answer; ``states`` the numbers of the states here, by the number of what the rules remember.
    """

    before: _Place | None
    moves: tuple[Move, ...]
    gone: bool
    takeovers: int
    position: Position = ()
    flows: list[Flow] = field(default_factory=list)
    onward: dict[int, _Stretch] = field(default_factory=dict)
    states: dict[int, int] = field(default_factory=dict)

    def part(self, outer: int, reach: int, answer: int) -> Hashable:
        """An answer and all that makes a difference to what follows: so many ``outer`` functions wait all the while.

        Where none does, the flow may end: what only ends a function that another waits for is a different thing.
        """
        return (bool(outer), self.position[outer:reach], answer, self.gone, self.takeovers)


@dataclass(slots=True, eq=False)
class _Stretch:
    """What a flow does from one answer until it waits for the next at ``place``, ends, or ``broke``.

    ``events`` are all but the first answer itself, as :class:`Rules` numbers them; ``moves`` what the flow was sent.
    """

    events: tuple[int, ...]
    entries: tuple[Entry, ...]
    made: tuple[Request, ...]
    moves: tuple[Move, ...]
    place: _Place | None = None
    outcome: Outcome | None = None
    broke: Exception | None = None

    def led_to(self, place: _Place | None) -> _Stretch:
        """The same stretch that leads to ``place``."""
        return _Stretch(self.events, self.entries, self.made, self.moves, place, self.outcome)


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of the answers to a request, its number, and the number of the event that it is."""

    answer: Answer
    number: int
    event: int


@dataclass(slots=True)
class _Walk:
    subject: Subject
    positions: Positions | None
    rules: Rules
    states: list[State] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    places: dict[Hashable, _Place] = field(default_factory=dict)
    waiting: deque[tuple[State, _Place, int]] = field(default_factory=deque)
    answers: dict[Answer, int] = field(default_factory=dict)
    choices: dict[tuple[int, bool], tuple[_Choice, ...]] = field(default_factory=dict)
    played: dict[Hashable, tuple[_Stretch, Position]] = field(default_factory=dict)

    def everything(self) -> None:
        tape = Overheard(self.subject.play(self.subject.told))
        self._follow(None, None, self.rules.START, self._play(Path(Run(tape), tape), None, None, ()))
        while self.waiting:
            # Without merging the breadth of the tree would not fit in memory; its depth does.
            state, place, held = self.waiting.popleft() if self.positions else self.waiting.pop()
            for choice in self._choices(state.request, place.takeovers):
                self._follow(state, choice, held, self._onward(state, place, choice))

    def _choices(self, request: Request, takeovers: int) -> tuple[_Choice, ...]:
        here = (self.rules.number(request), takeovers < self.subject.world.takeovers)
        if here not in self.choices:
            answers = self.subject.world.answers_for(request)
            allowed = answers if here[1] else [answer for answer in answers if answer != TAKEOVER]
            self.choices[here] = tuple([self._choice(request, answer) for answer in allowed])
        return self.choices[here]

    def _choice(self, request: Request, answer: Answer) -> _Choice:
        number = self.answers.setdefault(answer, len(self.answers))
        return _Choice(answer, number, self.rules.number(Answered(request, answer)))

    def _onward(self, state: State, place: _Place, choice: _Choice) -> _Stretch:
        """The stretch from ``place`` that begins with ``choice``."""
        if self.positions is None:
            # Nothing is asked of a place twice without merging, and stretches would not fit in memory.
            return self._resume(state, place, choice)
        stretch = place.onward.get(choice.number)
        if stretch is None:
            reach = self._reach(self.positions, place, choice)
            stretch = self._alike(place, choice, reach) or self._resume(state, place, choice, reach)
            place.onward[choice.number] = stretch
        return stretch

    def _reach(self, positions: Positions, place: _Place, choice: _Choice) -> int:
        """How many functions, from the outermost on, can make a difference to what follows an answer."""
        if isinstance(choice.answer, Interrupted):
            return positions.count_reached(place.position)
        return len(place.position)

    def _alike(self, place: _Place, choice: _Choice, reach: int) -> _Stretch | None:
        """The stretch from ``place``, where one was played in functions that stood as they stand here."""
        for outer in reversed(range(max(1, reach))):
            known = self.played.get(place.part(outer, reach, choice.number))
            if known is not None:
                stretch, beyond = known
                return stretch.led_to(self._place_beyond(place, outer, stretch, beyond) if stretch.place else None)
        return None

    def _place_beyond(self, place: _Place, outer: int, like: _Stretch, beyond: Position) -> _Place:
        """Where a stretch ``like`` that one leads from ``place``: so many ``outer`` functions wait as they waited."""
        assert like.place is not None
        gone, takeovers = like.place.gone, like.place.takeovers
        return self._place_at((*place.position[:outer], *beyond), gone, takeovers, place, like.moves)

    def _resume(self, state: State, place: _Place, choice: _Choice, reach: int | None = None) -> _Stretch:
        """Play the stretch from ``place``; ``reach`` says which part of it to know the stretch by."""
        flow = self._run_at(place)
        stood = chain_of(flow) if reach is not None else ()
        tape = Overheard(flow)
        run = Run(tape, request=state.request, step=len(state.log), gone=place.gone)
        stretch = self._play(Path(run, tape, place.takeovers), choice.answer, place, stood)
        if reach is not None and not stretch.broke:
            outer = count_unmoved(stood, chain_of(flow)) if stretch.place else 0
            beyond = stretch.place.position[outer:] if stretch.place else ()
            self.played[place.part(outer, reach, choice.number)] = (stretch, beyond)
        return stretch

    def _run_at(self, place: _Place) -> Generator[Request, Any, Outcome]:
        """A run that waits at ``place``: one that came there, or that waits on the way to it, or a new one."""
        way: list[tuple[Move, ...]] = []
        at: _Place | None = place
        while at is not None and not at.flows:
            way.append(at.moves)
            at = at.before
        flow = at.flows.pop() if at is not None else self.subject.play(self.subject.told)
        for moves in reversed(way):
            send_again(flow, moves)
        return flow

    def _play(self, path: Path, answer: Answer | None, before: _Place | None, stood: Chain) -> _Stretch:
        place, broke = None, None
        try:
            if answer is None:
                path.start()
            else:
                path.answer(answer)
            while path.run.request is not None and not path.outcome:
                choices = self._choices(path.run.request, path.takeovers)
                if len(choices) > 1:
                    place = self._place(path, before, stood)
                    break
                path.answer(choices[0].answer)
        except Exception as problem:
            broke = problem
        events = path.events if answer is None else path.events[1:]
        numbers, moves = tuple(map(self.rules.number, events)), tuple(path.tape.moves)
        return _Stretch(numbers, _entries_of(events), tuple(path.made), moves, place, path.outcome, broke)

    def _place(self, path: Path, before: _Place | None, stood: Chain) -> _Place:
        flow, position = path.tape.flow, Position()
        if self.positions:
            chain = chain_of(flow)
            same = count_unmoved(stood, chain)
            position = (*(before.position[:same] if before else ()), *self.positions.of_chain(chain[same:]))
        place = self._place_at(position, path.run.gone, path.takeovers, before, tuple(path.tape.moves))
        if len(place.flows) < KEPT:
            place.flows.append(flow)
        return place

    def _place_at(
        self, position: Position, gone: bool, takeovers: int, before: _Place | None, moves: tuple[Move, ...]
    ) -> _Place:
        here = (position, gone, takeovers)
        place = self.places.get(here)
        if place is None:
            place = _Place(before, moves, gone, takeovers, position)
            if self.positions:
                self.places[here] = place
        return place

    def _follow(self, state: State | None, choice: _Choice | None, held: int, stretch: _Stretch) -> None:
        """Hold the rules against what happened, and go on from where it led. Raises _Found."""
        happened = (choice.event, *stretch.events) if choice else stretch.events
        for seen, event in enumerate(happened, 1):
            try:
                held = self.rules.after(held, event)
            except Exception as broken:
                raise self._found(state, choice, stretch, happened[:seen], broken) from broken
        if stretch.broke:
            raise self._found(state, choice, stretch, happened, stretch.broke) from stretch.broke
        target = self._arrive(state, choice, held, stretch)
        source, answer = (state.number, choice.answer) if state and choice else (None, None)
        steps, outcome = len(stretch.entries) + (choice is not None), stretch.outcome.how if stretch.outcome else ""
        self.edges.append(Edge(source, answer, steps, stretch.made, target, outcome))

    def _found(
        self, state: State | None, choice: _Choice | None, like: _Stretch, happened: tuple[int, ...], broken: Exception
    ) -> _Found:
        """The violation where a rule or the flow ``broke`` after what ``happened`` since ``state``."""
        rule = str(broken) if isinstance(broken, Unsafe) else f"the flow breaks: {type(broken).__name__}: {broken}"
        before = state.log if state else ()
        since = (*((Entry(state.request.key, choice.answer),) if state and choice else ()), *like.entries)
        log = (*before, *since[: self.rules.count_answers(happened)])
        return _Found(Violation(rule, log))

    def _arrive(self, state: State | None, choice: _Choice | None, held: int, stretch: _Stretch) -> int | None:
        place = stretch.place
        if place is None:
            return None
        number = place.states.setdefault(held, len(self.states))
        if number == len(self.states):
            before = (*state.log, Entry(state.request.key, choice.answer)) if state and choice else ()
            self.states.append(State(number, stretch.made[-1], (*before, *stretch.entries)))
            self.waiting.append((self.states[-1], place, held))
        return number


def _entries_of(events: Iterable[Event]) -> tuple[Entry, ...]:
    return tuple([Entry(event.request.key, event.answer) for event in events if isinstance(event, Answered)])
