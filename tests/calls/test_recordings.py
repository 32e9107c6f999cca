from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ivr.callbacks.tables import message, promise
from ivr.calls.leg_lifecycle import LAST_WORDS
from ivr.calls.tables import call
from ivr.jobs import worker
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox
from ivr.jobs.timers import fire_due_timers
from ivr.recordings.capture import message_id
from ivr.recordings.tables import recording
from phonesim import switch_off_all, switch_on
from phonesim.recording import Recording
from rehearsals.world import World
from tests.calls.office import Office, Party
from tests.calls.scenes import dial, goes_on, run

HOUR = timedelta(hours=1)
TO_A_MESSAGE = ("1", "3", "2", "2")
MEDIA = "/Recordings/RE"


def recorded_call(world: World) -> None:
    """A call that was recorded from the menu on, and is over."""
    line = goes_on(world, dial(world), ("1", "2"))
    line.hang_up()


def kept(world: World) -> Any:
    """The only recording."""
    return Office(world).one(recording)


def at_the_network(world: World) -> str:
    """How the network's own copy stands."""
    (one,) = world.net.recordings.values()
    return one.status


def home(world: World) -> bool:
    return bool(kept(world).state == "released")


def listened(world: World, recording_id: str) -> bytes:
    """The recording, as somebody who may listen to it gets it."""
    played = world.services.vault.open(recording_id, actor="test", purpose="test", at=world.now)
    return b"".join(bytes(chunk) for chunk in played.chunks)


def test_a_recording_is_kept_and_only_then_deleted_at_the_network(world: World) -> None:
    recorded_call(world)
    assert world.advance(lambda: home(world), timedelta(minutes=1))
    assert at_the_network(world) == "deleted"
    assert listened(world, kept(world).id).startswith(b"RIFF")
    rest = [
        entry.detail for entry in world.net.trace if entry.kind == "rest" and "Recordings/RE" in entry.detail["path"]
    ]
    assert [entry["method"] for entry in rest] == ["GET", "DELETE"]


def test_media_that_are_missing_for_an_hour_are_fetched_ever_more_patiently_and_then_kept(world: World) -> None:
    switch_on(world.net, "media-late=3600")
    recorded_call(world)
    run(world, 600)
    tried = kept(world)
    assert (tried.state, tried.last_error) == ("announced", "PartyGone")
    assert 10 < tried.fetch_attempts < 100
    item = Office(world).one(outbox, outbox.c.kind == "fetch_recording")
    assert timedelta(seconds=20) < item.due_at - world.now + timedelta(seconds=30) < timedelta(seconds=70)
    assert at_the_network(world) == "completed"
    world.advance_to(world.start + HOUR + timedelta(minutes=2))
    assert kept(world).state == "released"
    assert kept(world).last_error is None
    assert at_the_network(world) == "deleted"
    assert Office(world).alerts() == []


def test_a_network_that_fails_the_deletion_keeps_its_copy_until_it_can(world: World) -> None:
    switch_on(world.net, f"rest-failing=500 on DELETE {MEDIA}")
    recorded_call(world)
    run(world, 300)
    assert (kept(world).state, at_the_network(world)) == ("stored", "completed")
    switch_off_all(world.net)
    assert world.advance(lambda: home(world), timedelta(minutes=2))
    assert at_the_network(world) == "deleted"


def test_a_deletion_whose_answer_was_lost_is_not_a_failure(world: World) -> None:
    switch_on(world.net, f"rest-lost-answer on DELETE {MEDIA} 1 time")
    recorded_call(world)
    assert world.advance(lambda: home(world), timedelta(minutes=1))


