"""Writing effects down. They are carried out after the transaction has committed, at least once each."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from ivr.database import upsert
from ivr.effects.tables import outbox
from ivr.work import Work

URGENCY = {"emergent": 0, "urgent": 1, "routine": 2, "housekeeping": 3}
"""Order in the outbound lane: a red-flag page never waits behind offers."""


def put(
    work: Work,
    kind: str,
    subject: str,
    *,
    key: str = "",
    urgency: str = "routine",
    after: timedelta = timedelta(),
    **details: str,
) -> None:
    """Add an effect of ``kind`` on ``subject`` (an opaque id). The same ``key`` again adds nothing."""
    row = {
        "kind": kind,
        "subject": subject,
        "details": details,
        "effect_key": f"{kind}:{subject}:{key}",
        "urgency": URGENCY[urgency],
        "state": "ready",
        "due_at": work.at + after,
        "attempts": 0,
        "created_at": work.at,
    }
    work.connection.execute(
        upsert(work.connection, outbox).values(row).on_conflict_do_nothing(index_elements=["effect_key"])
    )
    work.effects.append(kind)


def waits(work: Work, kind: str, subject: str) -> bool:
    """Whether an effect of ``kind`` on ``subject`` has yet to be carried out."""
    mine = (outbox.c.kind == kind) & (outbox.c.subject == subject) & outbox.c.state.in_(("ready", "leased"))
    return work.connection.execute(select(outbox.c.id).where(mine).limit(1)).first() is not None


def release_expired(work: Work) -> int:
    """Make items whose worker vanished eligible again."""
    expired = (outbox.c.state == "leased") & (outbox.c.leased_until < work.at)
    return work.connection.execute(update(outbox).where(expired).values(state="ready", leased_until=None)).rowcount
