from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from callflows import registry
from callflows.registry import PublishedFlow
from callflows.vocabulary import Ask, Flow
from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import call_log, leg
from ivr.core.unit_of_work import transaction
from ivr.queue.tables import agent_state, offer, waiting
from rehearsals.world import World
from tests.calls.office import CALLER, Office, Party
from tests.calls.scenes import (
    ANA,
    EMERGENCY,
    NEW_PATIENT,
    clinician_accepts,
    dial,
    goes_on,
    ringing,
    run,
    said_to,
    until_it_rings,
)

pytestmark = pytest.mark.sqlite_first

APOLOGY = "I am sorry, something went wrong on our side."


def landed(office: Office, caller: Party) -> None:
    """The caller heard the apology and waits for somebody of the fallback pool, and the supervisors know."""
    assert caller.heard.status == 200
    assert APOLOGY in caller.heard.words
    assert caller.heard.verbs[-1] == "Enqueue"
    assert caller.leg.flow == "safe_landing"
    row = office.one(waiting)
    assert (row.state, row.pool, row.urgency) == ("searching", "cape-town", "emergent")
    assert office.alerts() == ["safe-landing"]
    assert "safe-landing" in {one.kind for one in office.rows(event)}


def at_menu(office: Office) -> Party:
    caller = office.dialled()
    caller.presses("1")
    return caller


def change_log(work: Any, row: Any, **columns: Any) -> None:
    work.connection.execute(update(call_log).where(call_log.c.leg_id == row.id, call_log.c.step == 0).values(columns))


def change_leg(work: Any, row: Any, **columns: Any) -> None:
    work.connection.execute(update(leg).where(leg.c.id == row.id).values(columns))


def leave_over(work: Any, row: Any) -> None:
    kept = work.connection.execute(call_log.select().where(call_log.c.leg_id == row.id)).first()
    work.connection.execute(insert(call_log).values({**kept._mapping, "step": row.step, "key": "left/over"}))


def lose_a_row(work: Any, row: Any) -> None:
    work.connection.execute(delete(call_log).where(call_log.c.leg_id == row.id, call_log.c.step == 0))


