"""The rotas as they are now: those of the configuration with what stands beside them. Whoever asks who is on call, asks
of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.core.database import Database
from ivr.directory.organisation import Organisation
from ivr.rotas.tables import rota_cover, rota_feed
from routing.rota import Override, Rota, Shift

_READ_FEEDS = select(rota_feed.c.rota_id, rota_feed.c.shifts).where(rota_feed.c.read_at.is_not(None))


def with_live_rotas(connection: Connection, organisation: Organisation, since: datetime) -> Organisation:
    """The organisation with its rotas as they are from ``since`` on.

    A cover by or for somebody who has been taken out of the configuration does not count, nor a shift of theirs.
    """
    covers, shifts = _overrides(connection, organisation, since), _shifts(connection, organisation)
    if not covers and not shifts:
        return organisation
    rotas = {name: _with(rota, covers.get(name, ()), shifts.get(name, ())) for name, rota in organisation.rotas.items()}
    return replace(organisation, rotas=rotas)


def read_live_rotas(database: Database, organisation: Organisation, at: datetime) -> Organisation:
    """The same for whoever is in no transaction."""
    with database.read() as connection:
        return with_live_rotas(connection, organisation, at)


def list_covers(connection: Connection, since: datetime) -> Sequence[Row[Any]]:
    """The covers that hold at ``since`` or later and were not ended before they began, in the order of their making."""
    wanted = select(rota_cover).where(rota_cover.c.ends_at > since)
    rows = connection.execute(wanted.order_by(rota_cover.c.made_at, rota_cover.c.id)).all()
    return [row for row in rows if ends_at(row) > max(since, row.begins_at)]


def ends_at(row: Row[Any]) -> datetime:
    """When a cover ends, or was ended."""
    ends: datetime = row.ends_at if row.ended_at is None else min(row.ends_at, row.ended_at)
    return ends


def _overrides(connection: Connection, organisation: Organisation, since: datetime) -> dict[str, list[Override]]:
    found: defaultdict[str, list[Override]] = defaultdict(list)
    for row in list_covers(connection, since):
        if {row.person_id, row.instead_of or row.person_id} <= organisation.people.keys():
            found[row.rota_id].append(Override(row.begins_at, ends_at(row), row.person_id, row.instead_of))
    return found


def _shifts(connection: Connection, organisation: Organisation) -> dict[str, list[Shift]]:
    found: defaultdict[str, list[Shift]] = defaultdict(list)
    for row in connection.execute(_READ_FEEDS):
        for begins, ends, people in row.shifts:
            known = tuple(person for person in people if person in organisation.people)
            if known:
                found[row.rota_id].append(Shift(datetime.fromisoformat(begins), datetime.fromisoformat(ends), known))
    return found


def _with(rota: Rota, covers: Sequence[Override], shifts: Sequence[Shift]) -> Rota:
    if not covers and not shifts:
        return rota
    return replace(rota, overrides=(*rota.overrides, *covers), shifts=(*rota.shifts, *shifts))
