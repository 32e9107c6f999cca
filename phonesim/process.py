"""Running documents: generators that wait for time, keys, speech, other legs or a web answer."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from phonesim.clock import Event, Scheduler
from phonesim.errors import HungUp, Interruption
from phonesim.web.messages import Hook


@dataclass(frozen=True, slots=True)
class Wait:
    """Resume after ``seconds`` with None (never, when None), or earlier with a wanted signal."""

    seconds: float | None
    wants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fetch:
    """Resume with the outcome of a webhook: a Response or a WebFailure."""

    hook: Hook


@dataclass(frozen=True, slots=True)
class Signal:
    """Something another party did."""

    kind: str
    value: Any = None
    detail: dict[str, Any] = field(default_factory=dict)


T = TypeVar("T")
Script = Generator[Wait | Fetch, Any, T]
Carry = Callable[[Hook, Callable[[Any], None]], None]


class Process:
    """Drives one generator. Signals and interruptions arrive as events, so a generator never re-enters itself.

    A signal that the generator does not wait for at that moment is lost, as a key pressed during Say is.
    """

    def __init__(self, scheduler: Scheduler, carry: Carry, script: Script[None]) -> None:
        self.scheduler = scheduler
        self.alive = True
        self._carry = carry
        self._script = script
        self._wants: frozenset[str] = frozenset()
        self._turn = 0
        self._running = False
        self._timer: Event | None = None

    def start(self) -> "Process":
        """Begin at this instant."""
        self.scheduler.post(lambda: self._resume(0, None))
        return self

    def wants(self, kind: str) -> bool:
        """Tell whether it waits for such a signal now."""
        return self.alive and kind in self._wants

    def deliver(self, signal: Signal) -> None:
        """Offer a signal."""
        self.scheduler.post(lambda: self._offer(signal))

    def interrupt(self, interruption: Interruption) -> None:
        """Throw into the generator."""
        self.scheduler.post(lambda: self._throw(interruption))

    def freeze(self) -> None:
        """Ignore time, signals and web answers from now on; only an interruption still arrives."""
        self._settle()

    def stop(self) -> None:
        """End at once; whatever sounds is cut."""
        if self.alive:
            self._settle()
            self.alive = False
            if not self._running:
                self._script.close()

    def _offer(self, signal: Signal) -> None:
        if self.alive and signal.kind in self._wants:
            self._step(lambda: self._script.send(signal))

    def _throw(self, interruption: Interruption) -> None:
        if self.alive:
            self._step(lambda: self._script.throw(interruption))

    def _resume(self, turn: int, value: Any) -> None:
        if self.alive and turn == self._turn:
            self._step(lambda: self._script.send(value))

    def _settle(self) -> None:
        self._turn += 1
        self._wants = frozenset()
        if self._timer:
            self._timer.cancel()

    def _step(self, move: Callable[[], Wait | Fetch]) -> None:
        self._settle()
        self._running = True
        try:
            need = move()
        except (StopIteration, HungUp):
            self.alive = False
            return
        finally:
            self._running = False
        self._await(need)

    def _await(self, need: Wait | Fetch) -> None:
        if not self.alive:
            return self._script.close()
        turn = self._turn
        if isinstance(need, Fetch):
            return self._carry(need.hook, lambda outcome: self._resume(turn, outcome))
        self._wants = need.wants
        if need.seconds is not None:
            self._timer = self.scheduler.after(need.seconds, lambda: self._resume(turn, None))
        return None
