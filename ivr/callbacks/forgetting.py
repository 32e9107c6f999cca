"""Forgetting the numbers that were to be called back, once nothing asks for them to be kept any longer."""

from __future__ import annotations

from sqlalchemy import Connection, exists, or_, update

from ivr.callbacks.tables import OPEN, promise
from ivr.calls.tables import call
from ivr.core.feature import Memory


def forget_numbers(connection: Connection, call_id: str) -> None:
    """Forget the numbers of a call's promises."""
    numbers = {"number_sealed": None, "number_hash": None}
    connection.execute(update(promise).where(promise.c.call_id == call_id).values(numbers))


_OF_CALL = promise.c.call_id == call.c.id

MEMORY = Memory(
    keeps=exists().where(_OF_CALL, or_(promise.c.number_sealed.is_not(None), promise.c.number_hash.is_not(None))),
    needs=exists().where(_OF_CALL, promise.c.state.in_(OPEN)),
    forget=forget_numbers,
)
