"""One path through a flow, being walked: the run, what it asked for, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from callflows.engine.replay import Run
from callflows.proof.events import LANDED, Answered, Event
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import Answer, Flow, Interruption, Outcome, Request, Say, TakenOver

Move = Answer | type[Interruption] | None
"""What a flow was sent: an answer, an interruption, or None to go on after a Say."""


class Overheard(Generator[Request, Any, Outcome]):
    """A flow that writes down what it is sent and what it asks for."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.heard: list[Request] = []
        self.moves: list[Move] = []

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

    ``answer`` and ``start`` raise what the flow or the engine raises; ``events`` then tell up to where.
    """

    run: Run
    tape: Overheard
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
        self.takeovers += answer == TAKEOVER
        self.events.append(Answered(pending, answer))
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
            self.events.append(self.outcome)

    def _hear(self) -> None:
        for request in self.tape.heard:
            self.made.append(request)
            if not (self.run.gone and isinstance(request, Say)):
                self.events.append(request)
