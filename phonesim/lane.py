"""The account's calls per second: calls that REST creates leave one by one (Twilio: outbound call queue)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from phonesim.protocols import Clock, Configured

LONGEST_BACKLOG = 24 * 3600


class Pace(Clock, Configured, Protocol):
    """Gives time, and how many calls may leave in a second."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that waits to leave."""

    go: Callable[[], None]
    given_up: Callable[[], bool]


class Lane:
    """Calls created by REST leave one by one, at the account's calls per second (Twilio: outbound call queue)."""

    def __init__(self, net: Pace) -> None:
        self.net = net
        self._queue: deque[Turn] = deque()
        self._busy = False
        self._next = net.now

    @property
    def full(self) -> bool:
        """More than 24 hours of calls wait (Twilio: 22005)."""
        return len(self._queue) / self.net.options.calls_per_second > LONGEST_BACKLOG

    def enter(self, go: Callable[[], None], given_up: Callable[[], bool]) -> int:
        """Queue ``go`` for its turn, which is skipped if it is ``given_up`` by then.

        Return the milliseconds that Twilio estimates in ``queue_time``.
        """
        wait = max(0.0, (self._next - self.net.now).total_seconds())
        estimate = round(1000 * (wait + len(self._queue) / self.net.options.calls_per_second))
        self._queue.append(Turn(go, given_up))
        if not self._busy:
            self._busy = True
            self.net.scheduler.post(self._release)
        return estimate

    def _release(self) -> None:
        while self._queue and self._queue[0].given_up():
            self._queue.popleft()
        if not self._queue:
            self._busy = False
            return
        self._queue.popleft().go()
        self._next = self.net.now + timedelta(seconds=1 / self.net.options.calls_per_second)
        self.net.scheduler.after(1 / self.net.options.calls_per_second, self._release)
