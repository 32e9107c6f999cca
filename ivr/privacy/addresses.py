"""Numbers to ring, sealed with the key of the practice whose call it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.calls.log import practice_of
from ivr.work import Work

FIELD = "address"


def seal_address(work: Work, call_id: str, address: str) -> bytes:
    """A phone number or client address, for a column."""
    return work.services.cipher.seal(practice_of(work, call_id), FIELD, address)


def open_address(work: Work, row: Row[Any]) -> str:
    """The number of a leg."""
    return work.services.cipher.open(practice_of(work, row.call_id), FIELD, row.address_sealed)
