"""The organisation as a call sees it: always the revision pinned on the call."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from ivr.calls.tables import call
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.work import Work

STRANGER = "operator"
"""The practice id of calls that no practice owns; its keyset is the operator's own."""


def call_row(work: Work, call_id: str) -> Row[Any]:
    """The call."""
    return work.connection.execute(select(call).where(call.c.id == call_id)).one()


def pinned(work: Work, call_id: str) -> Organisation:
    """The organisation as it was when the call came in."""
    revision = work.connection.execute(select(call.c.revision_id).where(call.c.id == call_id)).scalar_one()
    return load(work.connection, revision)


def newest(work: Work) -> Organisation:
    """The organisation as it is now, for what must be live."""
    return load(work.connection, None)
