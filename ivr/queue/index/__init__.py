"""The index: who waits in which order, and who is idle, in Redis. The rest of the queue imports this interface alone.

Redis is fast and forgettable. SQL decides every race, and the index is rebuilt from SQL whenever Redis has lost it;
where Redis cannot be had at all, each question is answered from SQL.
"""

from __future__ import annotations

from ivr.queue.index.agents import claim_best_agent, reindex_agents
from ivr.queue.index.calls import (
    Front,
    add_call,
    calls_in_line,
    fronts,
    is_first,
    next_in_line,
    position,
    remove_call,
)
from ivr.queue.index.rebuilding import rebuild

__all__ = [
    "Front",
    "add_call",
    "calls_in_line",
    "claim_best_agent",
    "fronts",
    "is_first",
    "next_in_line",
    "position",
    "rebuild",
    "reindex_agents",
    "remove_call",
]
