"""How well callers were told how long they would wait: each first band, and how the wait went on from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.calls.event_tables import event
from routing.estimate import Band

ANSWERED = ("before", "inside", "after")
"""Where the waits of callers who reached somebody ended, by their band."""

ENDS = {
    "answered": "answered",
    "caller-left": "gave up",
    # A promise taken or offered instead, a clinician paged because it got worse, the end of the conversation.
    "promised": "left",
    "nobody-came": "left",
    "escalated": "left",
    "caller-conversation-ended": "left",
}
"""What the first event of these says of how a wait ended."""

_ASKED, _TOLD = "queued", "estimated"


@dataclass(frozen=True, slots=True)
class Measured:
    """Callers of one practice and service who were told a band, counted by how their wait ended.

    :data:`ANSWERED`; "gave up": hung up; "left": were promised a call-back instead, or had a clinician paged;
    "gave up late", "left late": the same when the band was over already; "waits": stand in line yet.
    """

    practice: str
    service: str
    ends: Counter[str] = field(hash=False)

    @property
    def told(self) -> int:
        """How many were told a band."""
        return self.ends.total()

    @property
    def held(self) -> float | None:
        """The share of the answered whose wait ended inside their band; None where nobody was answered."""
        answered = sum(self.ends[end] for end in ANSWERED)
        return self.ends["inside"] / answered if answered else None


def measure_waits(connection: Connection, start: datetime, end: datetime) -> tuple[Measured, ...]:
    """Every practice and service of which a caller was told a band from ``start`` up to ``end``, by name."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for told, service, ended in _waits(connection, start, end):
        found.setdefault((told.practice_id, service), Counter())[_end(told, ended)] += 1
    return tuple(Measured(*of, ends) for of, ends in sorted(found.items()))


def _waits(connection: Connection, start: datetime, end: datetime) -> Iterator[tuple[Row[Any], str, Row[Any] | None]]:
    """The first band of each call, the service asked for, and what ended the wait, if it has ended."""
    of_period = event.c.kind == _TOLD, event.c.at >= start, event.c.at < end
    calls = select(event.c.call_id).where(*of_period)
    wanted = event.c.kind.in_((_ASKED, _TOLD, *ENDS)), event.c.call_id.in_(calls)
    rows = connection.execute(select(event).where(*wanted).order_by(event.c.call_id, event.c.id))
    for of_call in _by_call(rows):
        number = next(place for place, row in enumerate(of_call) if row.kind == _TOLD)
        told, asked = of_call[number], [row for row in of_call[:number] if row.kind == _ASKED]
        if start <= told.at < end:
            ended = next((row for row in of_call[number:] if row.kind in ENDS), None)
            yield told, asked[-1].data["service"], ended


def _by_call(rows: Iterable[Row[Any]]) -> Iterator[Sequence[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.call_id, []).append(row)
    yield from found.values()


def _end(told: Row[Any], ended: Row[Any] | None) -> str:
    if ended is None:
        return "waits"
    where = Band(told.data["low"], told.data["high"]).where(ended.at - told.at)
    how = ENDS[ended.kind]
    if how == "answered":
        return where
    return f"{how} late" if where == "after" else how
