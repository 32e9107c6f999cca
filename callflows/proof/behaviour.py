"""What a flow does, as short texts: equal for two flows that no caller could tell apart, whatever they are made of.

A state's text covers everything that may follow: each answer, what is then said, asked and done, and what follows that.
States that the explorer merges or keeps apart do not show in it. The catalogue's words are not part of it, only which
line is said with which values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from callflows.engine.replay import Entry
from callflows.proof.graph import Edge, Report, ends_first, leaving

LENGTH = 16
"""Characters of a text: 64 bits tell apart all states of all flows there will ever be."""


class Behaviour:
    """What the flow of a report does, from its start and from each place where it waits."""

    def __init__(self, report: Report) -> None:
        self._start = [edge for edge in report.edges if edge.source is None]
        self._leaving = leaving(report.states, report.edges)
        self._ahead: dict[int, str] = {}
        for number in ends_first(self._leaving):
            self._ahead[number] = self._text_of(self._leaving[number])

    @property
    def whole(self) -> str:
        """Everything the flow does, from its first word."""
        return self._text_of(self._start)

    def after(self, log: Sequence[Entry]) -> str:
        """All that may follow ``log``; empty where the flow does not wait for an answer after it."""
        row, edges = 0, self._start
        while edges:
            row, state = row + edges[0].steps, edges[0].target
            if state is None or row > len(log):
                return ""
            if row == len(log):
                return self._ahead[state]
            edges = [edge for edge in self._leaving[state] if edge.answer == log[row].answer]
        return ""

    def _text_of(self, edges: Sequence[Edge]) -> str:
        ways = sorted(self._way(edge) for edge in edges)
        return sha256("\n".join(ways).encode()).hexdigest()[:LENGTH]

    def _way(self, edge: Edge) -> str:
        beyond = edge.outcome if edge.target is None else self._ahead[edge.target]
        return "\t".join([written(edge.answer), *map(written, edge.made), beyond])


@lru_cache(maxsize=None, typed=True)
def written(value: Any) -> str:
    """A request or an answer with everything in it, fields at their default left out."""
    if isinstance(value, tuple):
        return f"({','.join(map(written, value))})"
    if not is_dataclass(value):
        return repr(value)
    held = [f"{part.name}={written(getattr(value, part.name))}" for part in fields(value) if _is_given(value, part)]
    return f"{type(value).__name__}({','.join(held)})"


def _is_given(value: Any, part: Field[Any]) -> bool:
    return part.default is MISSING or getattr(value, part.name) != part.default
