"""Setting the identity level of a call where no flow of its own does so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, update

from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work


def set_level(work: Work, about: Row[Any], level: str) -> bool:
    """Set the level of a call that has the level and the patient of ``about``; False where either has changed since."""
    same = call.c.identity_level == about.identity_level, call.c.patient_id == about.patient_id
    changed = update(call).where(call.c.id == about.id, *same).values(identity_level=level)
    if work.connection.execute(changed).rowcount != 1:
        return False
    record(work, "noted", about.id, identity_level=level)
    return True
