"""Whether anybody can get a code where a practice has some sent."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ivr.calls.flow_view import sends_codes
from ivr.codes.numbers import GUARD
from ivr.core.counting import counted
from ivr.core.preflight import Examined, Finding, advice
from ivr.patients.tables import patient


def check_numbers(examined: Examined) -> Iterator[Finding]:
    """A practice that has codes sent knows some numbers for long enough, once it has records at all."""
    if examined.organisation is None:
        return
    for name in sorted(examined.organisation.practices):
        if not sends_codes(examined.organisation, name) or not _has_record(examined.connection, name):
            continue
        latest = examined.at.date() - GUARD
        old = select(patient.c.id).where(patient.c.practice_id == name, patient.c.phone_since <= latest).limit(1)
        if examined.connection.execute(old).first() is None:
            guard = counted(GUARD.days, "day")
            what = f"{name} has one-time codes sent, and no number of its records is known for {guard}"
            mend = "import them with --phones-since DAY, or wait: until then its callers come to L1"
            yield advice(what, mend)


def _has_record(connection: Connection, practice_id: str) -> bool:
    known = select(patient.c.id).where(patient.c.practice_id == practice_id).limit(1)
    return connection.execute(known).first() is not None