def test_half_a_recording_is_never_kept_nor_deleted_at_the_network(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Recording.media
    monkeypatch.setattr(Recording, "media", lambda self, channels=None: iter([b"".join(whole(self, channels))[:-100]]))
    recorded_call(world)
    run(world, 60)
    assert kept(world).state == "announced"
    assert kept(world).fetch_attempts > 1
    assert at_the_network(world) == "completed"
    assert world.services.vault.find(kept(world).id) is None
    monkeypatch.undo()
    assert world.advance(lambda: home(world), timedelta(minutes=2))
    assert world.services.vault.verify(kept(world).id, actor="test", at=world.now)


def test_a_worker_that_dies_after_storing_stores_nothing_twice(world: World) -> None:
    recorded_call(world)
    world.net.advance(5)
    world.clock.move_to(world.net.now)
    for _ in range(3):
        for item in worker.lease_items(world.services):
            if item.kind == "fetch_recording":
                handle_item(world.services, item)
            else:
                worker.carry_out_item(world.services, item)
    assert kept(world).state in ("stored", "released")
    assert world.advance(lambda: home(world), timedelta(minutes=3))
    assert list(world.services.vault.strays()) == []


def test_a_worker_that_dies_between_the_vault_and_the_row_stores_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, ingest = type(world.services.vault), type(world.services.vault).ingest

    class Died(BaseException):
        pass

    def stored_and_died(self: Any, **arrival: Any) -> None:
        ingest(self, **arrival)
        raise Died

    monkeypatch.setattr(vault, "ingest", stored_and_died)
    recorded_call(world)
    with pytest.raises(Died):
        run(world, 30)
    monkeypatch.undo()
    assert (kept(world).state, at_the_network(world)) == ("announced", "completed")
    assert world.advance(lambda: home(world), timedelta(minutes=3))
    assert [entry.action for entry in world.services.vault.custody(kept(world).id)].count("stored") == 1
    assert list(world.services.vault.strays()) == []


def test_news_that_comes_before_our_own_note_of_the_start_is_good(office: Office) -> None:
    caller = office.dialled()
    caller.plays("12")
    wanted = office.one(recording)
    assert (wanted.state, wanted.twilio_sid) == ("wanted", None)
    for _ in range(2):
        assert _news(caller, wanted.id, "completed").status == 204
    known = office.one(recording)
    assert (known.state, known.twilio_sid, known.duration_seconds) == ("announced", "RE" + "5" * 32, 12)
    assert len(office.rows(outbox, outbox.c.kind == "fetch_recording")) == 1


def test_a_recording_that_is_absent_is_over(office: Office) -> None:
    caller = office.dialled()
    caller.plays("12")
    wanted = office.one(recording)
    _news(caller, wanted.id, "absent")
    _news(caller, wanted.id, "completed")
    assert office.one(recording).state == "absent"
    assert office.rows(outbox, outbox.c.kind == "fetch_recording") == []


def test_news_of_a_recording_nobody_wanted_is_noted_and_forgotten(office: Office) -> None:
    caller = office.dialled()
    before = office.contents()
    for recording_id in ("f" * 24, "x", f"{caller.leg.id}x"):
        assert _news(caller, recording_id, "completed").status == 204
    assert office.contents() == before


def _news(party: Party, recording_id: str, status: str) -> Any:
    fields = {"RecordingStatus": status, "RecordingDuration": "12", "RecordingChannels": "2"}
    return party.send(f"/voice/recording/{recording_id}", RecordingSid="RE" + "5" * 32, **fields)


# --- messages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("news_first", [True, False])
def test_a_message_is_kept_whichever_is_told_first(office: Office, news_first: bool) -> None:
    caller = office.dialled()
    caller.plays("1322")
    assert caller.heard.verbs[-2:] == ["Record", "Redirect"]
    sid, action = "RE" + "5" * 32, caller.heard.root.find("Record")
    assert action is not None
    left = str(action.get("action"))
    recording_id = message_id(caller.leg.id, caller.leg.step)
    if news_first:
        _news(caller, recording_id, "completed")
    caller.asks(left, RecordingSid=sid, RecordingDuration="12", Digits="#")
    if not news_first:
        _news(caller, recording_id, "completed")
    assert "Your message is saved." in caller.heard.words
    messages = office.rows(recording, recording.c.kind == "message")
    assert [(row.id, row.state, row.twilio_sid) for row in messages] == [(recording_id, "announced", sid)]
    assert office.one(message).recording_id == recording_id
    assert office.one(promise).kind == "message"


def test_a_caller_who_leaves_a_message_and_just_hangs_up_has_left_it(world: World) -> None:
    office = Office(world)
    line = goes_on(world, dial(world), TO_A_MESSAGE)
    assert world.advance(lambda: any(sound.kind == "beep" for sound in line.heard), timedelta(minutes=1))
    line.say("This is about my refill")
    run(world, 4)
    line.hang_up()
    run(world, 60)
    assert office.one(promise).kind == "message"
    kept_messages = office.rows(recording, recording.c.kind == "message")
    assert [row.state for row in kept_messages] == ["released"]
    assert office.one(message).recording_id == kept_messages[0].id


@pytest.mark.parametrize("reported", [True, False])
def test_a_hang_up_that_is_told_before_the_message_waits_for_it(office: Office, reported: bool) -> None:
    caller = office.dialled()
    caller.plays("1322")
    row = caller.leg
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")
    if reported:
        left = {"RecordingSid": "RE" + "5" * 32, "RecordingDuration": "12", "Digits": "hangup"}
        caller.send(f"/voice/leg/{row.id}/{row.step}/recorded", CallStatus="completed", **left)
    office.passes(LAST_WORDS.total_seconds())
    fire_due_timers(office.services)
    assert [one.kind for one in office.rows(promise)] == (["message"] if reported else [])
    assert office.one(call).outcome == ("message left" if reported else "hung-up")
    assert caller.leg.state == "ended"


def test_a_recording_whose_news_is_lost_is_asked_after_and_comes_home(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1")
    recorded_call(world)
    assert kept(world).state == "running"
    assert world.advance(lambda: home(world), timedelta(minutes=1))
    assert at_the_network(world) == "deleted"
