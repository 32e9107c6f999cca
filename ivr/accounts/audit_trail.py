"""The trail of the pages: one audit row for every look at patient data, also for one that was refused."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from flask import request
from sqlalchemy import Connection

from ivr.accounts.address import address_of
from ivr.accounts.people import Person
from ivr.accounts.roles import purpose_of
from ivr.audit.append import append
from ivr.core.services import Services

_ID = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class About:
    """What was looked at: opaque ids."""

    object_id: str | None = None
    call_id: str | None = None
    practice_id: str | None = None
    patient_id: str | None = None


NOTHING = About()


def note(services: Services, person: Person, action: str, about: About = NOTHING, *, outcome: str = "ok") -> None:
    """Write a row in a transaction of its own. When it cannot be written, the look fails too."""
    with services.database.write() as connection:
        note_within(connection, services, person, action, about, outcome=outcome)


def note_within(
    connection: Connection,
    services: Services,
    person: Person,
    action: str,
    about: About = NOTHING,
    *,
    outcome: str = "ok",
) -> None:
    """The same, as the last thing in a transaction that is open."""
    append(
        connection,
        at=services.clock.now(),
        actor=person.name,
        role=person.role,
        address=address_of(request),
        purpose=purpose_of(person.role),
        action=action,
        outcome=outcome,
        **asdict(about),
    )


def opaque(text: object) -> str | None:
    """What came in an address, where it has the shape of an id of ours: anything else stays out of the trail."""
    return str(text) if _ID.fullmatch(str(text)) else None
