"""Writing items of the outbox down. Each is carried out after the transaction has committed, at least once.

An item has an effect on the world outside. What a flow calls an effect is decided inside the transaction, and may
write an item.
"""

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
_KIND_WAITS = select(outbox.c.id).where(UNDONE, outbox.c.kind == bindparam("kind")).limit(1)
_EXPIRED = select(outbox.c.id).where(UNDONE, outbox.c.leased_until < bindparam("now"))
# What another worker has in its hands is passed over: two that wait for each other's items would wait for ever.
_RELEASE = fire_many(OUTBOX, outbox, "expire", leased_until=None).where(
    outbox.c.id.in_(_EXPIRED.with_for_update(skip_locked=True).correlate(None))
)


def put_item(
    work: Work,
    kind: str,
    subject: str,
    *,
    call_id: str | None,
    key: str = "",
    nonce: bool = False,
    urgency: str = "routine",
    after: timedelta = timedelta(),
    **details: str,
) -> None:
    """Add an item of ``kind`` about ``subject`` (an opaque id), to be carried out ``after`` a while.

    ``call_id`` is the call it belongs to, whose supervisors hear of it when it fails for good; None for no call.
    The same ``key`` again adds nothing, for ever. With ``nonce`` the instant at which it is due is part of the key:
    what may be wanted again later is then added again, and only the same instant adds nothing.
    """
    due_at = work.at + after
    whole_key = ":".join(part for part in (key, str(due_at.timestamp()) if nonce else "") if part)
    row = {
        "kind": kind,
        "subject": subject,
        "call_id": call_id or NO_CALL,
        "details": details,
        "effect_key": _effect_key(kind, subject, whole_key),
        "urgency": URGENCY[urgency],
        "state": OUTBOX.begins,
        "due_at": due_at,
        "attempts": 0,
        "created_at": work.at,
    }
    work.connection.execute(
        upsert(work.connection, outbox).values(row).on_conflict_do_nothing(index_elements=["effect_key"])
    )
    work.item_kinds.append(kind)


def has_waiting_item(work: Work, kind: str, subject: str) -> bool:
    """Whether an item of ``kind`` about ``subject`` has yet to be carried out."""
    return work.connection.execute(_WAITS, {"kind": kind, "subject": subject}).first() is not None


def was_put(work: Work, kind: str, subject: str) -> bool:
    """Whether an item of ``kind`` about ``subject`` that has no key was ever written down."""
    mine = outbox.c.effect_key == _effect_key(kind, subject, "")
    return work.connection.execute(select(outbox.c.id).where(mine)).first() is not None


def is_kind_waiting(work: Work, kind: str) -> bool:
    """Whether any item of ``kind`` has yet to be carried out."""
    return work.connection.execute(_KIND_WAITS, {"kind": kind}).first() is not None


def recall_item(work: Work, kind: str, subject: str, *, key: str, older_than: datetime) -> bool:
    """Take back an item that was written down before ``older_than`` and that no worker has; whether there was one."""
    mine = (outbox.c.effect_key == _effect_key(kind, subject, key)) & (outbox.c.created_at < older_than)
    row_id = work.connection.execute(select(outbox.c.id).where(mine)).scalar()
    return row_id is not None and fire(work, OUTBOX, outbox, row_id, "recall", done_at=work.at)


def release_expired_items(work: Work) -> int:
    """Make items whose worker vanished eligible again; how many."""
    return work.connection.execute(_RELEASE, {"now": work.at}).rowcount


def _effect_key(kind: str, subject: str, key: str) -> str:
    return f"{kind}:{subject}:{key}"