DAMAGES: dict[str, Callable[[Any, Any], None]] = {
    "a logged key of another conversation": lambda work, row: change_log(work, row, key="another/key"),
    "a logged answer that does not open": lambda work, row: change_log(work, row, answer_sealed=b"\x01" * 60),
    "a logged answer that is empty": lambda work, row: change_log(work, row, answer_sealed=b""),
    "a row left over": leave_over,
    "a row lost": lose_a_row,
    "a question the flow does not ask": lambda work, row: change_leg(work, row, pending_key="not/asked"),
    "a version that does not ship": lambda work, row: change_leg(work, row, flow_version=99),
    "a flow that does not ship": lambda work, row: change_leg(work, row, flow="forgotten"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_wrong_with_a_conversation_its_caller_lands_with_a_person(any_office: Office, damage: str) -> None:
    caller = at_menu(any_office)
    with transaction(any_office.services) as work:
        DAMAGES[damage](work, caller.leg)
    caller.presses("2")
    landed(any_office, caller)


def test_the_landing_is_the_same_however_often_it_is_fetched(office: Office) -> None:
    caller = at_menu(office)
    with transaction(office.services) as work:
        change_leg(work, caller.leg, flow_version=99)
    url = caller.heard.url("action")
    first = caller.asks(url, Digits="2")
    before = office.contents()
    assert caller.send(url, Digits="2") == first
    assert office.contents() == before


def raises_at_once(_call: Any) -> Flow:
    raise ZeroDivisionError("a phrase of a patient")
    yield


def raises_later(_call: Any) -> Flow:
    yield Ask("first", ())
    raise ZeroDivisionError("a phrase of a patient")


def asks_twice(_call: Any) -> Flow:
    yield Ask("first", ())
    yield Ask("first", ())
    return None  # type: ignore[return-value]


def ends_without_an_outcome(_call: Any) -> Flow:
    yield Ask("first", ())
    return None  # type: ignore[return-value]


def forever(_call: Any) -> Flow:
    for number in range(1000):
        yield Ask(f"question/{number}", ())
    return None  # type: ignore[return-value]


def with_inbound(monkeypatch: pytest.MonkeyPatch, play: Callable[[Any], Flow]) -> None:
    """Let a broken flow be the one that calls begin on."""
    others = tuple(flow for flow in registry.CURRENT if flow.name != "inbound")
    monkeypatch.setattr(registry, "CURRENT", (*others, PublishedFlow("inbound", 1, play)))


@pytest.mark.parametrize("play", [raises_at_once, raises_later, asks_twice, ends_without_an_outcome])
def test_a_flow_that_breaks_lands_its_caller_with_a_person(
    office: Office, monkeypatch: pytest.MonkeyPatch, play: Callable[[Any], Flow]
) -> None:
    with_inbound(monkeypatch, play)
    caller = office.dialled()
    if play is not raises_at_once:
        caller.presses("1")
    landed(office, caller)


def test_a_conversation_that_never_ends_is_ended_with_a_person(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callflows.engine.replay.LONGEST_LOG", 12)
    with_inbound(monkeypatch, forever)
    caller = office.dialled()
    for _ in range(12):
        caller.presses("1")
    assert caller.leg.flow == "inbound"
    caller.presses("1")
    landed(office, caller)


def test_a_call_on_a_retired_version_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = at_menu(office)
    first = registry.current("inbound")
    others = tuple(flow for flow in registry.CURRENT if flow.name != "inbound")
    monkeypatch.setattr(registry, "CURRENT", (*others, PublishedFlow("inbound", 2, raises_later)))
    monkeypatch.setattr(registry, "RETIRED", (first,))
    caller.presses("2")
    assert (caller.leg.flow, caller.leg.flow_version, caller.leg.pending_key) == ("inbound", 1, "identity/seen/0")
    assert office.alerts() == []


def test_a_call_whose_flow_was_edited_without_a_new_version_goes_on_as_far_as_it_agrees(office: Office) -> None:
    caller = at_menu(office)
    with transaction(office.services) as work:
        change_leg(work, caller.leg, flow_fingerprint="0" * 64)
    caller.presses("2")
    assert caller.leg.pending_key == "identity/seen/0"


def test_a_landing_that_fails_too_gets_the_document_that_needs_nothing(office: Office) -> None:
    caller = at_menu(office)
    with transaction(office.services) as work:
        change_leg(work, caller.leg, flow="safe_landing", flow_version=99)
    caller.presses("2")
    assert caller.heard.status == 200
    assert caller.heard.words.startswith("If this is an emergency, hang up and dial 911.")
    assert caller.heard.root.findtext("Dial/Number") == "+13125550190"


def test_whoever_hangs_up_on_the_landing_is_called_back_as_for_a_symptom(office: Office) -> None:
    caller = at_menu(office)
    with transaction(office.services) as work:
        change_leg(work, caller.leg, flow_version=99)
    caller.presses("2")
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")
    assert office.one(promise).kind == "urgent-callback"
    assert office.one(waiting).state == "abandoned"


def test_a_hang_up_in_a_broken_conversation_is_called_back_too(office: Office) -> None:
    caller = at_menu(office)
    with transaction(office.services) as work:
        change_leg(work, caller.leg, flow_version=99)
    assert caller.send("/voice/status", CallStatus="completed", SequenceNumber="0").status == 204
    assert caller.leg.state == "ended"
    assert office.one(promise).kind == "urgent-callback"
    assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []


def test_a_landed_caller_reaches_somebody(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), ("1",))
    with transaction(world.services) as work:
        change_leg(work, office.one(leg), flow_version=99)
    goes_on(world, line, ("2",))
    assert world.advance(lambda: bool(ringing(world)), timedelta(minutes=1))
    (address,) = ringing(world)
    goes_on(world, world.net.phone(address).answer(), ("1",))
    run(world, 5)
    assert APOLOGY in said_to(line)
    assert line.connected_to == {address}


def test_a_caller_who_lands_while_offered_ends_with_one_agent(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    with transaction(world.services) as work:
        change_leg(work, office.one(leg, leg.c.role == "caller"), flow_version=99)
    goes_on(world, line, ("1",))
    run(world, 5)
    agents = [world.net.phone(address).answer() for address in ringing(world)]
    assert len(agents) == 2
    run(world, 2)
    for agent in agents:
        agent.press("1")
    run(world, 15)
    assert len(line.connected_to) == 1
    assert [row.state for row in office.rows(offer)].count("accepted") == 1


def test_an_agents_conversation_that_breaks_is_hung_up_and_the_next_agent_is_offered(world: World) -> None:
    office = Office(world)
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    with transaction(world.services) as work:
        change_leg(work, office.one(leg, leg.c.role == "agent"), flow_version=99)
    agent = world.net.phone(ANA).answer()
    run(world, 15)
    assert agent.state == "completed"
    first, second = office.rows(offer)
    assert {first.state, second.state} == {"lapsed", "open"}
    assert office.one(agent_state, agent_state.c.agent_id == "ana").state == "resting"
    assert len(ringing(world)) == 1
    assert ANA not in ringing(world)


def test_a_patients_conversation_that_breaks_does_not_keep_the_promise_from_being_tried_again(world: World) -> None:
    office = Office(world)
    goes_on(world, dial(world), EMERGENCY).hang_up()
    clinician = goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    patient = world.net.phone(CALLER).answer()
    run(world, 2)
    with transaction(world.services) as work:
        change_leg(work, office.one(leg, leg.c.role == "patient"), flow_version=99)
    patient.press("1")
    run(world, 15)
    assert patient.state == "completed"
    assert (office.one(promise).state, office.one(promise).attempts) == ("open", 1)
    assert "not come to the phone" in said_to(clinician)
