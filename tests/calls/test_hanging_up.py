from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.leg_lifecycle import LAST_WORDS
from ivr.calls.tables import call, leg
from ivr.calls.talks import TALKED_AFTER, WORDS_TAKE
from ivr.oncall.tables import escalation, page
from ivr.queue.tables import agent_state, offer, waiting
from phonesim import switch_off_all, switch_on
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    ANA,
    DR_LEE,
    EMERGENCY,
    NEW_PATIENT,
    agent_accepts,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    ringing,
    run,
    rung,
    said_to,
    until_it_rings,
)

SCHEDULING = ("1", "2", "1", "03141980", "60601", "03141980", "60601", "03141980", "60601", "2")
BILLING = ("1", "4", "1", "03141980", "60601", "03141980", "60601", "03141980", "60601", "2", "1")
NURSE = ("1", "1", "I feel a bit tired", "2", "2", "2", "2", "2", "2", "1")
MESSAGE = ("1", "3", "1", "03141980", "60601", "03141980", "60601", "03141980", "60601", "2")
MATTERS = {
    "a new patient": (NEW_PATIENT, range(4)),
    "an appointment": (SCHEDULING, range(len(SCHEDULING) + 1)),
    "a bill": (BILLING, (len(BILLING) - 1, len(BILLING))),
    "a message": (MESSAGE, (len(MESSAGE),)),
}


def hang_up_after(world: World, answers: tuple[str, ...]) -> None:
    """A caller who gives these answers, and then is gone."""
    line = goes_on(world, dial(world), answers)
    line.hang_up()
    world.settle()


@pytest.mark.parametrize("name", MATTERS)
def test_whoever_hangs_up_on_the_way_leaves_nobody_ringing(world: World, name: str) -> None:
    office = Office(world)
    matter, stops = MATTERS[name]
    for steps in stops:
        hang_up_after(world, matter[:steps])
        assert ringing(world) == [], steps
        assert office.rows(offer, offer.c.state == "open") == []
        assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []
        assert {row.state for row in office.rows(agent_state)} <= {"idle"}
    run(world, LAST_WORDS.total_seconds())
    callers = office.rows(leg, leg.c.role == "caller")
    assert {(row.state, row.flow) for row in callers} == {("ended", "inbound")}
    assert len(callers) == len(stops) == len(office.rows(call, call.c.outcome.is_not(None)))
    assert "safe-landing" not in {row.kind for row in office.rows(event)}


def test_offers_are_cancelled_in_the_very_moment_of_a_hang_up(world: World) -> None:
    line = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    line.hang_up()
    world.settle()
    assert ringing(world) == []
    assert Office(world).one(offer).state == "cancelled"


def test_an_agent_who_answers_too_late_hears_so_and_is_free(world: World) -> None:
    line = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    agent = world.net.phone(ANA).answer()
    run(world, 2)
    agent.press("1")
    line.hang_up()
    run(world, 20)
    assert agent.state == "completed"
    assert Office(world).one(agent_state, agent_state.c.agent_id == "ana").state == "idle"


@pytest.mark.parametrize("steps", range(1, len(NURSE) - 1))
def test_after_a_symptom_a_hang_up_opens_an_urgent_call_back_and_somebody_is_paged(world: World, steps: int) -> None:
    office = Office(world)
    hang_up_after(world, NURSE[: steps + 1])
    owed = office.one(promise)
    assert (owed.kind, owed.state) == ("urgent-callback", "working")
    assert owed.due_at - owed.made_at == timedelta(minutes=15)
    assert office.one(escalation).state == "paging"
    run(world, 5)
    assert ringing(world) == [DR_LEE]


def test_a_dropped_line_in_an_emergency_does_not_stop_the_page(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_LEE)
    pages = [row.id for row in office.rows(page)]
    line.hang_up()
    run(world, 10)
    assert ringing(world) == [DR_LEE]
    assert [row.id for row in office.rows(page)] == pages
    assert office.one(escalation).state == "paging"
    owed = office.one(promise)
    assert (owed.kind, owed.urgency) == ("urgent-callback", "emergent")
    assert owed.due_at - owed.made_at == timedelta(minutes=5)


def test_the_clinician_of_a_dropped_emergency_reaches_the_patient_and_the_promise_is_kept(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), EMERGENCY)
    line.hang_up()
    clinician = clinician_accepts(world)
    goes_on(world, clinician, ("1",))
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    run(world, 5)
    assert clinician.connected_to == {CALLER}
    run(world, TALKED_AFTER.total_seconds())
    assert office.one(promise).state == "kept"


def test_a_clinician_nobody_could_join_to_the_patient_is_paged_again_later(world: World) -> None:
    office = Office(world)
    goes_on(world, dial(world), EMERGENCY).hang_up()
    world.net.phone(CALLER).behaviour = "switched-off"
    clinician = clinician_accepts(world)
    goes_on(world, clinician, ("1",))
    run(world, 60)
    assert "did not come to the phone" in said_to(clinician)
    assert office.one(promise).state == "open"
    assert world.advance(lambda: rung(world, DR_LEE) == 2, timedelta(minutes=10))


def test_a_caller_who_hangs_up_while_talking_ends_the_call_for_all(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    assert agent.connected_to == {CALLER}
    run(world, TALKED_AFTER.total_seconds())
    line.hang_up()
    run(world, 20)
    assert agent.state == "completed"
    assert office.one(call).outcome == "with an agent"
    assert office.rows(promise) == []


@pytest.mark.parametrize("answered", [False, True])
def test_a_patient_whose_clinician_was_cut_off_is_told_so_and_the_promise_stands(
    any_world: World, answered: bool
) -> None:
    goes_on(any_world, dial(any_world), EMERGENCY).hang_up()
    clinician = goes_on(any_world, clinician_accepts(any_world), ("1",))
    until_it_rings(any_world, CALLER)
    if not answered:
        clinician.hang_up()
    patient = any_world.net.phone(CALLER).answer()
    run(any_world, 2)
    if answered:
        clinician.hang_up()
        run(any_world, 1)
    patient.press("1")
    run(any_world, 10)
    office = Office(any_world)
    assert "has been cut off. We will call you again in a moment. If it gets worse, hang up and dial 911." in said_to(
        patient
    )
    assert "Connecting you" not in said_to(patient)
    assert (office.one(promise).state, office.alerts()) == ("open", ["called-back-by-nobody"])
    until_it_rings(any_world, DR_LEE)


def test_two_hang_ups_of_one_call_open_one_promise(world: World) -> None:
    switch_on(world.net, "callbacks-twice")
    goes_on(world, dial(world), EMERGENCY).hang_up()
    run(world, 10)
    assert len(Office(world).rows(promise)) == 1
    assert len(Office(world).rows(page)) == 1


def test_a_caller_is_taken_back_from_each_clinician_who_hangs_up_not_only_from_the_first(world: World) -> None:
    line = goes_on(world, dial(world), EMERGENCY)
    for _ in range(2):
        clinician = clinician_accepts(world)
        assert world.advance(lambda who=clinician: who.connected_to == {CALLER}, timedelta(seconds=10))
        clinician.hang_up()
        world.settle()
        goes_on(world, line, ("1",))


def test_a_caller_whose_joins_were_never_told_is_taken_back_too(world: World) -> None:
    line = goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_LEE)
    switch_on(world.net, "callbacks-lost=1")
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, (WORDS_TAKE + TALKED_AFTER).total_seconds())
    switch_off_all(world.net)

    clinician.hang_up()
    run(world, 20)

    assert "has left the call" in said_to(line)
