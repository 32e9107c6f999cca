"""Numbers to ring: sealed with the key of the practice whose call it is, and judged whenever one is dialled."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import NO_PRACTICE, newest
from ivr.calls.tables import call, leg
from ivr.core.cipher import Cipher, name_row
from ivr.core.telephone_numbers import GivenBy, Ringable, parse_ringable
from ivr.core.unit_of_work import Work
from ivr.directory.own_lines import own_lines

FIELD = "address"
CALLER_FIELD = "call.caller"
"""The field under which the number that a call came from is sealed."""


def seal_address(work: Work, practice_id: str, row: str, address: str) -> bytes:
    """A phone number or client address, for a column of ``row``."""
    return work.services.cipher.seal(practice_id, FIELD, row, address)


def open_address(cipher: Cipher, row: Any) -> str:
    """The number of a leg."""
    return cipher.open(row.practice_id, FIELD, name_row(leg, row.id), row.address_sealed)


def judge_address(work: Work, address: str, given_by: GivenBy, abroad: Collection[str] = ()) -> Ringable | None:
    """The address as it may be dialled now, by the configuration in force; None where it may not be.

    ``abroad`` are further countries in which whoever called from there may be rung.
    """
    return parse_ringable(address, given_by, own_lines(newest(work)), abroad)


def read_countries_abroad(work: Work, practice_id: str) -> tuple[str, ...]:
    """Where a practice rings callers back beside the usual countries, for what is urgent, by what is in force."""
    if practice_id == NO_PRACTICE:
        return ()
    file = newest(work).practices.get(practice_id)
    return file.waiting.call_back_countries if file else ()


def open_caller_number(work: Work, about: Row[Any]) -> str | None:
    """The number that a call came from; None where it did not show, or cannot be called back."""
    if about.caller_sealed is None:
        return None
    return work.services.cipher.open(about.practice_id, CALLER_FIELD, name_row(call, about.id), about.caller_sealed)
