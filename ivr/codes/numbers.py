"""To which number a code goes: the one on file, and never one that is given in a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from ivr.calls.addresses import judge_address
from ivr.calls.configuration import NO_PRACTICE, pinned_of
from ivr.calls.flow_view import sends_codes
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work
from ivr.patients.phone_on_file import PhoneOnFile, read_phone

GUARD = timedelta(days=30)
"""How long a number must have been on file: whoever takes a record over changes its number first."""
KNOWN = ("L1", "L2", "L3")


def find_phone(work: Work, about: Row[Any]) -> PhoneOnFile | None:
    """The number on file of whom the call was matched with, where a code may be texted to it now.

    None where somebody speaks for them: the number is the patient's, and says nothing of who is calling.
    """
    if about.practice_id == NO_PRACTICE or about.patient_id is None or about.identity_level not in KNOWN:
        return None
    if about.representative_id is not None or not sends_codes(pinned_of(work, about), about.practice_id):
        return None
    phone = read_phone(work.connection, work.services.cipher, about.practice_id, about.patient_id)
    if phone is None or phone.since is None or work.at.date() - phone.since < GUARD:
        return None
    return phone if judge_number(work, phone) is not None else None


def find_number(work: Work, about: Row[Any], number_hash: str) -> Ringable | None:
    """The same number as it may be texted; None where another one is on file by now."""
    phone = find_phone(work, about)
    return judge_number(work, phone) if phone is not None and phone.hash == number_hash else None


def judge_number(work: Work, phone: PhoneOnFile) -> Ringable | None:
    """The number on file as it may be texted: an ordinary telephone nearby, and none of ours.

    Nothing in a number of North America tells a mobile telephone from a landline: its text fails, and that is told.
    """
    return judge_address(work, phone.number, "caller")
