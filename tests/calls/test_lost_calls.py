"""Calls that Twilio has and no leg of ours: those that never reached us, and those that we lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.found_calls import PATIENCE, RungLeg, judge_incoming, judge_outgoing
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import transaction
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.tables import outbox
from ivr.twilio.rest_api import CallState, NumberState
from phonesim import Line, WsgiApplication, switch_off_all, switch_on
from rehearsals.world import PUBLIC_URL, World
from tests.calls.office import CALLER, MAPLE, Office
from tests.calls.scenes import ANA, DR_LEE, NEW_PATIENT, dial, goes_on, ringing, run, said_to, until_it_rings

QUIET = "https://quiet.example"


def look(world: World, minutes: float = 0) -> None:
    """The clock process looks for so long, every half minute."""
    for _ in range(1 + int(minutes * 2)):
        run(world, 29)
        carry_out_due_rounds(world.services)
        run(world, 1)


def kinds(world: World) -> list[str]:
    return [row.kind for row in Office(world).rows(event)]


def quiet(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A host whose document is silence, as a line between two prompts."""
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b'<Response><Say>One moment.</Say><Pause length="600"/></Response>']


def unheard(world: World, fallback: str | None = None) -> Line:
    """A call whose first webhook never reaches us; it goes on at the fallback address."""
    if fallback is not None:
        world.net.numbers[MAPLE] = replace(world.net.numbers[MAPLE], voice_fallback_url=fallback)
        world.net.add_application(WsgiApplication(quiet, base_url=QUIET))
    switch_on(world.net, "application-down on /voice/incoming")
    line = world.net.phone(CALLER).dial(MAPLE)
    run(world, 5)
    switch_off_all(world.net)
    return line


def test_a_call_that_never_reached_us_and_is_with_nobody_is_brought_to_us_after_a_minute(any_world: World) -> None:
    line = unheard(any_world, f"{QUIET}/fallback")
    look(any_world)
    assert Office(any_world).rows(call) == []
    look(any_world)
    office = Office(any_world)
    assert office.alerts() == ["call-taken-over"]
    goes_on(any_world, line, NEW_PATIENT)
    until_it_rings(any_world, ANA)
    assert "911" in said_to(line)
    assert office.one(call).caller_sealed is not None
    line.hang_up()


def test_a_caller_whom_the_fallback_document_connected_is_left_there_and_told_of(any_world: World) -> None:
    line = unheard(any_world)
    assert any_world.advance(lambda: bool(ringing(any_world)), timedelta(minutes=1))
    (house,) = ringing(any_world)
    talk = any_world.net.phone(house).answer()
    look(any_world, minutes=3)
    assert Office(any_world).alerts() == ["call-at-fallback"]
    assert line.leg.status == talk.leg.status == "in-progress"
    line.hang_up()
    run(any_world, 60)
    assert Office(any_world).one(leg).state == "ended"


def test_a_caller_who_left_before_we_heard_of_them_is_on_the_list_of_calls(any_world: World) -> None:
    line = unheard(any_world)
    run(any_world, 5)
    line.hang_up()
    look(any_world, minutes=3)
    office = Office(any_world)
    assert office.alerts() == ["call-missed"]
    assert office.one(call).caller_sealed is not None
    assert (office.one(leg).state, office.one(call).ended_at is not None) == ("ended", True)


def test_calls_to_a_number_that_another_program_answers_are_none_of_ours(world: World) -> None:
    elsewhere = replace(world.net.numbers[MAPLE], voice_url=f"{QUIET}/voice")
    world.net.numbers[MAPLE] = elsewhere
    line = unheard(world, f"{QUIET}/fallback")
    look(world, minutes=2)
    assert Office(world).rows(call) == []
    # The number is pointed at us while that call goes on: it began elsewhere, and ends there.
    where = replace(elsewhere, voice_url=f"{PUBLIC_URL}/voice/incoming", updated=world.now)
    world.net.numbers[MAPLE] = where
    look(world, minutes=2)
    assert Office(world).rows(call) == []
    line.hang_up()


