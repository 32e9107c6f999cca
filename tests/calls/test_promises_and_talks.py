"""A promise is kept by a talk, and begun anew where a line breaks before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.tables import leg
from ivr.calls.talks import WORDS_TAKE
from phonesim import Line, switch_on
from rehearsals.world import World
from tests.calls.office import CALLER, CONFIG, Office
from tests.calls.scenes import (
    ANA,
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    agent_accepts,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    kept_at_last,
    ringing,
    run,
    said_to,
    until_it_rings,
)


def dropped_emergency(world: World) -> Line:
    """The line of an emergency drops, a clinician accepts and has the patient rung; the clinician's line."""
    goes_on(world, dial(world), EMERGENCY).hang_up()
    clinician = goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    return clinician


@pytest.mark.parametrize("seconds", [0, 1, 2, 4, 7])
def test_a_promise_is_open_while_clinician_and_patient_have_not_talked(any_world: World, seconds: int) -> None:
    clinician = dropped_emergency(any_world)
    patient = goes_on(any_world, any_world.net.phone(CALLER).answer(), ("1",))
    run(any_world, seconds)
    clinician.hang_up()
    run(any_world, 12)
    office = Office(any_world)
    assert office.one(promise).state == "open"
    assert "has been cut off. We will call you again in a moment. If it gets worse, hang up and dial 911." in said_to(
        patient
    )
    assert office.alerts() == ["called-back-by-nobody"]
    kept_at_last(any_world)


def test_a_promise_is_kept_once_clinician_and_patient_have_talked(any_world: World) -> None:
    clinician = dropped_emergency(any_world)
    patient = goes_on(any_world, any_world.net.phone(CALLER).answer(), ("1",))
    joined(any_world, clinician, CALLER)
    run(any_world, LONG_ENOUGH)
    office = Office(any_world)
    assert office.one(promise).state == "kept"
    clinician.hang_up()
    run(any_world, 60)
    assert ("cut off" in said_to(patient), office.alerts(), ringing(any_world)) == (False, [], [])


def test_a_promise_is_kept_by_a_talk_whose_beginning_was_never_told(world: World) -> None:
    clinician = dropped_emergency(world)
    switch_on(world.net, "callbacks-lost=1")
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH + WORDS_TAKE.total_seconds())
    assert Office(world).one(promise).state == "kept"


def test_a_talk_counts_although_the_clock_process_is_late(world: World) -> None:
    clinician = dropped_emergency(world)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    world.net.advance(LONG_ENOUGH)
    world.clock.move_to(world.net.now)
    patient.hang_up()
    run(world, 10)
    assert (Office(world).one(promise).state, "line dropped" in said_to(clinician)[-90:]) == ("kept", False)


def test_the_house_keeps_no_urgent_promise(world: World) -> None:
    goes_on(world, dial(world), EMERGENCY)
    world.advance(lambda: bool(Office(world).rows(promise)), timedelta(minutes=30))
    (thandi, *_) = until_somebody_rings(world)
    agent = goes_on(world, world.net.phone(thandi).answer(), ("1",))
    joined(world, agent, CALLER)
    run(world, LONG_ENOUGH)
    assert Office(world).one(promise).state in ("open", "working")


def until_somebody_rings(world: World) -> list[str]:
    assert world.advance(lambda: bool(set(ringing(world)) - {DR_LEE}), timedelta(minutes=3))
    return sorted(set(ringing(world)) - {DR_LEE})


def test_a_clinician_whose_patient_is_cut_off_at_once_may_have_them_rung_again(world: World) -> None:
    clinician = dropped_emergency(world)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    patient.hang_up()
    goes_on(world, clinician, ("1",))
    assert "The caller's line dropped. To call them back now, press 1." in said_to(clinician)
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    assert Office(world).one(promise).state == "kept"


def test_a_patient_who_is_cut_off_at_once_is_called_again_where_the_clinician_does_not(world: World) -> None:
    clinician = dropped_emergency(world)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    patient.hang_up()
    clinician.hang_up()
    run(world, 12)
    assert Office(world).one(promise).state == "open"
    until_it_rings(world, DR_LEE)


