"""What becomes of whoever is left when a leg breaks in the seconds around a bridge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.calls.talks import TALKED_AFTER, WORDS_TAKE
from ivr.oncall.tables import escalation
from ivr.queue.tables import waiting
from phonesim import Line, switch_on
from rehearsals.provisioning import PIN
from rehearsals.world import World
from tests.calls.office import BACKLINE, CALLER, CONFIG, Office
from tests.calls.scenes import (
    ANA,
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    NEW_PATIENT,
    agent_accepts,
    asked_again,
    clinician_accepts,
    clinician_page_heard,
    consult,
    dial,
    goes_on,
    joined,
    listened_to,
    ringing,
    run,
    rung,
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
    again = goes_on(any_world, clinician_accepts(any_world), ("1",))
    until_it_rings(any_world, CALLER)
    goes_on(any_world, any_world.net.phone(CALLER).answer(), ("1",))
    joined(any_world, again, CALLER)
    run(any_world, LONG_ENOUGH)
    assert office.one(promise).state == "kept"


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
    assert "The caller's line dropped. To call the patient now, press 1." in said_to(clinician)
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


def asked_about_a_dropped_line(world: World, joins_first: bool) -> Line:
    """A clinician whose caller's line dropped before they accepted, or right after they were joined."""
    caller = goes_on(world, dial(world), EMERGENCY)
    if not joins_first:
        caller.hang_up()
    clinician = clinician_accepts(world)
    if joins_first:
        joined(world, clinician, CALLER)
        caller.hang_up()
    return clinician


@pytest.mark.parametrize("joins_first", [False, True])
def test_a_clinicians_silence_keeps_no_promise_in_hand(world: World, joins_first: bool) -> None:
    clinician = asked_about_a_dropped_line(world, joins_first)
    assert world.advance(lambda: clinician.state == "completed", timedelta(minutes=1))
    assert "It does not stay with you. We will page for it again. Goodbye." in said_to(clinician)
    until_it_rings(world, DR_LEE)
    assert Office(world).one(promise).state == "working"


@pytest.mark.parametrize("joins_first", [False, True])
def test_a_clinicians_key_keeps_the_promise_in_hand(world: World, joins_first: bool) -> None:
    clinician = asked_about_a_dropped_line(world, joins_first)
    goes_on(world, clinician, ("2",))
    run(world, 120)
    assert "It stays with you." in said_to(clinician)
    assert (Office(world).one(promise).state, ringing(world)) == ("working", [])


def test_tries_that_are_cut_off_again_and_again_end_with_an_alert(world: World) -> None:
    goes_on(world, dial(world), EMERGENCY).hang_up()
    office = Office(world)
    for _ in range(12):
        if not world.advance(lambda: world.net.phone(DR_LEE).ringing, timedelta(minutes=12)):
            break
        clinician_accepts(world).hang_up()
        run(world, 12)
    assert (office.one(promise).state, office.one(promise).closed_as) == ("missed", "cut-off")
    assert office.alerts()[-1] == "promise-missed"
    assert rung(world, DR_LEE) < 12


def test_the_patients_phone_stops_ringing_when_the_clinician_has_gone(any_world: World) -> None:
    dropped_emergency(any_world).hang_up()
    run(any_world, 2)
    assert CALLER not in ringing(any_world)
    assert Office(any_world).one(promise).state == "open"
    until_it_rings(any_world, DR_LEE)


@pytest.mark.parametrize("seconds", [1, 3])
def test_a_caller_whose_clinician_is_cut_off_at_once_is_paged_for_without_being_asked(
    world: World, seconds: int
) -> None:
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, seconds)
    clinician.hang_up()
    until_it_rings(world, DR_LEE)
    assert "cut off from the other side" in said_to(caller)
    again = clinician_accepts(world)
    joined(world, again, CALLER)


HOUSE = "+13125550190"
POISON_CONTROL = "+18002221222"


