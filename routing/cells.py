"""The cells of :mod:`routing.filing` in memory, with the idle agents in them.

:mod:`ivr.queue.index` keeps the same in Redis, where many processes share it; both name the same agent.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Container, Iterable
from datetime import datetime

from routing.filing import Filing, Tier, ceiling, score

Entry = tuple[float, str]
"""The score of an agent in a cell, and the agent."""


class Cells:
    """Empty at first: nobody is idle."""

    def __init__(self, filing: Filing) -> None:
        self._filing = filing
        self._cells: dict[str, list[Entry]] = {}
        self._filed: dict[str, list[tuple[list[Entry], Entry]]] = {}

    def put(self, agent: str, idle_since: datetime) -> None:
        """File whoever is idle and is not filed yet."""
        found = []
        for cell, level in self._filing.of(agent):
            entries, entry = self._cells.setdefault(cell, []), (score(level, idle_since), agent)
            insort(entries, entry)
            found.append((entries, entry))
        self._filed[agent] = found

    def take(self, agent: str) -> None:
        """Take out whoever is idle no longer; nothing happens where they are not filed."""
        for entries, entry in self._filed.pop(agent, ()):
            del entries[bisect_left(entries, entry)]

    def best(self, tiers: Iterable[Tier], level: int, passed: Container[str] = ()) -> str | None:
        """The best agent of the first tier with anybody of at least ``level`` who is none of the ``passed``."""
        limit = ceiling(level)
        for tier in tiers:
            heads = (self._head(cell, passed) for cell in tier)
            best = min((head for head in heads if head is not None and head[0] < limit), default=None)
            if best is not None:
                return best[1]
        return None

    def _head(self, cell: str, passed: Container[str]) -> Entry | None:
        return next((entry for entry in self._cells.get(cell, ()) if entry[1] not in passed), None)
