"""Forgetting for which organisation whoever called gave a code: how it came out stays in the audit log."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists

from ivr.calls.tables import call
from ivr.core.feature import Memory
from ivr.professionals.tables import listed_caller


def forget_caller(connection: Connection, call_id: str) -> None:
    """Forget it."""
    connection.execute(delete(listed_caller).where(listed_caller.c.call_id == call_id))


MEMORY = Memory(keeps=exists().where(listed_caller.c.call_id == call.c.id), forget=forget_caller)