def test_a_caller_whose_line_drops_as_the_clinician_joins_is_owed_a_call(world: World) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    caller.hang_up()
    goes_on(world, clinician, ("1",))
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    assert Office(world).one(promise).state == "kept"


def test_a_caller_whose_line_drops_as_the_clinician_joins_is_paged_for_again_where_that_one_goes(world: World) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    caller.hang_up()
    run(world, 1)
    clinician.hang_up()
    until_it_rings(world, DR_LEE)
    assert Office(world).one(promise).state == "working"


def test_a_clinician_who_is_cut_off_before_ringing_the_patient_leaves_the_promise_open(
    world: World,
) -> None:
    goes_on(world, dial(world), EMERGENCY).hang_up()
    clinician_accepts(world).hang_up()
    run(world, 12)
    assert Office(world).one(promise).state == "open"
    until_it_rings(world, DR_LEE)


def test_tries_that_are_cut_off_again_and_again_go_on_by_the_schedule_and_supervisors_are_told(world: World) -> None:
    goes_on(world, dial(world), EMERGENCY).hang_up()
    office = Office(world)
    begun = world.now
    for _ in range(10):
        assert world.advance(lambda: world.net.phone(DR_LEE).ringing, timedelta(minutes=30))
        clinician_accepts(world).hang_up()
        run(world, 12)
    assert office.one(promise).state == "open"
    assert world.now - begun > timedelta(minutes=60)
    assert office.alerts().count("promise-overdue") > 3


def test_the_patients_phone_stops_ringing_when_the_clinician_has_gone(any_world: World) -> None:
    dropped_emergency(any_world).hang_up()
    run(any_world, 2)
    assert CALLER not in ringing(any_world)
    assert Office(any_world).one(promise).state == "open"
    until_it_rings(any_world, DR_LEE)


def test_a_patient_whose_line_breaks_before_the_talk_was_not_called_back(world: World) -> None:
    clinician = dropped_emergency(world)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    patient.hang_up()
    run(world, 1)
    assert Office(world).one(leg, leg.c.role == "patient").outcome == "cut off"


@pytest.fixture
def evening() -> Iterator[World]:
    """Patients may be called back; Manila answers."""
    with World(CONFIG, datetime(2026, 11, 4, 1, tzinfo=UTC)) as made:
        yield made


def call_back_is_asked_for(world: World) -> None:
    line = goes_on(world, dial(world), ("1", "0"))
    assert world.advance(lambda: "press 1" in said_to(line)[-200:], timedelta(minutes=1))
    goes_on(world, line, ("1", "1"))
    assert world.advance(lambda: line.state == "completed", timedelta(minutes=1))


def test_an_agents_call_back_that_is_cut_off_at_once_is_made_again(evening: World) -> None:
    world = evening
    call_back_is_asked_for(world)
    office = Office(world)
    agent = agent_accepts(world)
    until_it_rings(world, CALLER)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, agent, CALLER)
    agent.hang_up()
    run(world, 12)
    assert (office.one(promise).state, "has been cut off" in said_to(patient)) == ("open", True)
    again = agent_accepts(world)
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, again, CALLER)
    run(world, LONG_ENOUGH)
    assert office.one(promise).state == "kept"


def test_the_patients_phone_stops_ringing_when_the_agent_has_gone(evening: World) -> None:
    world = evening
    call_back_is_asked_for(world)
    agent = agent_accepts(world)
    until_it_rings(world, CALLER)
    agent.hang_up()
    run(world, 2)
    assert CALLER not in ringing(world)
    until_it_rings(world, ANA)


def test_an_agent_whose_patient_is_on_hold_is_not_told_that_they_are_called(evening: World) -> None:
    world = evening
    call_back_is_asked_for(world)
    agent = agent_accepts(world)
    until_it_rings(world, CALLER)
    run(world, 3)
    assert "We are calling the patient" in said_to(agent)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, agent, CALLER)
    run(world, LONG_ENOUGH)
    before = len(said_to(agent))
    agent.press("*")
    goes_on(world, agent, ("6",))
    run(world, 60)
    heard = said_to(agent)[before:]
    assert "We are still with you" in heard
    assert "We are calling the patient" not in heard
