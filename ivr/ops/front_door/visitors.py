"""Who is at the door: connections that still send, or are only being let go, each with an instant to be done by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ivr.ops.front_door.arrival import Arrival

Connection = TypeVar("Connection")

REQUEST_SECONDS = 10.0
"""For a whole request. Twilio gives up after fifteen seconds, and a proxy that buffers sends all of it at once."""
FAREWELL_SECONDS = 2.0
"""For a client to take its answer and close; closing on one that still sends would take the answer away from it."""


@dataclass(slots=True)
class Visitor(Generic[Connection]):
    """A connection, what has come over it, and until when it may stay. ``leaving``: it was answered."""

    connection: Connection
    until: float
    leaving: bool = False
    arrival: Arrival = field(default_factory=Arrival)


class Visitors(Generic[Connection]):
    """Everybody at the door, whoever came first before the others."""

    def __init__(self) -> None:
        self._all: dict[Connection, Visitor[Connection]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def admit(self, connection: Connection, now: float) -> Visitor[Connection]:
        """A connection that may send a request."""
        return self._put(Visitor(connection, now + REQUEST_SECONDS))

    def see_off(self, connection: Connection, now: float) -> Visitor[Connection]:
        """A connection that was answered for the last time."""
        return self._put(Visitor(connection, now + FAREWELL_SECONDS, leaving=True))

    def forget(self, connection: Connection) -> None:
        """It is gone, or its request is whole."""
        self._all.pop(connection, None)

    def overdue(self, now: float) -> Iterator[Visitor[Connection]]:
        """Whoever should have been done."""
        return iter([visitor for visitor in self._all.values() if visitor.until <= now])

    def oldest(self) -> Visitor[Connection] | None:
        """Who has been here longest: when there is no room, the one who is least likely to be a call."""
        return next(iter(self._all.values()), None)

    def _put(self, visitor: Visitor[Connection]) -> Visitor[Connection]:
        self._all.pop(visitor.connection, None)
        self._all[visitor.connection] = visitor
        return visitor