def with_the_house(world: World) -> Line:
    """Nobody accepts an emergency, and its caller talks with the house; the caller's line."""
    caller = goes_on(world, dial(world), EMERGENCY)
    assert world.advance(lambda: world.net.phone(HOUSE).ringing, timedelta(minutes=30))
    house = goes_on(world, world.net.phone(HOUSE).answer(), ("1",))
    joined(world, house, CALLER)
    return caller


def test_a_clinician_who_accepts_takes_the_caller_from_the_house(any_world: World) -> None:
    caller = with_the_house(any_world)
    assert any_world.advance(lambda: any_world.net.phone(DR_LEE).ringing, timedelta(minutes=10))
    assert caller.connected_to == {HOUSE}
    clinician = goes_on(any_world, any_world.net.phone(DR_LEE).answer(), (f"{PIN}#",))
    assert any_world.advance(lambda: "put through to our own house now" in said_to(clinician), timedelta(minutes=1))
    clinician.press("1")
    joined(any_world, clinician, CALLER)
    assert "A clinician has come to the phone for you." in said_to(caller)
    run(any_world, LONG_ENOUGH)
    office = Office(any_world)
    assert office.one(promise).state == "kept"
    assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []


def test_a_caller_whose_clinician_is_lost_after_the_house_hears_what_is_promised(world: World) -> None:
    caller = with_the_house(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    run(world, 30)
    assert "A clinician will call you back by" in said_to(caller).split("cut off from the other side")[1]
    assert Office(world).one(promise).state in ("open", "working")
    until_it_rings(world, DR_LEE)


def test_a_clinician_who_accepts_while_a_caller_who_lost_the_agent_is_asked_gets_the_caller(any_world: World) -> None:
    caller, agent = consult(any_world)
    until_it_rings(any_world, DR_LEE)
    clinician = goes_on(any_world, any_world.net.phone(DR_LEE).answer(), (f"{PIN}#",))
    assert any_world.advance(lambda: listened_to(clinician, "key"), timedelta(minutes=1))
    agent.hang_up()
    assert any_world.advance(lambda: "press 1" in said_to(caller)[-60:], timedelta(seconds=20))
    clinician.press("1")
    run(any_world, 1)
    assert clinician.connected_to == set()
    goes_on(any_world, caller, ("1",))
    joined(any_world, clinician, CALLER)
    run(any_world, LONG_ENOUGH)
    office = Office(any_world)
    assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []
    assert ringing(any_world) == []


@pytest.mark.parametrize("seconds", [1, 15])
def test_a_caller_whose_clinician_is_lost_in_a_warm_transfer_still_has_the_agent(world: World, seconds: int) -> None:
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, seconds)
    clinician.hang_up()
    run(world, 10)
    assert (caller.connected_to, agent.state) == ({ANA}, "in-progress")


def test_a_professional_whose_clinician_is_cut_off_at_once_waits_on(world: World) -> None:
    caller = goes_on(world, dial(world, BACKLINE), ("1", "2", "potassium of seven"))
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    clinician.hang_up()
    joined(world, clinician_accepts(world), CALLER)
    assert "cut off from the other side" in said_to(caller)


