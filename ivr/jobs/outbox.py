"""Writing effects down. They are carried out after the transaction has committed, at least once each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from callflows.lifecycles.tables import OUTBOX
from ivr.core.database import upsert
from ivr.core.state_machines import fire, fire_many
from ivr.core.unit_of_work import Work
from ivr.jobs.call_ids import NO_CALL
from ivr.jobs.tables import UNDONE, outbox

URGENCY = {"emergent": 0, "urgent": 1, "routine": 2, "housekeeping": 3}
"""Order in the outbound lane: a red-flag page never waits behind offers."""

_WAITS = (
    select(outbox.c.id)
    .where(UNDONE, outbox.c.kind == bindparam("kind"), outbox.c.subject == bindparam("subject"))
    .limit(1)
)
_RELEASE = fire_many(OUTBOX, outbox, "expire", leased_until=None).where(
    UNDONE, outbox.c.leased_until < bindparam("now")
)


def put(
    work: Work,
    kind: str,
    subject: str,
    *,
    call_id: str | None,
    key: str = "",
    urgency: str = "routine",
    after: timedelta = timedelta(),
    **details: str,
) -> None:
    """Add an effect of ``kind`` on ``subject`` (an opaque id). The same ``key`` again adds nothing.

    ``call_id`` is the call it belongs to, whose supervisors hear of it when it fails for good; None for no call.
    """
    row = {
        "kind": kind,
        "subject": subject,
        "call_id": call_id or NO_CALL,
        "details": details,
        "effect_key": f"{kind}:{subject}:{key}",
        "urgency": URGENCY[urgency],
        "state": OUTBOX.begins,
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
    return work.connection.execute(_WAITS, {"kind": kind, "subject": subject}).first() is not None


def recall(work: Work, kind: str, subject: str, *, key: str, older_than: datetime) -> bool:
    """Take back an effect that was asked for before ``older_than`` and is in nobody's hands; whether there was one."""
    mine = (outbox.c.effect_key == f"{kind}:{subject}:{key}") & (outbox.c.created_at < older_than)
    row_id = work.connection.execute(select(outbox.c.id).where(mine)).scalar()
    return row_id is not None and fire(work, OUTBOX, outbox, row_id, "recall", done_at=work.at)


def release_expired(work: Work) -> int:
    """Make items whose worker vanished eligible again."""
    return work.connection.execute(_RELEASE, {"now": work.at}).rowcount
