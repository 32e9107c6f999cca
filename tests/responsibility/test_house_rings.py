"""For whose sake a ring of our own leaves the house alone: callers whom nobody has, who may be put through to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from callflows.vocabulary import Wait, WaitOnHold, WithPerson
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work, in_transaction
from ivr.oncall.joining import HOUSE_DIALLED
from ivr.responsibility.house_rings import is_house_engaged
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import EMERGENCY, dial, goes_on, run


@pytest.mark.parametrize(("asked", "engaged"), [(Wait, True), (WithPerson, False), (WaitOnHold, False)])
def test_the_house_is_left_alone_for_a_caller_whom_nobody_has(world: World, asked: type, engaged: bool) -> None:
    goes_on(world, dial(world), EMERGENCY)
    about = Office(world).one(call)
    exhausted = {"kind": "alert", "call_id": about.id, "practice_id": about.practice_id, "at": world.now}
    with world.services.database.write() as connection:
        connection.execute(update(leg).where(leg.c.role == "caller").values(pending_kind=asked.__name__))
        connection.execute(event.insert().values(data={"what": "ladder-exhausted"}, **exhausted))

    def look(work: Work) -> bool:
        return is_house_engaged(work, "another", work.at)

    assert in_transaction(world.services, look) is engaged


@pytest.mark.parametrize(("seconds", "engaged"), [(3, False), (20, True), (None, True)])
def test_the_house_that_was_not_rung_as_its_caller_left_at_once_is_free(
    any_world: World, seconds: int | None, engaged: bool
) -> None:
    world = any_world
    goes_on(world, dial(world), EMERGENCY)
    row = Office(world).one(leg, leg.c.role == "caller")
    left = None if seconds is None else world.now + timedelta(seconds=seconds)
    dialled = {"kind": HOUSE_DIALLED, "call_id": row.call_id, "practice_id": row.practice_id, "at": world.now}
    with world.services.database.write() as connection:
        connection.execute(update(leg).where(leg.c.id == row.id).values(ended_at=left))
        connection.execute(event.insert().values(data={"leg": row.id}, **dialled))
    run(world, 30)

    def look(work: Work) -> bool:
        return is_house_engaged(work, row.call_id, work.at)

    assert in_transaction(world.services, look) is engaged
