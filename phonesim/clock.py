"""Virtual time: an event heap with deterministic ties."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from phonesim.errors import PhonesimError, ReentrantAdvance

Action = Callable[[], None]


def _nothing() -> None:
    """What a cancelled event does."""


class Event:
    """Something that will happen; ``cancel`` makes it not happen."""

    __slots__ = ("action", "cancelled")

    def __init__(self, action: Action) -> None:
        self.action = action
        self.cancelled = False

    def cancel(self) -> None:
        """Forget the event and what it holds; harmless when it already happened."""
        self.cancelled = True
        self.action = _nothing


class Scheduler:
    """Runs events in order of their instant; events of one instant run in the order they were scheduled."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise PhonesimError("start has no time zone; pass an aware UTC datetime")
        self.now = start.astimezone(UTC)
        self.running = False
        self._heap: list[tuple[datetime, int, Event]] = []
        self._ticket = count()

    def after(self, seconds: float, action: Action) -> Event:
        """Run ``action`` that many virtual seconds from now (0: still at this instant, after what is due)."""
        event = Event(action)
        instant = self.now + timedelta(seconds=seconds) if seconds > 0 else self.now
        heappush(self._heap, (instant, next(self._ticket), event))
        return event

    def post(self, action: Action) -> Event:
        """Run ``action`` at this instant, after everything already due."""
        return self.after(0, action)

    def next_at(self) -> datetime | None:
        """The instant of the next event, or None when nothing will happen by itself."""
        while self._heap and self._heap[0][2].cancelled:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def step(self, limit: datetime) -> bool:
        """Run the next event if it is due by ``limit``; tell whether one ran."""
        due = self.next_at()
        if due is None or due > limit:
            return False
        self.now = max(self.now, due)
        heappop(self._heap)[2].action()
        return True

    def advance_to(self, instant: datetime) -> None:
        """Run everything due up to and including ``instant``; then it is ``instant``.

        Raises ReentrantAdvance when called by something that an event runs.
        """
        if self.running:
            raise ReentrantAdvance(
                "time is already being advanced; do not advance it from a webhook handler or listener"
            )
        self.running = True
        try:
            while self.step(instant):
                pass
            self.now = max(self.now, instant)
        finally:
            self.running = False
