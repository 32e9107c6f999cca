"""Forgetting the checks of a call, once nothing asks for it to be kept any longer."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists

from ivr.calls.tables import call
from ivr.core.feature import Memory
from ivr.verification.tables import identity_check


def forget_checks(connection: Connection, call_id: str) -> None:
    """Forget the checks of a call: who made them, with what result, is in the audit log."""
    connection.execute(delete(identity_check).where(identity_check.c.call_id == call_id))


MEMORY = Memory(keeps=exists().where(identity_check.c.call_id == call.c.id), forget=forget_checks)