def test_a_call_that_reached_us_is_not_touched(world: World) -> None:
    line = goes_on(world, dial(world), NEW_PATIENT)
    look(world, minutes=2)
    assert len(Office(world).rows(call)) == 1
    assert not {"call-taken-over", "call-missed", "lost-call-ended"} & {*Office(world).alerts(), *kinds(world)}
    line.hang_up()


def ring_again(world: World) -> str:
    """The second call of one leg, as a request makes it whose answer was lost before its worker was killed."""
    row = Office(world).one(leg, leg.c.role == "agent")
    return world.services.twilio.create_call(
        to=ANA,
        from_=MAPLE,
        url=f"{PUBLIC_URL}/voice/leg/{row.id}/0/document",
        status_callback=f"{PUBLIC_URL}/voice/leg/{row.id}/status",
        events=("completed",),
        timeout=600,
        time_limit=3600,
    )


def test_a_phone_that_rings_for_a_leg_which_has_another_call_is_hung_up(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    switch_on(any_world.net, "callbacks-lost=1")
    lost = ring_again(any_world)
    look(any_world)
    assert any_world.net.legs[lost].ended
    assert kinds(any_world).count("lost-call-ended") == 1
    assert not Office(any_world).rows(leg, leg.c.twilio_sid == lost)
    line.hang_up()


def test_a_phone_that_rings_for_a_caller_who_is_gone_is_hung_up(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    office = Office(any_world)
    row = office.one(leg, leg.c.role == "agent")
    switch_on(any_world.net, "callbacks-lost=1")
    with transaction(any_world.services) as work:
        legs.lock(work, row.id)
        legs.set_columns(work, row.id, twilio_sid=None, sequence=-1)
        legs.note_status(work, row.id, "failed", None)
    line.hang_up()
    any_world.settle()
    assert not any_world.net.legs[row.twilio_sid].ended
    look(any_world)
    assert any_world.net.legs[row.twilio_sid].ended


def test_a_call_that_its_leg_still_wants_is_given_to_it(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    office = Office(any_world)
    row = office.one(leg, leg.c.role == "agent")
    switch_on(any_world.net, "callbacks-lost=1")
    with transaction(any_world.services) as work:
        legs.lock(work, row.id)
        legs.set_columns(work, row.id, twilio_sid=None)
    carry_out_due_rounds(any_world.services)
    assert office.one(leg, leg.c.id == row.id).twilio_sid == row.twilio_sid
    assert kinds(any_world).count("call-adopted") == 1
    line.hang_up()


def test_a_call_that_another_program_makes_from_our_number_goes_on(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    made = world.services.twilio.create_call(
        to=DR_LEE,
        from_=MAPLE,
        url=f"{QUIET}/reminder",
        status_callback=f"{QUIET}/status",
        events=("completed",),
        timeout=600,
        time_limit=3600,
    )
    look(world, minutes=1)
    assert not world.net.legs[made].ended


def test_what_the_phone_network_is_asked_is_bounded_and_put_off_when_it_says_so(world: World) -> None:
    def asked() -> int:
        return sum(entry.kind == "rest" and entry.detail["path"].endswith("/Calls.json") for entry in world.net.trace)

    before = asked()
    for _ in range(60):
        carry_out_due_rounds(world.services)
        run(world, 1)
    assert asked() - before == 2 * 4
    switch_on(world.net, "rest-busy")
    run(world, 30)
    carry_out_due_rounds(world.services)
    assert asked() - before == 2 * 4 + 1


def test_what_went_past_us_while_nobody_looked_is_found_afterwards(world: World) -> None:
    look(world)
    line = unheard(world)
    line.hang_up()
    run(world, 3600)
    look(world)
    assert Office(world).alerts() == ["call-missed"]


# --- what is decided ------------------------------------------------------------------------------------------------

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def made(status: str = "ringing", seconds: int = 120, **changed: Any) -> CallState:
    began = AT - timedelta(seconds=seconds)
    whole = CallState("CA1", status, "inbound", DR_LEE, MAPLE, None, began, None, None, None, None)
    return replace(whole, **changed)


def number(updated: datetime | None = None) -> NumberState:
    return NumberState("PN1", MAPLE, f"{PUBLIC_URL}/voice/incoming", None, None, updated)


@pytest.mark.parametrize(
    ("state", "to", "parents", "verdict"),
    [
        (made("in-progress"), number(), (), "take-over"),
        (made("in-progress"), number(), ("CA1",), "at-fallback"),
        (made("completed"), number(), ("CA1",), "missed"),
        (made("canceled"), number(), (), "missed"),
        (made("ringing"), number(), (), "wait"),
        (made("in-progress", seconds=59), number(), (), "wait"),
        (made("completed", seconds=59), number(), (), "wait"),
        (made("in-progress"), None, (), "ours-not"),
        (made("in-progress"), number(AT), (), "ours-not"),
        (made("in-progress"), number(AT - 2 * PATIENCE), (), "take-over"),
        (made("in-progress", date_created=None), number(), (), "ours-not"),
    ],
)
def test_a_call_to_us_that_nobody_has_is_judged(
    state: CallState, to: NumberState | None, parents: tuple[str, ...], verdict: str
) -> None:
    assert judge_incoming(state, AT, to, parents) == verdict


def rung(name: str, **changed: Any) -> RungLeg:
    since = AT - timedelta(seconds=125)
    whole = RungLeg(name, "call", DR_LEE, since, AT - timedelta(seconds=100), claimed=False, ended=False)
    return replace(whole, **changed)


@pytest.mark.parametrize(
    ("them", "verdict"),
    [
        ([], ("ours-not", None)),
        ([rung("other", to=MAPLE)], ("ours-not", None)),
        ([rung("later", since=AT - timedelta(seconds=60))], ("ours-not", None)),
        ([rung("before", until=AT - timedelta(seconds=126))], ("ours-not", None)),
        ([rung("open")], ("adopt", "open")),
        ([rung("asking", until=None)], ("wait", None)),
        ([rung("over", ended=True), rung("asking", until=None)], ("wait", None)),
        ([rung("one"), rung("two")], ("wait", None)),
        ([rung("over", ended=True)], ("hang-up", "over")),
        ([rung("has-one", claimed=True)], ("hang-up", "has-one")),
        ([rung("has-one", claimed=True), rung("over", ended=True)], ("hang-up", "over")),
        ([rung("has-one", claimed=True), rung("open")], ("adopt", "open")),
        ([rung("has-one", claimed=True, until=None)], ("hang-up", "has-one")),
    ],
)
def test_a_call_that_we_made_and_nobody_has_is_judged(them: list[RungLeg], verdict: tuple[str, str | None]) -> None:
    found, made_for = judge_outgoing(made(), them)
    assert (found, made_for.leg_id if made_for else None) == verdict


def test_an_item_that_is_still_tried_takes_its_call_itself(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    row = Office(world).one(leg, leg.c.role == "agent")
    switch_on(world.net, "callbacks-lost=1")
    with transaction(world.services) as work:
        legs.lock(work, row.id)
        legs.set_columns(work, row.id, twilio_sid=None)
    with world.services.database.write() as connection:
        mine = (outbox.c.kind == "dial_leg") & (outbox.c.subject == row.id)
        later = {"state": "ready", "done_at": None, "due_at": world.now + timedelta(minutes=5)}
        connection.execute(update(outbox).where(mine).values(later))
    carry_out_due_rounds(world.services)
    assert Office(world).one(leg, leg.c.id == row.id).twilio_sid is None
    assert not world.net.legs[row.twilio_sid].ended
