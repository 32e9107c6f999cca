"""The pages write one audit row for every look at patient data, also for one that was refused."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from flask import request
from sqlalchemy import Connection

from ivr.accounts.accounts_store import Person
from ivr.accounts.address import find_client_address
from ivr.accounts.roles import find_purpose
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


def write_row(services: Services, person: Person, action: str, about: About = NOTHING, *, outcome: str = "ok") -> None:
    """Write a row in a transaction of its own. When it cannot be written, the look fails too."""
    with services.database.write() as connection:
        write_row_within(connection, services, person, action, about, outcome=outcome)


def write_row_within(
    connection: Connection,
    services: Services,
    person: Person,
    action: str,
    about: About = NOTHING,
    *,
    outcome: str = "ok",
) -> None:
    """Write a row as the last thing in a transaction that is open."""
    append(
        connection,
        at=services.clock.now(),
        actor=person.name,
        role=person.role,
        address=find_client_address(request),
        purpose=find_purpose(person.role),
        action=action,
        outcome=outcome,
        **asdict(about),
    )


def keep_opaque(text: object) -> str | None:
    """Return what came in an address if it has the shape of an id of ours: anything else stays out of the trail."""
    return str(text) if _ID.fullmatch(str(text)) else None
