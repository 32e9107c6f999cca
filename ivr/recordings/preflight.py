"""Whether what is due to be destroyed is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from ivr.core.counting import counted
from ivr.core.preflight import Examined, Finding, advice
from ivr.recordings.retention import are_over
from recordings_vault.tables import vault_recording

SLACK = timedelta(days=7)


def check_retention(examined: Examined) -> Iterator[Finding]:
    """No recording is kept long after its rule asked for it, unless somebody holds it."""
    found = select(func.count()).where(*are_over(examined.at - SLACK), ~vault_recording.c.legal_hold)
    overdue = examined.connection.execute(found).scalar_one()
    if overdue:
        kept = f"{counted(overdue, 'recording is', 'recordings are')} kept longer than any rule asks"
        yield advice(kept, "run every day: sunline retention --yes")
