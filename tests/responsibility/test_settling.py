"""One row names who is responsible for a call, from the first symptom to contact, whatever is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.core.unit_of_work import in_transaction
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.tables import timer
from ivr.oncall.tables import escalation
from ivr.responsibility import outcomes, settling
from ivr.responsibility.outcomes import Taken
from ivr.responsibility.tables import responsibility
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    NOT_WELL,
    clinician_accepts,
    clinician_page_heard,
    dial,
    goes_on,
    joined,
    run,
    until_it_rings,
)

HOUSE = "+13125550190"
FILL = import_module("migrations.versions.2026_11_30_who_is_responsible_for_a_call")


def emergency(world: World) -> Line:
    """Somebody has told of a red flag, and a clinician is being paged."""
    caller = goes_on(world, dial(world), EMERGENCY)
    run(world, 3)
    return caller


def row_of(world: World) -> Any:
    return Office(world).one(responsibility)


def test_the_ladder_then_a_person_then_nobody_once_both_have_talked(any_world: World) -> None:
    caller = emergency(any_world)
    assert (row_of(any_world).state, row_of(any_world).person_id) == ("escalating", "")
    clinician = clinician_accepts(any_world)
    assert (row_of(any_world).state, row_of(any_world).person_id) == ("assigned", "dr-lee")
    joined(any_world, clinician, CALLER)
    run(any_world, 15)
    assert row_of(any_world).state == "assigned"
    run(any_world, LONG_ENOUGH)
    assert row_of(any_world).state == "contacted"
    caller.hang_up()
    clinician.hang_up()
    run(any_world, 5)
    assert (row_of(any_world).state, row_of(any_world).urgency) == ("closed", "emergent")


def test_what_a_clinician_lets_go_goes_back_to_the_ladder(world: World) -> None:
    emergency(world).hang_up()
    clinician = clinician_accepts(world)
    assert row_of(world).person_id == "dr-lee"
    clinician.hang_up()
    run(world, 2)
    assert (row_of(world).state, row_of(world).person_id) == ("escalating", "")
    until_it_rings(world, DR_LEE)


def test_who_keeps_a_dropped_call_is_responsible_until_they_hold_it_no_more(world: World) -> None:
    goes_on(world, dial(world), NOT_WELL).hang_up()
    goes_on(world, clinician_accepts(world), ("2",))
    run(world, 20)
    kept = row_of(world)
    assert (kept.state, kept.person_id, kept.held_until is not None) == ("assigned", "dr-lee", True)
    run(world, timedelta(minutes=31).total_seconds())
    assert (row_of(world).person_id, row_of(world).held_until) == ("", None)


def test_a_fault_in_deciding_undoes_nothing_and_is_mended_by_the_next_round(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(settling, "decide", lambda _facts: 1 // 0)
        emergency(world)
        assert Office(world).one(escalation).state == "paging"
        assert Office(world).rows(responsibility) == []
    assert {entry["event"] for entry in world.log if entry["log_level"] == "error"} == {"responsibility_failed"}
    carry_out_due_rounds(world.services)
    assert row_of(world).state == "escalating"


def test_what_nobody_works_on_any_more_is_begun_again(world: World) -> None:
    emergency(world).hang_up()
    until_it_rings(world, DR_LEE)
    with world.services.database.write() as connection:
        connection.execute(update(escalation).values(state="stopped"))
        connection.execute(update(promise).values(state="working"))
        connection.execute(delete(timer).where(timer.c.kind == "promise_start"))
    world.net.phone(DR_LEE).answer().hang_up()
    run(world, 30)
    assert Office(world).one(promise).state == "open"
    assert world.advance(lambda: world.net.phone(DR_LEE).ringing, timedelta(minutes=6))
    assert len(Office(world).rows(escalation)) == 2


def test_the_house_is_rung_within_a_minute_of_a_ladder_in_vain_and_once_for_each(world: World) -> None:
    emergency(world).hang_up()
    assert world.advance(lambda: world.net.phone(HOUSE).ringing, timedelta(minutes=12))
    ended = max(row.ended_at for row in Office(world).rows(escalation))
    assert world.now - ended < timedelta(minutes=1)
    first = world.net.phone(HOUSE).answer()
    run(world, 60)
    assert (first.state, world.net.phone(HOUSE).ringing) == ("completed", False)


def test_a_second_word_that_the_patient_was_reached_changes_nothing(any_world: World) -> None:
    emergency(any_world).hang_up()
    clinician_page_heard(any_world)
    (about,) = Office(any_world).rows(call)
    with Office(any_world).services.database.read() as connection:
        assert connection.execute(select(responsibility.c.state)).scalar_one() == "escalating"
    for taken in (Taken.TAKEN, Taken.OVER):
        assert _report(any_world, about.id) is taken
    assert row_of(any_world).state == "closed"
    assert Office(any_world).one(promise).closed_as == "reported"
    assert Office(any_world).one(escalation).state == "stopped"


def _report(world: World, call_id: str) -> Taken:
    return in_transaction(
        world.services, lambda work: outcomes.report_contact(work, call_id, "olga", outcomes.ELSEWHERE)
    )


def test_calls_of_the_version_before_get_a_row(any_world: World) -> None:
    emergency(any_world).hang_up()
    with any_world.services.database.write() as connection:
        connection.execute(delete(responsibility))
        FILL._fill(connection)
        FILL._fill(connection)
    kept = row_of(any_world)
    assert (kept.state, kept.person_id, kept.urgency) == ("escalating", "", "emergent")


def test_nothing_of_a_patient_is_in_the_row_or_its_events(world: World) -> None:
    emergency(world).hang_up()
    run(world, 60)
    told = [row.data for row in Office(world).rows(event, event.c.kind.in_(("responsible", "contact", "house-rung")))]
    assert told
    assert CALLER not in str(told)
    assert CALLER not in str(Office(world).rows(responsibility))
