"""A professional is rung back at the listed number: what proves, what does not, and what goes on meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.jobs.tables import timer
from ivr.oncall.tables import escalation
from ivr.professionals.proof import read_proof, read_proof_then
from ivr.professionals.ringing import AT_LATEST, FLOW, TIMER
from ivr.professionals.tables import listed_caller
from phonesim import Line, switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import LONG_ENOUGH, clinician_accepts, dial, goes_on, joined, ringing, run, rung, said_to
from tests.professionals.callers import BACKLINE, CALLER, DR_NGUYEN, LAKESIDE, audited, make, withdraw

MATTER = ("2", "2", "critical potassium result")


def called(world: World, *answers: str, from_: str = CALLER) -> Line:
    """A laboratory calls, says what it is about, and gives these answers."""
    return goes_on(world, dial(world, BACKLINE, from_), (*MATTER, *answers))


def rung_back(world: World, from_: str = CALLER) -> Line:
    """The line of somebody who gave the code of a laboratory is over, and its listed number rings."""
    caller = called(world, make(world), "1", from_=from_)
    assert world.advance(lambda: LAKESIDE in ringing(world), timedelta(minutes=1)), "the listed number never rang"
    return caller


def proof(office: Office) -> str:
    """How far the only call has proved for whom it is, as a clinician would hear it now."""
    about = office.one(call)
    with office.services.database.read() as connection:
        return read_proof(connection, about).how


def level(office: Office) -> str | None:
    return office.one(call).caller_level


def test_whoever_presses_the_key_at_the_listed_number_is_at_level_p_and_is_joined(any_world: World) -> None:
    office = Office(any_world)
    rung_back(any_world)
    assert (level(office), proof(office)) == (None, "rings")
    there = goes_on(any_world, any_world.net.phone(LAKESIDE).answer(), ("1",))
    assert (level(office), proof(office)) == ("P", "reached")
    assert office.one(escalation).state == "paging"
    clinician = clinician_accepts(any_world, DR_NGUYEN)
    joined(any_world, clinician, LAKESIDE)
    run(any_world, LONG_ENOUGH)
    assert (office.one(promise).state, office.one(escalation).state) == ("kept", "accepted")
    assert "potassium" not in said_to(there)
    assert audited(office, "professional.call-back") == [("asked", "lakeside"), ("reached", "lakeside")]


GREETINGS = (
    "please hold, all of our agents are busy",
    "yes, you have reached Mercy Hospital, for the laboratory press 1",
    "sure, one moment",
    "yes, but we did not ask for a call",
    "yes",
)


@pytest.mark.parametrize("words", GREETINGS)
def test_no_words_prove_and_the_key_after_them_does(world: World, words: str) -> None:
    office = Office(world)
    rung_back(world)
    there = goes_on(world, world.net.phone(LAKESIDE).answer(), (words,))
    run(world, 6)
    assert level(office) is None
    goes_on(world, there, ("1",))
    assert level(office) == "P"


@pytest.mark.parametrize("answer", ["no", "2", "0"])
def test_whoever_wants_no_call_is_told_goodbye(world: World, answer: str) -> None:
    rung_back(world)
    there = goes_on(world, world.net.phone(LAKESIDE).answer(), (answer,))
    assert world.advance(lambda: there.state == "completed", timedelta(seconds=6))
    assert said_to(there).strip().endswith("Goodbye.")
    assert level(Office(world)) is None


def test_a_silent_switchboard_proves_nothing_and_is_hung_up(world: World) -> None:
    office = Office(world)
    rung_back(world)
    there = world.net.phone(LAKESIDE).answer()
    assert world.advance(lambda: there.state == "completed", timedelta(minutes=2))
    assert (level(office), proof(office)) == (None, "unanswered")
    assert (office.one(promise).state, office.one(escalation).state) == ("working", "paging")
    assert audited(office, "professional.call-back") == [("asked", "lakeside"), ("unanswered", "lakeside")]


def test_a_greeting_that_names_911_raises_the_page_and_proves_nothing(world: World) -> None:
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("if this is an emergency hang up and dial 911",))
    run(world, 40)
    assert (level(office), proof(office), office.one(call).urgency) == (None, "rings", "emergent")
    assert office.one(escalation).urgency == "emergent"


@pytest.mark.parametrize("after", ["", "no", "0", "please hurry"])
def test_whoever_tells_of_an_emergency_is_kept_and_cared_for_unproved(world: World, after: str) -> None:
    office = Office(world)
    rung_back(world)
    there = goes_on(world, world.net.phone(LAKESIDE).answer(), ("she cannot breathe",))
    assert world.advance(lambda: "want to be connected, press 1" in said_to(there), timedelta(minutes=1))
    if after:
        goes_on(world, there, (after,))
    run(world, 25)
    clinician = clinician_accepts(world, DR_NGUYEN)
    joined(world, clinician, LAKESIDE)
    assert "dial 911" in said_to(there)
    assert (level(office), office.one(call).urgency) == (None, "emergent")


def test_an_emergency_stays_one_at_the_listed_number(world: World) -> None:
    office = Office(world)
    rung_back(world)
    due_at = office.one(promise).due_at
    there = goes_on(world, world.net.phone(LAKESIDE).answer(), ("she cannot breathe",))
    assert world.advance(lambda: "want to be connected, press 1" in said_to(there), timedelta(minutes=1))
    goes_on(world, there, ("1",))
    assert world.advance(
        lambda: "no clinician" in said_to(there).lower() or there.state == "completed", timedelta(minutes=15)
    )
    run(world, 30)
    (standing,) = office.rows(promise, promise.c.state != "replaced")
    assert (standing.urgency, {row.urgency for row in office.rows(escalation)}) == ("emergent", {"emergent"})
    assert standing.due_at <= due_at


def test_the_listed_number_may_be_the_one_that_calls(world: World) -> None:
    rung_back(world, from_=LAKESIDE)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    assert (level(Office(world)), rung(world, LAKESIDE)) == ("P", 1)


def test_a_hidden_caller_is_promised_a_call_at_the_listed_number(world: World) -> None:
    office = Office(world)
    line = world.net.phone(CALLER).dial(BACKLINE, from_="anonymous")
    goes_on(world, line, (*MATTER, make(world), "1"))
    assert office.one(promise).number_sealed is not None
    assert office.alerts() == []


@pytest.mark.parametrize("answers", [(), ("code",), ("wrong",), ("wrong", "wrong")])
def test_whoever_hangs_up_at_a_question_leaves_the_page_and_a_promise(world: World, answers: tuple[str, ...]) -> None:
    office, code = Office(world), make(world)
    given = [code if one == "code" else "987654321" for one in answers]
    called(world, *given).hang_up()
    world.settle()
    assert office.one(promise).kind == "urgent-callback"
    assert office.one(escalation).state == "paging"
    assert rung(world, LAKESIDE) == 0


def test_whoever_hangs_up_during_the_goodbye_is_rung_back_all_the_same(world: World) -> None:
    line = called(world, make(world), "1")
    line.hang_up()
    assert world.advance(lambda: LAKESIDE in ringing(world), timedelta(seconds=5))


def test_the_listed_number_is_rung_once_though_the_end_of_the_line_is_never_told(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1.0")
    office, before = Office(world), world.now
    called(world, make(world), "1")
    assert world.advance(lambda: LAKESIDE in ringing(world), AT_LATEST + timedelta(minutes=1))
    assert world.now - before < timedelta(minutes=2)
    run(world, 60)
    assert rung(world, LAKESIDE) == 1
    assert office.rows(timer, timer.c.kind == TIMER, timer.c.state == "waiting") == []


def test_a_clinician_who_accepts_while_it_rings_waits_and_is_joined(world: World) -> None:
    office = Office(world)
    rung_back(world)
    clinician = clinician_accepts(world, DR_NGUYEN)
    run(world, 8)
    assert "Its listed number is being called" in said_to(clinician)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    joined(world, clinician, LAKESIDE)
    assert len(office.rows(escalation)) == 1
    assert rung(world, DR_NGUYEN) == 1


def test_a_ladder_that_ended_meanwhile_begins_again_for_whoever_is_reached(world: World) -> None:
    office = Office(world)
    rung_back(world)
    with office.services.database.write() as connection:
        connection.execute(escalation.update().values(state="exhausted"))
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    assert [row.state for row in office.rows(escalation)].count("paging") == 1


def test_a_line_that_drops_at_the_listed_number_stays_promised(world: World) -> None:
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",)).hang_up()
    world.settle()
    assert [row.state for row in office.rows(promise)] == ["working"]
    assert office.one(escalation).state == "paging"


def test_whoever_was_reached_at_the_listed_number_is_rung_there_again(world: World) -> None:
    """The clinician was told of the proof: it may not go with whoever answers the number that had called."""
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",)).hang_up()
    world.settle()
    clinician = clinician_accepts(world, DR_NGUYEN)
    assert world.advance(lambda: "line dropped" in said_to(clinician), timedelta(seconds=40))
    goes_on(world, clinician, ("1",))
    assert world.advance(lambda: LAKESIDE in ringing(world), timedelta(seconds=20))
    assert (rung(world, CALLER), proof(office)) == (0, "reached")
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    joined(world, clinician, LAKESIDE)


def test_a_line_that_breaks_in_the_talk_is_rung_again_at_the_listed_number(world: World) -> None:
    rung_back(world)
    clinician = clinician_accepts(world, DR_NGUYEN)
    there = goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    joined(world, clinician, LAKESIDE)
    there.hang_up()
    assert world.advance(lambda: "line dropped" in said_to(clinician), timedelta(seconds=40))
    goes_on(world, clinician, ("1",))
    assert world.advance(lambda: LAKESIDE in ringing(world), timedelta(seconds=20))
    assert rung(world, CALLER) == 0


def test_a_code_that_is_withdrawn_after_the_proof_is_said_and_the_number_that_called_is_rung(world: World) -> None:
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",)).hang_up()
    withdraw(world)
    world.settle()
    clinician = clinician_accepts(world, DR_NGUYEN)
    assert world.advance(lambda: "line dropped" in said_to(clinician), timedelta(seconds=40))
    goes_on(world, clinician, ("1",))
    assert world.advance(lambda: CALLER in ringing(world), timedelta(seconds=20))
    assert "not proved" in said_to(clinician)
    assert proof(office) == "none"


def test_a_code_that_is_withdrawn_before_the_offer_rings_nobody(world: World) -> None:
    office = Office(world)
    line = called(world, make(world))
    withdraw(world)
    goes_on(world, line, ("1",))
    run(world, 10)
    assert "We cannot call there now" in said_to(line)
    assert (rung(world, LAKESIDE), proof(office)) == (0, "none")
    assert office.rows(leg, leg.c.flow == FLOW) == []
    assert line.state == "in-progress"


def test_a_code_that_is_withdrawn_during_the_goodbye_rings_nobody(world: World) -> None:
    office = Office(world)
    line = called(world, make(world), "1")
    withdraw(world)
    clinician = clinician_accepts(world, DR_NGUYEN)
    assert world.advance(lambda: line.state == "completed", timedelta(minutes=1))
    assert world.advance(lambda: "line dropped" in said_to(clinician), timedelta(minutes=1))
    assert (rung(world, LAKESIDE), proof(office)) == (0, "none")
    assert [row.state for row in office.rows(leg, leg.c.flow == FLOW)] == ["ended"]
    goes_on(world, clinician, ("1",))
    assert world.advance(lambda: CALLER in ringing(world), timedelta(seconds=20))


def test_what_was_proved_stays_in_the_record_and_is_said_no_more_once_the_code_is_withdrawn(world: World) -> None:
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    withdraw(world)
    with office.services.database.read() as connection:
        then = read_proof_then(connection, office.one(call), world.organisation)
    assert (proof(office), then.how, then.organisation) == ("none", "reached", "Lakeside Laboratories")


def test_no_event_and_no_address_holds_what_was_given(world: World) -> None:
    office = Office(world)
    rung_back(world)
    goes_on(world, world.net.phone(LAKESIDE).answer(), ("1",))
    told = repr([(row.kind, row.data) for row in office.rows(event)])
    assert LAKESIDE not in told
    assert office.one(listed_caller).listed_id == "lakeside"
