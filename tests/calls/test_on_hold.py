"""A caller who is held while an agent waits for a clinician can press keys, and is in somebody's hands throughout."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.tables import call, leg
from ivr.oncall.tables import escalation, transfer
from ivr.queue.tables import waiting
from ivr.responsibility.tables import responsibility
from phonesim import Line, switch_off, switch_on
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE, Office
from tests.calls.scenes import (
    ANA,
    DR_LEE,
    LONG_ENOUGH,
    clinician_accepts,
    clinician_page_heard,
    dial,
    goes_on,
    joined,
    listened_to,
    ringing,
    run,
    said_to,
    talking,
    until_it_rings,
)

WORSE, CALL_BACK = "2", "1"


def set_aside(world: World) -> tuple[Line, Line]:
    """An agent waits alone for the clinician, and the caller is on hold and hears which keys there are."""
    caller, agent = talking(world)
    agent.press("*")
    goes_on(world, agent, ("6",))
    until_it_rings(world, DR_LEE)
    assert world.advance(lambda: listened_to(caller, "key"), timedelta(seconds=20))
    run(world, 10)
    return caller, agent


def responsible(world: World) -> str:
    row = Office(world).one(responsibility)
    return str(row.state)


def test_a_caller_on_hold_hears_words_all_the_time_and_which_keys_there_are(world: World) -> None:
    caller, _agent = set_aside(world)
    began = world.now
    run(world, 70)
    words = [sound for sound in caller.heard if sound.kind == "say" and sound.at > began]
    apart = [later.at - before.until for before, later in pairwise(words) if before.until]
    assert max(apart) < timedelta(seconds=20)
    assert said_to(caller).count("To tell me that somebody feels worse, press 2.") == 2
    assert said_to(caller).count("To be called back instead of holding, press 1.") == 2
    assert "A clinician's phone is ringing for you now." in said_to(caller)


def test_whoever_has_no_number_to_be_called_back_on_is_not_offered_it(world: World) -> None:
    caller = goes_on(world, dial(world, MAPLE, "anonymous"), ("1", "2", "2"))
    until_it_rings(world, ANA)
    agent = goes_on(world, world.net.phone(ANA).answer(), ("1",))
    run(world, LONG_ENOUGH)
    agent.press("*")
    goes_on(world, agent, ("6",))
    run(world, 20)
    assert listened_to(caller, "key")
    assert "press 2" in said_to(caller)[-200:]
    assert "To be called back instead" not in said_to(caller)
    caller.press(CALL_BACK)
    run(world, 2)
    assert Office(world).rows(promise) == []


@pytest.mark.parametrize("tells", [WORSE, "she cannot breathe any more"])
def test_it_gets_worse_on_hold(any_world: World, tells: str) -> None:
    caller, agent = set_aside(any_world)
    goes_on(any_world, caller, (tells,))
    joined(any_world, caller, ANA)
    office = Office(any_world)
    assert "hang up and dial 911" in said_to(caller)
    assert [row.urgency for row in office.rows(escalation)] == ["emergent"]
    assert (office.one(call).urgency, office.one(call).symptom) == ("emergent", True)
    assert ringing(any_world) == [DR_LEE], "the phone that rang rings on, and nobody is rung twice"
    clinician = clinician_accepts(any_world)
    joined(any_world, clinician, CALLER)
    assert caller.connected_to == {ANA, DR_LEE}
    run(any_world, LONG_ENOUGH)
    agent.hang_up()
    caller.hang_up()
    run(any_world, 60)
    assert (office.one(transfer).state, office.rows(promise), ringing(any_world)) == ("completed", [], [])


def test_it_gets_worse_while_agent_and_clinician_speak_alone(world: World) -> None:
    caller, agent = set_aside(world)
    clinician = clinician_accepts(world)
    joined(world, agent, DR_LEE)
    run(world, 25)
    assert caller.connected_to == set()
    goes_on(world, caller, (WORSE,))
    joined(world, clinician, CALLER)
    assert caller.connected_to == {ANA, DR_LEE}
    assert len(Office(world).rows(escalation)) == 1, "nobody is paged who is there"
    run(world, LONG_ENOUGH)
    assert Office(world).one(transfer).state == "bridged"


def test_a_caller_to_whom_it_got_worse_is_kept_when_the_agent_goes(world: World) -> None:
    caller, agent = set_aside(world)
    goes_on(world, caller, (WORSE,))
    joined(world, caller, ANA)
    agent.hang_up()
    assert world.advance(lambda: "I am still calling the clinician" in said_to(caller), timedelta(seconds=20))
    joined(world, clinician_accepts(world), CALLER)


def test_a_caller_to_whom_it_got_worse_and_whose_line_drops_is_owed_an_emergent_call_back(world: World) -> None:
    caller, agent = set_aside(world)
    goes_on(world, caller, (WORSE,))
    joined(world, caller, ANA)
    caller.hang_up()
    run(world, 15)
    office = Office(world)
    assert [(row.kind, row.urgency) for row in office.rows(promise)] == [("urgent-callback", "emergent")]
    assert agent.state == "completed"
    assert "The caller has left the call." in said_to(agent)
    assert responsible(world) == "escalating"


def test_a_caller_on_hold_who_wants_to_be_called_back_is_rung_by_the_clinician(any_world: World) -> None:
    caller, agent = set_aside(any_world)
    goes_on(any_world, caller, (CALL_BACK,))
    assert any_world.advance(lambda: caller.state == "completed", timedelta(seconds=30))
    office = Office(any_world)
    assert "We will call you back by" in said_to(caller)
    assert [(row.kind, row.urgency) for row in office.rows(promise)] == [("urgent-callback", "urgent")]
    run(any_world, 10)
    assert "The caller has left the call." in said_to(agent)
    assert office.rows(waiting, waiting.c.state.in_(("searching", "offered"))) == []
    clinician = goes_on(any_world, clinician_accepts(any_world), ("1",))
    until_it_rings(any_world, CALLER)
    goes_on(any_world, any_world.net.phone(CALLER).answer(), ("1",))
    joined(any_world, clinician, CALLER)
    run(any_world, LONG_ENOUGH)
    assert office.one(promise).state == "kept"


@pytest.mark.parametrize("fault", ["webhooks-twice-fresh", "webhooks-twice", "callbacks-lost=1", "webhooks-late=5"])
@pytest.mark.parametrize("key", [WORSE, CALL_BACK])
def test_news_that_comes_twice_late_or_never_changes_nothing(world: World, fault: str, key: str) -> None:
    switch_on(world.net, fault)
    caller, agent = talking(world, 40)
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(minutes=1))
    agent.press("6")
    assert world.advance(lambda: listened_to(caller, "key"), timedelta(minutes=1))
    caller.press(key)
    run(world, 40)
    switch_off(world.net, fault.partition("=")[0])
    office = Office(world)
    if key == WORSE:
        assert caller.connected_to == {ANA}
        assert [row.urgency for row in office.rows(escalation)] == ["emergent"]
    else:
        run(world, 60)
        assert caller.state == agent.state == "completed"
        assert len(office.rows(promise)) == 1
    assert said_to(caller).count("dial 911 now") == (key == WORSE)


def test_the_agent_comes_back_while_the_caller_is_out(any_world: World) -> None:
    caller, agent = set_aside(any_world)
    agent.press("*")
    goes_on(any_world, agent, ("2",))
    joined(any_world, agent, CALLER)
    assert "has left the call" not in said_to(caller)
    assert Office(any_world).one(leg, leg.c.role == "caller").held is False
    agent.hang_up()
    assert any_world.advance(lambda: "I am still calling the clinician" in said_to(caller), timedelta(seconds=20))


def test_a_talk_that_goes_on_after_a_hold_is_the_same_talk(world: World) -> None:
    caller, agent = set_aside(world)
    agent.press("*")
    goes_on(world, agent, ("7",))
    joined(world, agent, CALLER)
    run(world, 2)
    agent.hang_up()
    asked = world.advance(lambda: "press 1. Otherwise" in said_to(caller), timedelta(seconds=20))
    assert asked, "who has talked is asked"


def test_the_caller_goes_while_they_are_out(world: World) -> None:
    caller, agent = set_aside(world)
    caller.hang_up()
    run(world, 15)
    assert "The caller has left the call." in said_to(agent)
    assert [row.kind for row in Office(world).rows(promise)] == ["urgent-callback"]
    assert responsible(world) == "escalating"


@pytest.mark.parametrize("seconds", [0, 1, 2])
def test_the_clinician_accepts_while_the_caller_is_between_the_two(world: World, seconds: int) -> None:
    caller, agent = talking(world)
    agent.press("*")
    goes_on(world, agent, ("1",))
    clinician = clinician_page_heard(world)
    joined(world, agent, CALLER)
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    agent.press("6")
    clinician.press("1")
    run(world, seconds)
    joined(world, agent, DR_LEE)
    run(world, 10)
    assert caller.connected_to == set(), "the two speak alone first, as the agent chose"
    agent.press("*")
    goes_on(world, agent, ("2",))
    joined(world, clinician, CALLER)
    assert caller.connected_to == {ANA, DR_LEE}


def test_the_key_and_the_agent_come_at_once(world: World) -> None:
    caller, agent = set_aside(world)
    agent.press("*")
    assert world.advance(lambda: listened_to(agent, "key"), timedelta(seconds=30))
    caller.press(WORSE)
    agent.press("2")
    joined(world, agent, CALLER)
    assert [row.urgency for row in Office(world).rows(escalation)] == ["emergent"]
    run(world, 30)
    assert caller.connected_to == {ANA}


def test_a_caller_whose_agent_fails_is_brought_out_of_the_hold(world: World) -> None:
    caller, agent = set_aside(world)
    with world.services.database.write() as connection:
        connection.execute(leg.update().where(leg.c.role == "agent").values(pending_key="no such key"))
    agent.hang_up()
    assert world.advance(lambda: "I am still calling the clinician" in said_to(caller), timedelta(seconds=20))
    joined(world, clinician_accepts(world), CALLER)


def test_the_hold_of_a_caller_who_is_out_is_not_asked_of_the_network(world: World) -> None:
    caller, agent = set_aside(world)
    agent.press("*")
    run(world, 5)
    asked = [row for row in Office(world).rows(leg, leg.c.role == "caller") if row.held]
    assert len(asked) == 1
    assert listened_to(caller, "key"), "who is held again in their own wait goes on waiting there"
