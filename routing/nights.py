"""Nights: closed times that an opening ends, and for which of them a morning summary is due.

A night is as long as nobody is there, over a weekend or a holiday too; a break at noon is none. No instant is ever in
two nights, and none between a closing and the opening that ends it is in no night, whatever the hours were changed to
meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from routing.hours import LOOK_AHEAD, Calendar, open_spans
from routing.spans import Span, joined

__all__ = ["NOTICE_WITHIN", "due_nights", "is_told_in_time", "longest_night"]

NOTICE_WITHIN = timedelta(hours=12)
"""How long after the opening anybody is still told: nobody is woken for what was to be read in the morning."""
_INSTANT = timedelta(microseconds=1)


def due_nights(calendars: Iterable[Calendar], shortest: timedelta, since: datetime, at: datetime) -> Iterator[Span]:
    """The nights that ended after ``since`` and not after ``at``, in order.

    A place is open when any of its ``calendars`` is. It must have been closed for ``shortest`` for a night. ``since``
    is when the last night ended for which there is a summary: what was before it is told already.
    """
    closed_from = since - shortest
    for span in _open(calendars, closed_from, at + _INSTANT):
        if span.start > since and span.start - closed_from >= shortest:
            yield Span(max(closed_from, since), span.start)
        closed_from = span.end


def longest_night(calendars: Iterable[Calendar], at: datetime) -> timedelta | None:
    """The longest time between a closing and an opening in the year after ``at``; None where there is none."""
    spans = _open(calendars, at, at + LOOK_AHEAD)
    nights = (after.start - before.end for before, after in pairwise(spans))
    return max(nights, default=None)


def is_told_in_time(night: Span, at: datetime) -> bool:
    """Whether somebody who waits for the summary of a night may be told of it ``at`` this hour."""
    return at - night.end < NOTICE_WITHIN


def _open(calendars: Iterable[Calendar], start: datetime, end: datetime) -> Iterator[Span]:
    return joined(sorted(span for one in calendars for span in open_spans(one, start, end)))
