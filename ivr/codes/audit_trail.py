"""The audit trail of one-time codes: asked for, sent, given, each with how it came out and none with a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ivr.audit.append import append_last
from ivr.core.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a code or gives one, as the trail names them: on a leg, or on a page that was asked for from
    ``address``."""

    actor: str
    role: str
    leg: str = ""
    address: str | None = None


SYSTEM = Asker("system", "system")


def name_asker(leg: Row[Any]) -> Asker:
    """Whoever is on a leg: staff by name, a caller by the leg."""
    return Asker(leg.person_id or f"leg:{leg.id}", leg.role, leg.id)


def note_code(work: Work, about: Row[Any], asker: Asker, outcome: str, code_id: str | None = None) -> None:
    """Note what came of a code for the patient of the call ``about``."""
    append_last(
        work,
        actor=asker.actor,
        role=asker.role,
        address=asker.address,
        purpose="treatment",
        action="patient.code",
        outcome=outcome,
        practice_id=about.practice_id,
        call_id=about.id,
        patient_id=about.patient_id,
        object_id=code_id,
    )
