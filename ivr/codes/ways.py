"""Which of the two ways a code goes: Sunline's own, or Twilio Verify."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import pinned_of
from ivr.codes import own, verify
from ivr.codes.way import Way
from ivr.core.unit_of_work import Work


def way_for(work: Work, about: Row[Any]) -> Way:
    """The way in which the practice of a call has its codes sent."""
    service = verify.find_service(pinned_of(work, about).practice(about.practice_id))
    return own.WAY if service is None else verify.WAY


def way_of(row: Row[Any]) -> Way:
    """The way in which a code was made."""
    return own.WAY if row.service_sid is None else verify.WAY
