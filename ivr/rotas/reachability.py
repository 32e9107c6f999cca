"""Whether whoever is on call was reached before their shift: what the tests that are open say of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from ivr.rotas.tables import drill
from routing.rota import Rota, on_call

_AT_RISK = select(drill.c.rota_id, drill.c.person_id, drill.c.at_risk_at).where(
    drill.c.ended_at.is_(None), drill.c.at_risk_at.is_not(None)
)


def is_unreached(connection: Connection, rota: Rota, at: datetime) -> bool:
    """Whether the person who is on call on a rota was not reached, and has not confirmed since that they can be."""
    return find_unreached(connection, rota, at) is not None


def find_unreached(connection: Connection, rota: Rota, at: datetime) -> datetime | None:
    """Since when whoever is on call is known not to be reached; None where nothing says so."""
    theirs = drill.c.rota_id == rota.id, drill.c.person_id == on_call(rota, at), drill.c.shift_starts_at <= at
    found: datetime | None = connection.execute(
        _AT_RISK.with_only_columns(drill.c.at_risk_at).where(*theirs).order_by(drill.c.at_risk_at)
    ).scalar()
    return found


def list_at_risk(connection: Connection) -> dict[tuple[str, str], datetime]:
    """The rotas and people whose shift, of now or the next one, is at risk, and since when."""
    return {(row.rota_id, row.person_id): row.at_risk_at for row in connection.execute(_AT_RISK)}
