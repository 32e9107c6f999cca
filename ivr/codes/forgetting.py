"""Forgetting the codes of a call, once nothing asks for it to be kept any longer."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists

from ivr.calls.tables import call
from ivr.codes.tables import one_time_code
from ivr.core.feature import Memory


def forget_codes(connection: Connection, call_id: str) -> None:
    """Forget the codes of a call: that there were some, and how they ended, is in its events and in the audit log."""
    connection.execute(delete(one_time_code).where(one_time_code.c.call_id == call_id))


MEMORY = Memory(keeps=exists().where(one_time_code.c.call_id == call.c.id), forget=forget_codes)
