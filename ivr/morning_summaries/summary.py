"""What a morning summary tells. Nothing of it is kept: it is read anew whenever somebody looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ivr.calls.places import Place
from routing.spans import Span


@dataclass(frozen=True, slots=True)
class ClinicalCall:
    """A call with a symptom, or for which somebody was paged. ``care`` is who was responsible, ``item`` what its
    clinician had to do; None where there is no such row."""

    row: Row[Any]
    care: Row[Any] | None
    item: Row[Any] | None

    @property
    def contact_at(self) -> datetime | None:
        """When there was contact."""
        return None if self.care is None else self.care.contact_at

    @property
    def contact_minutes(self) -> int | None:
        """How many minutes after the symptom was told of there was contact."""
        if self.care is None or self.care.contact_at is None:
            return None
        return max(0, int((self.care.contact_at - self.care.opened_at).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class PageLine:
    """Somebody who was paged for a call, so many ``times`` with the same end: a ladder is climbed until it had contact.

    ``seconds`` is how long it took, the longest time of several; None as long as it is open.
    """

    call_id: str
    person_id: str
    step: int
    end: str
    times: int
    first_at: datetime
    last_at: datetime
    seconds: int | None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert about a call, and how often it was repeated."""

    call_id: str
    what: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that had no contact or no outcome at the opening. ``since_closed``: it has both by now."""

    call: Row[Any]
    opened_at: datetime
    person_id: str
    no_contact: bool
    no_outcome: bool
    since_closed: bool


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises as they stood at the opening; ``open`` are those that were not overdue yet."""

    kept: Sequence[Row[Any]]
    missed: Sequence[Row[Any]]
    open: Sequence[Row[Any]]
    overdue: Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class MorningSummary:
    """Everything that happened at a place in a night, and what was open at its end.

    ``kinds`` counts the calls by what they were about. ``calls`` has every call that the rows speak of, by its id.
    """

    id: str
    place: Place
    night: Span
    zone: str
    kinds: Mapping[str, int]
    clinical: Sequence[ClinicalCall]
    pages: Sequence[PageLine]
    promises: Promises
    messages: Sequence[Row[Any]]
    dropped: Sequence[Row[Any]]
    hand_overs: Sequence[Row[Any]]
    open_calls: Sequence[OpenCall]
    alerts: Sequence[AlertLine]
    calls: Mapping[str, Row[Any]]

    @property
    def total(self) -> int:
        """How many calls came in."""
        return sum(self.kinds.values())

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened at all; something may be open from before."""
        happened = (self.pages, self.promises.kept, self.promises.missed, self.messages, self.hand_overs, self.alerts)
        return not self.total and not any(happened)

    @property
    def is_anything_open(self) -> bool:
        """Whether something was open at the opening: a call without contact or outcome, or a promise."""
        return bool(self.open_calls or self.promises.open or self.promises.overdue)
