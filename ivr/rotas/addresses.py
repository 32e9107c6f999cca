"""Secret addresses at which the shifts of a rota or a person can be read as a calendar, until they are taken back.

Only the hash of a secret is kept: the address is told once, to whoever made it. A new one is made in its place.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from ivr.audit.append import append
from ivr.directory.organisation import Organisation
from ivr.rotas.calendars_out import write_calendar
from ivr.rotas.covers import CoverRefused
from ivr.rotas.duties import PersonalShift, list_shifts, shifts_on
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import rota_address
from routing.rota import everybody

Kind = Literal["rota", "person"]
BACK, AHEAD = timedelta(days=31), timedelta(days=184)
"""From when until when shifts are told."""


def publish(
    connection: Connection, organisation: Organisation, name: str, kind: Kind, subject: str, at: datetime, actor: str
) -> str:
    """Make an address for a rota or a person; its secret. The id ``name`` takes it back."""
    if kind == "person":
        organisation.person(subject)
    elif subject not in organisation.rotas:
        raise CoverRefused(f"there is no rota {subject}; name one of: {', '.join(sorted(organisation.rotas))}")
    token = secrets.token_hex(24)
    row = {"id": name, "kind": kind, "subject": subject, "token_hash": _hash(token)}
    connection.execute(insert(rota_address).values(**row, made_by=actor, made_at=at))
    append(connection, at=at, actor=actor, action="rota.publish", outcome="ok", object_id=name)
    return token


def unpublish(connection: Connection, name: str, at: datetime, actor: str) -> None:
    """Take an address back: from now on nothing is at it."""
    standing = rota_address.c.id == name, rota_address.c.ended_at.is_(None)
    if not connection.execute(update(rota_address).where(*standing).values(ended_at=at, ended_by=actor)).rowcount:
        raise CoverRefused(f"no address {name} stands; see: sunline rota list")
    append(connection, at=at, actor=actor, action="rota.unpublish", outcome="ok", object_id=name)


def list_addresses(connection: Connection) -> Sequence[Row[Any]]:
    """The addresses that stand, without their secrets."""
    standing = select(rota_address).where(rota_address.c.ended_at.is_(None))
    return connection.execute(standing.order_by(rota_address.c.made_at, rota_address.c.id)).all()


def read_address(connection: Connection, organisation: Organisation, token: str, at: datetime) -> bytes | None:
    """The calendar at an address; None where nothing is."""
    wanted = rota_address.c.token_hash == _hash(token), rota_address.c.ended_at.is_(None)
    row = connection.execute(select(rota_address).where(*wanted)).one_or_none()
    if row is None:
        return None
    found = _shifts(connection, organisation, row, at)
    title = organisation.names.get(row.subject, row.subject)
    return write_calendar(f"{title} on call", found, organisation.names, at)


def _shifts(
    connection: Connection, organisation: Organisation, row: Row[Any], at: datetime
) -> list[tuple[str, PersonalShift]]:
    start, end = at - BACK, at + AHEAD
    if row.kind == "person":
        return [(row.subject, one) for one in list_shifts(connection, organisation, row.subject, start, end)]
    live = with_live_rotas(connection, organisation, start)
    if row.subject not in live.rotas:
        return []
    people = everybody(live.rotas[row.subject])
    found = [(person, one) for person in people for one in shifts_on(live, row.subject, person, start, end)]
    return sorted(found, key=lambda one: (one[1].start, not one[1].first))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
