"""In which order one transaction locks rows, so that no two ever wait for each other.

Everything that belongs to a call (its legs, its place in the queue, its offers, pages, promises and timers) is locked
by whoever has locked the call, and everything of an agent by whoever has locked the agent's state. So only the owners,
and the few rows that nobody owns, stand in an order: what stands earlier in :data:`ORDER` is locked first. Of several
calls the one that began last comes first, because that is the one on the line; of anything else the smallest key.

Whoever has locked no owner may lock one row of what is owned, and nothing before it: a worker that settles an item, or
a webhook that notes how a text fares. ``docs/decisions/order-of-locks.md`` says why, and ``tests/locks`` watches over
every transaction of every test.
"""

from __future__ import annotations

ORDER = (
    "turn:clock",
    "call",
    "turn:guesses",
    "turn:codes",
    "turn:line",
    "turn:call-back",
    "agent_state",
    "talks",
    "turn:ring",
    "pin",
    "staff_user",
    "turn:sign-in failures",
    "clinician_session",
    "shift_session",
    "vault_keyset",
    "vault_loose_object",
    "vault_recording",
    "coverage",
    "turn:patients",
    "patient",
    "representative",
    "rota_swap",
    "rota_cover",
    "turn:numbers",
    "changed_number",
    "text_trouble",
    "row",
    "turn:paging",
    "drill",
    "lane",
    "audit_row",
)
"""Names of tables, of turns (``take_turn``), and "row" for one row whose owner is not locked."""

OWNERS = ("call", "agent_state")
"""Those to whom rows of many tables belong."""

NEWEST_FIRST = "call"
"""What is locked in the order of its beginning, the newest first."""
