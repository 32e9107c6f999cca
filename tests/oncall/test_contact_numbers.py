"""A clinician is rung by the rule of the time of day, and at a second telephone when the first was not taken."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.jobs import outbox
from ivr.jobs.tables import timer
from ivr.oncall.tables import escalation, page
from phonesim import Line
from rehearsals.provisioning import PIN
from rehearsals.world import World
from routing.contact import FIRST_RING, SECOND_RING, ContactNumbers, first_ring
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    ringing,
    run,
    rung,
    until_it_rings,
)
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

NIGHT_PHONE, SECOND = "+13125550381", "+13125550382"
DR_OKAFOR = "+13125550182"
SLACK = timedelta(seconds=7)
"""Twilio rings for five seconds longer than it is asked to, and a call more waits for its turn in the lane."""
NIGHTS = {"from": "22:00", "to": "07:00"}
IN_THE_MORNING = {"from": "07:00", "to": "22:00"}
SECOND_AT_NIGHT = {**NIGHTS, "second": SECOND}


def let_lee_be_reached(world: World, *rules: dict[str, Any]) -> None:
    """Put contact rules of Dr Lee in force, who is on call."""
    with transaction(world.services) as work:
        tree = json.loads(newest(work).body)
        tree["oncall"]["people"]["dr-lee"] |= {"timezone": "America/Chicago", "contact": list(rules)}
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")


def paged(world: World, *rules: dict[str, Any]) -> Line:
    """A caller in an emergency, for whom Dr Lee is paged; the caller's line."""
    let_lee_be_reached(world, *rules)
    return goes_on(world, dial(world), EMERGENCY)


def accepted_by(world: World) -> list[str]:
    return [row.accepted_by for row in Office(world).rows(escalation)]


def test_at_night_the_telephone_of_the_night_is_rung_and_texted(any_world: World) -> None:
    paged(any_world, {**NIGHTS, "voice": NIGHT_PHONE, "text": NIGHT_PHONE})
    clinician = clinician_accepts(any_world, NIGHT_PHONE)
    joined(any_world, clinician, CALLER)
    assert rung(any_world, DR_LEE) == 0
    assert [len(any_world.net.phone(number).messages) for number in (NIGHT_PHONE, DR_LEE)] == [1, 0]
    assert Office(any_world).one(page).message_status == "delivered"


def test_by_day_the_usual_telephone_is_rung(world: World) -> None:
    paged(world, {**IN_THE_MORNING, "voice": NIGHT_PHONE})
    clinician_accepts(world)
    assert rung(world, NIGHT_PHONE) == 0


def test_where_no_text_is_wanted_the_telephone_rings_all_the_same(world: World) -> None:
    paged(world, {**NIGHTS, "text": "no"})
    clinician_accepts(world)
    run(world, 70)
    assert world.net.phone(DR_LEE).messages == []
    assert (Office(world).one(page).message_sid, Office(world).alerts()) == (None, [])


@pytest.mark.parametrize("behaviour", ["busy", "switched-off", "decline", "ignore", "voicemail"])
def test_a_second_telephone_is_rung_when_the_first_is_not_taken(any_world: World, behaviour: str) -> None:
    any_world.net.phone(DR_LEE).behaviour = behaviour
    paged(any_world, SECOND_AT_NIGHT)
    clinician = clinician_accepts(any_world, SECOND)
    joined(any_world, clinician, CALLER)
    office = Office(any_world)
    assert rung(any_world, DR_OKAFOR) == 0
    assert (office.one(page).state, accepted_by(any_world)) == ("accepted", ["dr-lee"])
    assert [row.data["person"] for row in office.rows(event, event.c.kind == "second-rung")] == ["dr-lee"]


def test_who_gave_a_wrong_pin_on_the_first_telephone_has_the_second_rung(world: World) -> None:
    paged(world, SECOND_AT_NIGHT)
    until_it_rings(world, DR_LEE)
    goes_on(world, world.net.phone(DR_LEE).answer(), ("1234567#",) * 3)
    until_it_rings(world, SECOND)
    assert rung(world, DR_OKAFOR) == 0


def test_who_hears_what_it_is_about_and_presses_nothing_has_the_second_rung(any_world: World) -> None:
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, DR_LEE)
    goes_on(any_world, any_world.net.phone(DR_LEE).answer(), (f"{PIN}#",))
    clinician = clinician_accepts(any_world, SECOND)
    joined(any_world, clinician, CALLER)
    assert rung(any_world, DR_OKAFOR) == 0


def test_who_passed_the_call_on_is_not_rung_at_another_telephone(any_world: World) -> None:
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, DR_LEE)
    goes_on(any_world, any_world.net.phone(DR_LEE).answer(), (f"{PIN}#", "2"))
    until_it_rings(any_world, DR_OKAFOR)
    run(any_world, 60)
    assert rung(any_world, SECOND) == 0