def test_a_caller_whose_agent_is_cut_off_at_once_is_in_line_again_without_being_asked(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.hang_up()
    joined(world, agent_accepts(world), CALLER)
    assert "To be connected again" not in said_to(caller)


def test_agents_who_are_cut_off_again_and_again_leave_a_promise(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    for _ in range(3):
        agent = agent_accepts(world)
        joined(world, agent, CALLER)
        agent.hang_up()
        run(world, 8)
    goes_on(world, caller, ("1",))
    run(world, 10)
    assert "call you back" in said_to(caller)
    assert Office(world).one(promise).kind == "callback"


def test_an_earlier_talk_is_none_with_the_clinician(any_world: World) -> None:
    caller = goes_on(any_world, asked_again(any_world), ("I have crushing chest pain",))
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    run(any_world, 1)
    caller.hang_up()
    run(any_world, 8)
    assert Office(any_world).one(promise).kind == "urgent-callback"
    assert "The caller's line dropped" in said_to(clinician)


def test_a_caller_whose_second_agent_is_cut_off_at_once_is_not_asked(world: World) -> None:
    caller = goes_on(world, asked_again(world), ("1",))
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.hang_up()
    joined(world, agent_accepts(world), CALLER)
    assert said_to(caller).count("To be connected again") == 1


def test_a_caller_who_hangs_up_when_asked_after_a_talk_is_owed_nothing(world: World) -> None:
    asked_again(world).hang_up()
    run(world, 10)
    assert Office(world).rows(promise) == []


def with_poison_control(world: World) -> Line:
    """The caller of an emergency talks with Poison Control while the page goes on."""
    caller = goes_on(world, dial(world), ("1", "1", "my son swallowed a battery", "8"))
    until_it_rings(world, POISON_CONTROL)
    line = world.net.phone(POISON_CONTROL).answer()
    joined(world, line, CALLER)
    return caller


@pytest.mark.parametrize("seconds", [4, 8, 12, 20])
def test_a_clinician_alone_has_not_talked_while_the_caller_is_on_the_way(world: World, seconds: int) -> None:
    caller = with_poison_control(world)
    clinician = clinician_page_heard(world)
    switch_on(world.net, "rest-failing=503 on POST Calls")
    clinician.press("1")
    run(world, seconds)
    assert clinician.connected_to == set()
    caller.hang_up()
    clinician.hang_up()
    run(world, 2)
    assert Office(world).one(promise).kind == "urgent-callback"


def test_a_caller_who_comes_late_has_talked_only_ten_seconds_later(world: World) -> None:
    caller = with_poison_control(world)
    clinician = clinician_page_heard(world)
    switch_on(world.net, "rest-failing=503 on POST Calls 2 times")
    clinician.press("1")
    joined(world, clinician, CALLER)
    run(world, 6)
    caller.hang_up()
    run(world, 3)
    assert Office(world).one(promise).kind == "urgent-callback"


def test_a_third_who_joins_does_not_make_the_others_talk_begin_anew(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    agent.press("*")
    goes_on(world, agent, ("1",))
    joined(world, agent, CALLER)
    together = world.now
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    assert world.now - together < TALKED_AFTER
    world.advance_to(together + timedelta(seconds=LONG_ENOUGH))
    caller.hang_up()
    run(world, 1)
    talked = Office(world).rows(event, event.c.kind == "talked")
    assert sorted(row.data["role"] for row in talked) == ["agent", "caller"]


def test_pages_go_on_where_the_caller_is_gone_before_they_are_joined(world: World) -> None:
    caller, agent = consult(world)
    clinician = clinician_page_heard(world)
    agent.hang_up()
    assert world.advance(lambda: "press 1" in said_to(caller)[-60:], timedelta(seconds=20))
    clinician.press("1")
    run(world, 1)
    caller.say("I have crushing chest pain")
    office = Office(world)
    while len(office.rows(escalation)) == 1:
        world.net.advance(0.5)
        world.clock.move_to(world.net.now)
    caller.hang_up()
    run(world, 1)
    assert sorted(row.state for row in office.rows(escalation)) == ["accepted", "paging"]


def test_a_caller_who_is_cut_off_from_the_agent_at_once_keeps_the_place(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    since = Office(world).one(waiting).since
    run(world, 60)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    run(world, 2)
    caller.hang_up()
    run(world, 10)
    office = Office(world)
    assert office.one(waiting).state == "cut-short"
    goes_on(world, dial(world), NEW_PATIENT)
    assert [row.since for row in office.rows(waiting, waiting.c.state != "resumed")] == [since]


def test_a_caller_who_has_talked_with_the_agent_leaves_no_place(world: World) -> None:
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    run(world, LONG_ENOUGH)
    caller.hang_up()
    run(world, 10)
    assert Office(world).one(waiting).state == "connected"
    assert Office(world).one(leg, leg.c.role == "caller").outcome == "with an agent"


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
