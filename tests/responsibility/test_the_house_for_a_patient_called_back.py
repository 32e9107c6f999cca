"""A patient who was rung and is put through to the house is treated as a caller is who stays for that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from callflows.vocabulary import DialHelpLine, DialHouse
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work, in_transaction
from ivr.oncall.summary import is_connected
from ivr.responsibility.facts import TRIED_THE_HOUSE, find_concerned, read_facts
from ivr.responsibility.house_rings import HOUSE_RUNG
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import EMERGENCY, dial, goes_on, run

HOUSE = "+13125550190"


def read_house(world: World) -> str:
    """Whether the house is due for the call, or was asked."""
    call_id = Office(world).one(call).id

    def read(work: Work) -> str:
        about = find_concerned(work, call_id)
        assert about is not None
        return read_facts(work, about).house

    return in_transaction(world.services, read)


@pytest.mark.parametrize("outcome", TRIED_THE_HOUSE)
def test_the_house_that_was_rung_for_a_patient_who_stayed_is_not_rung_once_more(any_world: World, outcome: str) -> None:
    caller = goes_on(any_world, dial(any_world), EMERGENCY)
    run(any_world, 3)
    caller.hang_up()
    assert any_world.advance(lambda: any_world.net.phone(HOUSE).ringing, timedelta(minutes=12))
    stays = {"state": "ended", "ended_at": any_world.now}
    with any_world.services.database.write() as connection:
        of_house = update(leg).where(leg.c.role == "house")
        connection.execute(of_house.values(role="patient", outcome="somebody else", **stays))
        connection.execute(delete(event).where(event.c.kind == HOUSE_RUNG))
    assert read_house(any_world) == "due"
    with any_world.services.database.write() as connection:
        connection.execute(update(leg).where(leg.c.role == "patient").values(outcome=outcome))
    assert read_house(any_world) == "asked"


def test_who_accepts_is_told_that_a_patient_who_was_rung_is_with_the_house(any_world: World) -> None:
    goes_on(any_world, dial(any_world), EMERGENCY)
    with any_world.services.database.write() as connection:
        dials = {"role": "patient", "pending_kind": DialHouse.__name__}
        connection.execute(update(leg).where(leg.c.role == "caller").values(**dials))
    about = Office(any_world).one(call)

    def tell(work: Work) -> tuple[bool, bool]:
        return is_connected(work, about, DialHouse), is_connected(work, about, DialHelpLine)

    assert in_transaction(any_world.services, tell) == (True, False)