def test_the_second_telephone_is_rung_once_and_then_the_next_person(any_world: World) -> None:
    for number in (DR_LEE, SECOND):
        any_world.net.phone(number).behaviour = "busy"
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, DR_OKAFOR)
    office = Office(any_world)
    first = office.rows(page, page.c.person_id == "dr-lee")[0]
    assert (first.state, len(office.rows(leg, leg.c.subject_id == first.id))) == ("lapsed", 2)
    assert first.ended_at - first.made_at < timedelta(seconds=10)


def test_a_second_telephone_that_nobody_answers_holds_the_next_person_up_for_its_own_time(any_world: World) -> None:
    any_world.net.phone(DR_LEE).behaviour = "busy"
    any_world.net.phone(SECOND).behaviour = "ignore"
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, SECOND)
    since = any_world.now
    until_it_rings(any_world, DR_OKAFOR)
    assert timedelta(seconds=SECOND_RING) <= any_world.now - since <= timedelta(seconds=SECOND_RING) + SLACK


def test_the_step_is_over_when_it_would_have_been_although_nobody_takes_either(world: World) -> None:
    for number in (DR_LEE, SECOND):
        world.net.phone(number).behaviour = "ignore"
    paged(world, SECOND_AT_NIGHT)
    until_it_rings(world, DR_LEE)
    since = world.now
    assert world.advance(lambda: world.net.phone(DR_OKAFOR).ringing, timedelta(minutes=3))
    assert world.now - since <= timedelta(seconds=FIRST_RING + SECOND_RING) + 2 * SLACK


def test_the_ring_of_a_second_telephone_does_not_begin_the_step_anew(world: World) -> None:
    paged(world, SECOND_AT_NIGHT)
    until_it_rings(world, DR_LEE)
    run(world, 2)
    row = Office(world).one(page)
    over_at = Office(world).one(timer, timer.c.kind == "page_over", timer.c.subject == row.id).due_at
    world.net.phone(DR_LEE).decline()
    until_it_rings(world, SECOND)
    run(world, 2)
    assert Office(world).one(timer, timer.c.kind == "page_over", timer.c.subject == row.id).due_at == over_at


def test_pages_that_shared_a_ring_go_on_to_the_second_telephone_together(any_world: World) -> None:
    let_lee_be_reached(any_world, SECOND_AT_NIGHT)
    for caller in ("+13125550194", "+13125550195"):
        goes_on(any_world, dial(any_world, from_=caller), EMERGENCY)
    until_it_rings(any_world, DR_LEE)
    line = any_world.net.phone(DR_LEE).answer()
    line.hang_up()
    until_it_rings(any_world, SECOND)
    run(any_world, 3)
    assert ringing(any_world) == [SECOND]
    office = Office(any_world)
    (ring,) = {row.leg_id for row in office.rows(page, page.c.state == "open")}
    assert [row.state for row in office.rows(page)] == ["open", "open"]
    assert office.one(leg, leg.c.id == ring).state == "ringing"


def test_whoever_is_rung_again_meanwhile_is_not_rung_at_two_telephones(any_world: World) -> None:
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, DR_LEE)
    row = Office(any_world).one(page)
    with transaction(any_world.services) as work:
        outbox.put_item(work, "ring_second", row.id, call_id=row.call_id)
    run(any_world, 5)
    assert ringing(any_world) == [DR_LEE]
    clinician_accepts(any_world)
    assert accepted_by(any_world) == ["dr-lee"]


def test_where_the_second_telephone_was_taken_out_meanwhile_the_next_person_is_rung(any_world: World) -> None:
    paged(any_world, SECOND_AT_NIGHT)
    until_it_rings(any_world, DR_LEE)
    row = Office(any_world).one(page)
    with transaction(any_world.services) as work:
        legs.note_status(work, row.leg_id, "busy", None)
    assert Office(any_world).one(page).state == "open"
    let_lee_be_reached(any_world)
    since = any_world.now
    until_it_rings(any_world, DR_OKAFOR)
    assert any_world.now - since < timedelta(seconds=SECOND_RING)


def test_a_page_is_by_the_rule_that_held_when_it_was_made(world: World) -> None:
    """Half past one: the rule ends while the first telephone rings."""
    world.net.phone(DR_LEE).behaviour = "ignore"
    let_lee_be_reached(world, {"from": "22:00", "to": "01:31", "second": SECOND})
    goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, SECOND)
    with transaction(world.services) as work:
        assert newest(work).person("dr-lee").contact(work.at).second is None


def test_a_first_telephone_rings_so_long_that_the_step_ends_twenty_seconds_later_at_most() -> None:
    alone, with_second = ContactNumbers("1"), ContactNumbers("1", None, "2")
    for seconds in range(1, 601):
        first = first_ring(seconds, with_second)
        assert first_ring(seconds, alone) == seconds
        assert 0 < first <= min(seconds, FIRST_RING)
        assert first + SECOND_RING <= seconds + SECOND_RING
        assert seconds < 2 * SECOND_RING or first + SECOND_RING <= seconds
