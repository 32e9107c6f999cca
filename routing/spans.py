"""Stretches of time: joined, cut to fit, and taken out of one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """The instants from ``start`` up to, not including, ``end``; both UTC."""

    start: datetime
    end: datetime


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that come in the order of their starts, with those that touch or overlap made one, and empty ones left out.

    Each is yielded as soon as the next one is known to stand apart.
    """
    current: Span | None = None
    for span in spans:
        if span.start >= span.end:
            continue
        if current is not None and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def within(spans: Iterable[Span], bounds: Span) -> Iterator[Span]:
    """The parts of ``spans`` that lie in ``bounds``."""
    for span in spans:
        start, end = max(span.start, bounds.start), min(span.end, bounds.end)
        if start < end:
            yield Span(start, end)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """The parts of ``spans`` that lie in none of ``holes``; both joined, see :func:`joined`."""
    taken = tuple(holes)
    for span in spans:
        start = span.start
        for hole in within(taken, span):
            if start < hole.start:
                yield Span(start, hole.start)
            start = hole.end
        if start < span.end:
            yield Span(start, span.end)
