"""The round that tests whoever goes on call: which shifts there are to test, and which tests are due or over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from callflows.lifecycles.tables import DRILL
from ivr.calls.configuration import newest
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.revisions import UnknownRevision, load
from ivr.oncall import drill_calls, drills, rings
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import drill
from routing.drills import LATEST, Beginning, list_to_test

EVERY = timedelta(minutes=1)

_OPEN = select(drill).where(drill.c.ended_at.is_(None))


def drill_shifts(services: Services, _stopped_at: str) -> str:
    """Begin the tests of shifts that begin soon, ring whoever is to be rung now, and end what is about nothing."""
    at = services.clock.now()
    with services.database.read() as connection:
        begun = list(_list_new(connection, at))
    for rota, beginning in begun:
        _in_turn(services, partial(_begin, rota=rota, beginning=beginning))
    with services.database.read() as connection:
        ids = [row.id for row in connection.execute(_OPEN.order_by(drill.c.next_at, drill.c.id))]
    for drill_id in ids:
        _in_turn(services, partial(_look_at, drill_id=drill_id))
    return ""


def list_tested(connection: Connection, rota: str, beginning: Beginning) -> list[Row[Any]]:
    """The tests of one shift that are open or came out well: it needs no other."""
    shift = drill.c.rota_id == rota, drill.c.shift_starts_at == beginning.start
    theirs = select(drill).where(*shift, drill.c.person_id == beginning.person, drill.c.state != "over")
    return list(connection.execute(theirs))


def begin_test(
    connection: Connection, drill_id: str, rota: str, beginning: Beginning, at: datetime, *, asked_for: bool = False
) -> None:
    """Write down a test whose first ring is due."""
    row = {"id": drill_id, "rota_id": rota, "person_id": beginning.person, "shift_starts_at": beginning.start}
    state = {"asked_for": asked_for, "state": DRILL.begins, "missed": 0, "next_at": at, "made_at": at}
    connection.execute(insert(drill).values(**row, **state))


def _list_new(connection: Connection, at: datetime) -> Iterator[tuple[str, Beginning]]:
    try:
        organisation = load(connection)
    except UnknownRevision:
        return
    if all(rota.drill is None for rota in organisation.rotas.values()):
        return
    # Shifts are looked for from a while ago on, so that a cover that has ended meanwhile still counts.
    for name, rota in with_live_rotas(connection, organisation, at - LATEST).rotas.items():
        yield from ((name, one) for one in list_to_test(rota, at) if not list_tested(connection, name, one))


def _begin(work: Work, rota: str, beginning: Beginning) -> None:
    live = with_live_rotas(work.connection, newest(work), work.at - LATEST)
    known = rota in live.rotas and beginning in list_to_test(live.rotas[rota], work.at)
    if known and beginning.person in live.people and not list_tested(work.connection, rota, beginning):
        begin_test(work.connection, work.services.ids(), rota, beginning, work.at)


def _look_at(work: Work, drill_id: str) -> None:
    row = drills.find(work, drill_id)
    if row is not None and row.ended_at is None and not drills.is_wanted(newest(work), row, work):
        drills.call_off(work, drill_id)
    else:
        drill_calls.ring(work, drill_id)


def _in_turn(services: Services, act: Any) -> None:
    """Do something in the turn at paging: nobody is paged, and no other round tests, at the same instant."""
    in_transaction(services, lambda work: rings.decide_last(work, partial(act, work)))
