"""One path through a flow, being walked: the run, what it asked for, and the rules' view of it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from callflows.engine.replay import Entry, Run
from callflows.proof.events import LANDED, Answered, Event, Monitor
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import Answer, Done, Flow, Interruption, Outcome, Request, Say, TakenOver

Move = Answer | type[Interruption] | None
"""What a flow was sent: an answer, an interruption, or None to go on after a Say."""

Watch = Callable[[tuple[Monitor, ...], Event], tuple[Monitor, ...]]
"""Gives the monitors after an event, as :func:`callflows.proof.events.fold` does."""


class Overheard(Generator[Request, Any, Outcome]):
    """A flow that writes down what it is sent and what it asks for; ``moves`` is what it was sent before."""

    def __init__(self, flow: Flow, moves: tuple[Move, ...] = ()) -> None:
        self.flow = flow
        self.heard: list[Request] = []
        self.moves = list(moves)

    def send(self, value: Any, /) -> Request:
        """Go on with ``value``."""
        self.moves.append(value)
        self.heard.append(self.flow.send(value))
        return self.heard[-1]

    def throw(self, *interruption: Any) -> Request:
        """Go on with an interruption."""
        self.moves.append(type(interruption[0]))
        self.heard.append(self.flow.throw(interruption[0]))
        return self.heard[-1]


def send_again(flow: Flow, moves: tuple[Move, ...]) -> None:
    """Bring a new ``flow`` to where ``moves`` brought another."""
    for move in moves:
        if isinstance(move, type):
            flow.throw(move())
        else:
            flow.send(move)


@dataclass(slots=True)
class Path:
    """Walks on from where ``run`` is; ``events`` and ``made`` are what is new.

    ``answer`` and ``start`` raise what the flow, the engine or a rule raises; ``events`` then tell up to where.
    """

    run: Run
    tape: Overheard
    watch: Watch
    monitors: tuple[Monitor, ...]
    log: tuple[Entry, ...] = ()
    takeovers: int = 0
    events: list[Event] = field(default_factory=list)
    made: list[Request] = field(default_factory=list)
    outcome: Outcome | None = None

    def start(self) -> None:
        """Play to the first request that wants an answer."""
        self._move(self.run.start)

    def answer(self, answer: Answer) -> None:
        """Give the pending request its answer."""
        pending = self.run.request
        assert pending is not None
        self.log = (*self.log, Entry(pending.key, answer))
        self.takeovers += answer == TAKEOVER
        self._see(Answered(pending, answer))
        self._move(lambda: self.run.answer(answer))

    def _move(self, move: Callable[[], Run]) -> None:
        self.tape.heard.clear()
        try:
            move()
            self.outcome = self.run.outcome
        except TakenOver:
            self.outcome = LANDED
        finally:
            self._hear()
        if self.outcome:
            self._see(self.outcome)

    def _hear(self) -> None:
        for request in self.tape.heard:
            self.made.append(request)
            if not (self.run.gone and isinstance(request, Say)):
                self._see(request)

    def _see(self, event: Event) -> None:
        self.events.append(event)
        # That an effect is recorded tells no rule anything: it saw the effect when it was asked for.
        if not (isinstance(event, Answered) and isinstance(event.answer, Done)):
            self.monitors = self.watch(self.monitors, event)
