"""Numbers to ring, sealed with the key of the practice whose call it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import call_row
from ivr.core.unit_of_work import Work

FIELD = "address"


def seal_address(work: Work, call_id: str, address: str) -> bytes:
    """A phone number or client address, for a column."""
    return work.services.cipher.seal(call_row(work, call_id).practice_id, FIELD, address)


def open_address(work: Work, row: Row[Any]) -> str:
    """The number of a leg."""
    return work.services.cipher.open(row.practice_id, FIELD, row.address_sealed)
