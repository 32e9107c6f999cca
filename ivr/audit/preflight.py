"""Whether time runs backwards on the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from ivr.audit.tables import audit_row
from ivr.core.preflight import Examined, Finding, risk

CLOCK_SLACK = timedelta(seconds=5)


def check_clock(examined: Examined) -> Iterator[Finding]:
    """Time does not run backwards: nothing on the record is from the future."""
    newest = examined.connection.execute(select(func.max(audit_row.c.at))).scalar()
    if newest is not None and newest > examined.at + CLOCK_SLACK:
        yield risk("the clock is behind what was already recorded", "synchronise it (chrony or systemd-timesyncd)")
