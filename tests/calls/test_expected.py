"""What Twilio has and what we expect are compared both ways, so that nothing depends on being told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.legs import LATE_AFTER
from ivr.calls.reconciliation import look_at_calls
from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from ivr.jobs import worker
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox
from ivr.queue.tables import agent_state, offer
from ivr.recordings.reconciliation import match_recordings
from ivr.recordings.tables import recording
from ivr.twilio.errors import PermanentFailure
from ivr.twilio.rest_api import RecordingState
from phonesim import Line, switch_off_all, switch_on
from rehearsals.world import ACCOUNT, World
from tests.calls.office import Office
from tests.calls.scenes import ANA, NEW_PATIENT, agent_accepts, dial, goes_on, ringing, run, until_it_rings

TO_A_MESSAGE = ("1", "3", "2", "2")
SOON = timedelta(minutes=1)
AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def leaving_a_message(world: World) -> Line:
    """A caller who has begun to speak after the tone."""
    line = goes_on(world, dial(world), TO_A_MESSAGE)
    assert world.advance(lambda: any(sound.kind == "beep" for sound in line.heard), timedelta(minutes=1))
    line.say("This is about my refill")
    run(world, 3)
    return line


def messages(world: World) -> list[str]:
    """The states of the messages."""
    return [row.state for row in Office(world).rows(recording, recording.c.kind == "message")]


def promises(world: World) -> list[str]:
    """What was promised."""
    return [row.kind for row in Office(world).rows(promise)]


def test_a_message_is_expected_before_twilio_is_asked_for_it(any_world: World) -> None:
    goes_on(any_world, dial(any_world), TO_A_MESSAGE)
    assert messages(any_world) == ["wanted"]


def test_a_message_that_nobody_tells_of_is_found_promised_an_answer_and_brought_home(any_world: World) -> None:
    line = leaving_a_message(any_world)
    switch_on(any_world.net, "application-down on /voice")
    line.hang_up()
    run(any_world, 1)
    switch_off_all(any_world.net)
    assert any_world.advance(lambda: messages(any_world) == ["released"], SOON)
    assert promises(any_world) == ["message"]
    assert Office(any_world).one(leg).outcome == "message left"
    assert Office(any_world).alerts() == []


def test_only_the_report_of_a_message_is_lost_and_its_recording_tells_the_conversation(world: World) -> None:
    line = leaving_a_message(world)
    switch_on(world.net, "application-down on /recorded")
    line.hang_up()
    assert world.advance(lambda: promises(world) == ["message"], timedelta(seconds=10))


def test_a_message_that_was_not_left_is_absent_and_the_call_is_over(world: World) -> None:
    line = goes_on(world, dial(world), TO_A_MESSAGE)
    line.hang_up()
    assert world.advance(lambda: messages(world) == ["absent"], timedelta(minutes=2))
    assert (Office(world).one(leg).outcome, promises(world)) == ("hung-up", [])


def test_a_message_that_is_found_after_all_was_over_alerts_supervisors(world: World) -> None:
    line = leaving_a_message(world)
    switch_on(world.net, "application-down on /voice")
    switch_on(world.net, "rest-failing=503 on /Recordings")
    line.hang_up()
    run(world, 600)
    switch_off_all(world.net)
    assert world.advance(lambda: messages(world) == ["released"], timedelta(minutes=20))
    assert Office(world).alerts() == ["message-found-late"]


@pytest.mark.parametrize("over", [False, True])
def test_a_recording_whose_worker_died_before_writing_it_down_is_kept(any_world: World, over: bool) -> None:
    """The worker asked Twilio, and died; the call may be over before another one takes the item."""
    switch_on(any_world.net, "callbacks-lost=1")
    line = dial(any_world)
    goes_on(any_world, line, ("1",))
    office = Office(any_world)
    office.post(_answer_url(office), AccountSid=ACCOUNT, CallSid=line.leg.sid, Digits="2")
    for item in worker.lease_items(any_world.services):
        if item.kind == "start_recording":
            any_world.services.twilio.start_recording(item.details["sid"], "https://sunline.example/voice/recording/x")
        else:
            worker.carry_out_item(any_world.services, item)
    run(any_world, 5)
    if over:
        line.hang_up()
    run(any_world, 100)
    if not over:
        line.hang_up()
    assert any_world.advance(lambda: office.one(recording).state == "released", timedelta(minutes=2))


def _answer_url(office: Office) -> str:
    row = office.one(leg)
    return f"/voice/leg/{row.id}/{row.step}/answer"


def test_a_recording_that_nobody_expects_is_adopted(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), ("1", "2"))
    any_world.services.twilio.start_recording(line.leg.sid, "https://sunline.example/voice/recording/unknown")
    run(any_world, 5)
    line.hang_up()
    office = Office(any_world)
    assert any_world.advance(lambda: [row.state for row in office.rows(recording)] == ["released"] * 2, SOON)
    assert {one.status for one in any_world.net.recordings.values()} == {"deleted"}


def test_an_agent_whose_caller_left_unheard_is_free_within_half_a_minute(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    ana = agent_accepts(any_world)
    run(any_world, 30)
    switch_on(any_world.net, "application-down on /voice")
    ana.hang_up()
    line.hang_up()
    run(any_world, 1)
    switch_off_all(any_world.net)
    run(any_world, LATE_AFTER.total_seconds() + 1)
    assert {row.state for row in Office(any_world).rows(leg)} == {"ended"}
    assert Office(any_world).one(agent_state).state != "busy"


def test_an_agent_is_not_rung_long_for_a_caller_who_left_unheard(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    switch_on(any_world.net, "application-down on /voice")
    line.hang_up()
    run(any_world, 1)
    switch_off_all(any_world.net)
    run(any_world, LATE_AFTER.total_seconds() + 1)
    assert ringing(any_world) == []
    assert not Office(any_world).rows(offer, offer.c.state == "open")


def test_a_leg_that_was_answered_unheard_is_answered_by_its_first_document(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1")
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    world.net.phone(ANA).answer()
    run(world, 1)
    row = Office(world).one(leg, leg.c.role == "agent")
    assert (row.state, row.answered_at is None) == ("in-progress", False)


def test_a_phone_that_a_dead_worker_rang_for_a_caller_who_is_gone_is_hung_up(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT[:-1])
    switch_on(any_world.net, "callbacks-lost=1 on /leg/")
    line.press(NEW_PATIENT[-1])
    office = Office(any_world)
    died = False
    for _ in range(6):
        any_world.net.run_due()
        for item in worker.lease_items(any_world.services):
            if item.kind == "dial_leg":
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("ivr.calls.legs.claim", _dies)
                    with pytest.raises(_Died):
                        handle_item(any_world.services, item)
                died = True
            else:
                worker.carry_out_item(any_world.services, item)
    assert died
    line.hang_up()
    until_it_rings(any_world, ANA)
    assert office.one(leg, leg.c.role == "agent").ended_how == "canceled"
    ana = any_world.net.phone(ANA).answer()
    run(any_world, 3)
    assert ana.leg.ended


def test_a_hang_up_whose_answers_are_all_lost_is_believed_when_its_end_is_told(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    switch_on(any_world.net, "rest-lost-answer")
    switch_on(any_world.net, "rest-slow=86400 on GET")
    line.hang_up()
    run(any_world, 120)
    office = Office(any_world)
    assert office.one(leg, leg.c.role == "agent").ended_how == "canceled"
    assert {row.state for row in office.rows(outbox, outbox.c.kind == "end_leg")} == {"done"}
    assert "effect-failed" not in office.alerts()


def test_a_leg_that_was_given_up_is_over_once_its_end_is_told(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    office = Office(any_world)
    row = office.one(leg, leg.c.role == "agent")
    switch_on(any_world.net, "rest-lost-answer")
    switch_on(any_world.net, "rest-slow=86400 on GET")
    with transaction(any_world.services) as work:
        # As of a worker that died between its request and its note of the answer, whose leg was then given up.
        legs.lock(work, row.id)
        legs.set_columns(work, row.id, twilio_sid=None, sequence=-1)
        legs.note_status(work, row.id, "canceled", None)
        legs.claim(work, row.id, row.twilio_sid)
    run(any_world, 30)
    assert any_world.net.legs[row.twilio_sid].ended
    assert {one.state for one in office.rows(outbox, outbox.c.kind == "end_leg")} == {"done"}
    line.hang_up()


def test_a_copy_whose_deletion_was_never_answered_is_deleted_once_it_is_gone(any_world: World) -> None:
    switch_on(any_world.net, "rest-lost-answer on DELETE")
    line = goes_on(any_world, dial(any_world), ("1", "2"))
    run(any_world, 10)
    line.hang_up()
    office = Office(any_world)
    assert any_world.advance(lambda: office.one(recording).state == "released", timedelta(minutes=2))
    assert office.one(outbox, outbox.c.kind == "delete_recording").attempts == 2


class _Died(BaseException):
    pass


def _dies(*_: Any) -> bool:
    raise _Died


# --- which recording is whose ---------------------------------------------------------------------------------------


def row(name: str, kind: str, second: int, sid: str | None = None) -> Any:
    return SimpleNamespace(id=name, kind=kind, wanted_at=AT + timedelta(seconds=second), twilio_sid=sid, state="wanted")


def made(sid: str, source: str, second: int, call: str = "CA1") -> RecordingState:
    at = AT + timedelta(seconds=second)
    return RecordingState(sid, call, None, "completed", 1, 5, source, at, None, None)


REST = partial(made, source="StartCallRecordingAPI")
LEFT = partial(made, source="RecordVerb")
SIDS = {"first": "CA1", "second": "CA1", "other": "CA2"}


@pytest.mark.parametrize(
    ("rows", "found", "matched"),
    [
        ([row("call", "call", 0)], [REST("RE1", second=1)], {"RE1": "call"}),
        ([row("call", "call", 0, "RE1")], [REST("RE1", second=1), REST("RE2", second=1)], {"RE1": "call", "RE2": None}),
        ([row("first", "message", 0)], [LEFT("RE1", second=1)], {"RE1": "first"}),
        ([row("first", "message", 0)], [REST("RE1", second=1)], {"RE1": None}),
        # Nothing was said at first: what there is belongs to the message that was asked for last.
        ([row("first", "message", 0), row("second", "message", 60)], [LEFT("RE1", second=61)], {"RE1": "second"}),
        ([row("first", "message", 0), row("second", "message", 60)], [LEFT("RE1", second=1)], {"RE1": "first"}),
        ([row("other", "message", 0)], [LEFT("RE1", second=1)], {"RE1": None}),
    ],
)
def test_each_recording_is_given_to_whoever_expects_it(
    rows: list[Any], found: list[RecordingState], matched: dict[str, str | None]
) -> None:
    told = {state.sid: one.id if one else None for state, one in match_recordings(rows, found, SIDS)}
    assert told == matched


def test_a_leg_that_cannot_be_looked_at_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        dial(world, from_=f"+1312555014{number}")
    run(world, 10)
    office = Office(world)
    first, second = office.rows(leg, leg.c.state != "ended")
    for row in (first, second):
        world.net.legs[row.twilio_sid].status = "completed"
    fetch = world.services.twilio.fetch_call

    def refused(sid: str) -> Any:
        if sid == first.twilio_sid:
            raise PermanentFailure(20003)
        return fetch(sid)

    monkeypatch.setattr(world.services.twilio, "fetch_call", refused)
    look_at_calls(world.services, first)
    assert office.one(leg, leg.c.id == first.id).state != "ended"
    assert office.one(leg, leg.c.id == second.id).state == "ended"


def test_one_look_is_for_all_legs_that_are_late(world: World) -> None:
    for number in range(6):
        dial(world, from_=f"+1312555014{number}")
    run(world, 100)
    looks = Office(world).rows(outbox, outbox.c.kind == "ask_leg")
    assert 3 <= len(looks) <= 6
