"""Section 5.1, the ways to start a recording and their defaults. Each test quotes the rule it pins."""

from collections.abc import Callable

import pytest

from phonesim import Options
from phonesim.recording import Recording
from tests.simulator.contract.rooms import ANA, BEN, invite, refused
from tests.simulator.contract.tapes import DOCTOR, LONG, media, opened, started
from tests.simulator.stage import BASE, Stage

REC = f'recordingStatusCallback="{BASE}/rec"'


def by_record(stage: Stage) -> None:
    stage.page("/vm", "<Hangup/>")
    stage.call(f'<Record action="/vm" {REC}/>').say("please call me back")


def by_dial(stage: Stage, kind: str = "record-from-answer") -> None:
    stage.phone(DOCTOR, "answer")
    stage.call(f'<Dial record="{kind}" {REC}>{DOCTOR}</Dial>')


def by_conference(stage: Stage) -> None:
    stage.member(ANA, noun=f'record="record-from-start" {REC}')
    stage.member(BEN)


def by_calls_create(stage: Stage, **more: object) -> None:
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, LONG, record=True, recording_status_callback=f"{BASE}/rec", **more)


def by_start_verb(stage: Stage, how: str = "") -> None:
    stage.call(f"<Start><Recording {REC} {how}/></Start>{LONG}")


WAYS: dict[str, tuple[Callable[[Stage], object], str, bool]] = {
    "<Record>: 1, trim-silence, RecordVerb": (by_record, "RecordVerb", True),
    "<Dial record>: 1, do-not-trim, DialVerb": (by_dial, "DialVerb", False),
    "<Conference record>: 1, trim-silence, Conference": (by_conference, "Conference", True),
    "Calls.create Record=true: mono, trim-silence, OutboundAPI": (by_calls_create, "OutboundAPI", True),
    "POST Recordings.json: mono, do-not-trim": (started, "StartCallRecordingAPI", False),
    "<Start><Recording> (unconfirmed)": (by_start_verb, "StartCallRecordingTwiML", False),
}


def only(stage: Stage) -> Recording:
    (recording,) = stage.net.recordings.values()
    return recording


@pytest.mark.parametrize(("way", "source", "trim"), WAYS.values(), ids=WAYS)
def test_each_way_has_its_defaults_and_source(
    stage: Stage, way: Callable[[Stage], object], source: str, trim: bool
) -> None:
    """5.1, the table: channels, trim default and source value of each way."""
    way(stage)
    stage.net.advance(10)
    recording = only(stage)
    assert (recording.channels, recording.source, recording.trim) == (1, source, trim)
    for leg in tuple(stage.net.legs.values()):
        leg.finish()
    stage.net.advance(5)
    assert stage.one("/rec")["RecordingSource"] == source


@pytest.mark.parametrize(
    "way",
    [
        lambda stage: by_dial(stage, "record-from-answer-dual"),
        lambda stage: by_calls_create(stage, recording_channels="dual"),
        lambda stage: started(stage, recording_channels="dual"),
        lambda stage: by_start_verb(stage, 'channels="dual"'),
    ],
    ids=["<Dial record>: -dual 2", "RecordingChannels=dual", "POST Recordings.json", "channels attr"],
)
def test_two_channels_where_asked_for(stage: Stage, way: Callable[[Stage], object]) -> None:
    """5.1: -dual, RecordingChannels=dual and channels give two."""
    way(stage)
    stage.net.advance(10)
    assert only(stage).channels == 2


@pytest.mark.parametrize("source", ["StartCallRecordingTwiML", "StartCallRecordingAPI"])
def test_the_source_of_start_recording_is_in_doubt(source: str) -> None:
    """13.9 (unconfirmed): "RecordingSource for Start/Recording"."""
    stage = Stage(Options(start_recording_source=source))
    by_start_verb(stage)
    stage.net.run_due()
    assert only(stage).source == source


def test_the_call_sid_of_a_dial_recording_is_the_parent(stage: Stage) -> None:
    """5.1: "CallSid on Dial recordings is the parent leg"."""
    by_dial(stage)
    stage.net.advance(10)
    (parent,) = [leg for leg in stage.net.legs.values() if leg.parent is None]
    assert only(stage).call_sid() == parent.sid


def test_starting_answers_201_in_progress(stage: Stage) -> None:
    """5.1: "Start API answers 201 (also 200) with status in-progress"."""
    line = stage.call(LONG)
    reply = stage.rest("POST", f"/Calls/{line.call_sid}/Recordings.json")
    assert (reply.status_code, reply.get_json()["status"]) == (201, "in-progress")


@pytest.mark.parametrize("how", ["ended", "queued"])
def test_a_call_that_is_not_in_progress_cannot_be_recorded(stage: Stage, how: str) -> None:
    """5.1: "not-in-progress call -> 21220"."""
    sid = stage.call("<Hangup/>").call_sid if how == "ended" else stage.call_out(DOCTOR)
    assert refused(lambda: stage.twilio.calls(sid).recordings.create()) == (400, 21220)


def test_start_recording_goes_on_across_documents(stage: Stage) -> None:
    """3.2: Start "returns at once, runs in background across later documents"."""
    stage.page("/next", "<Pause length='6'/><Hangup/>")
    stage.call(f"<Start><Recording {REC}/></Start><Pause length='4'/><Redirect>/next</Redirect>")
    stage.net.advance(20)
    assert stage.one("/rec")["RecordingDuration"] == "10"


def test_start_recording_needs_an_absolute_callback(stage: Stage) -> None:
    """3: "<Start><Recording> callback URLs must be absolute or 11200 (field)"."""
    stage.call('<Start><Recording recordingStatusCallback="/rec"/></Start><Pause length="5"/>')
    assert stage.codes() == [11200]


def test_the_silence_around_a_message_is_trimmed_from_the_file_but_not_from_the_actions_duration(stage: Stage) -> None:
    """3.4: "RecordingDuration s (before trimming)", "trim trim-silence"."""
    stage.page("/vm", "<Hangup/>")
    line = stage.call(f'<Record action="/vm" timeout="10" playBeep="false" {REC}/>')
    stage.net.advance(4)
    line.say("x" * 45)
    stage.net.advance(20)
    assert stage.one("/vm")["RecordingDuration"] == "17"
    assert stage.one("/rec")["RecordingDuration"] == "3"
    assert opened(media(stage, only(stage).sid))[:2] == (1, 3.0)


def test_a_message_keeps_its_silence_with_do_not_trim(stage: Stage) -> None:
    """3.4: trim can be do-not-trim."""
    stage.page("/vm", "<Hangup/>")
    line = stage.call(f'<Record action="/vm" timeout="10" playBeep="false" trim="do-not-trim" {REC}/>')
    stage.net.advance(4)
    line.say("x" * 45)
    stage.net.advance(20)
    assert opened(media(stage, only(stage).sid))[1] == 17.0


def test_the_track_decides_whom_a_mono_recording_holds(stage: Stage) -> None:
    """6.2: "RecordingTrack"; OAI: inbound, outbound or both."""
    line = stage.call(LONG)
    tracks = ("inbound", "outbound", "both")
    create = stage.twilio.calls(line.call_sid).recordings.create
    sids = [create(recording_track=track).sid for track in tracks]
    stage.net.advance(2)
    line.hang_up()
    stage.net.advance(5)
    assert len({media(stage, sid) for sid in sids}) == 3
    assert [stage.twilio.calls(line.call_sid).recordings(sid).fetch().track for sid in sids] == list(tracks)


def test_a_created_call_names_its_recording_at_its_end(stage: Stage) -> None:
    """2.3: RecordingUrl, RecordingSid, RecordingDuration "only with REST Record=true, completed event"."""
    by_calls_create(stage, status_callback=f"{BASE}/progress")
    stage.net.advance(10)
    stage.net.phone(DOCTOR).line.hang_up()
    stage.net.advance(5)
    assert stage.one("/progress")["RecordingSid"] == stage.one("/rec")["RecordingSid"]
    assert {"RecordingUrl", "RecordingDuration"} <= stage.one("/progress").params.keys()


def test_a_participants_own_recording_may_report_every_step(stage: Stage) -> None:
    """5.3: "participant API also started, paused, resumed, stopped, failed"."""
    stage.phone(ANA, "answer")
    steps = ["started", "paused", "resumed", "stopped", "completed"]
    sid = invite(
        stage, ANA, record=True, recording_status_callback=f"{BASE}/rec", recording_status_callback_event=steps
    )
    stage.net.advance(10)
    control = stage.twilio.calls(sid).recordings("Twilio.CURRENT")
    for status in ("paused", "in-progress", "stopped"):
        stage.net.advance(5)
        control.update(status=status)
    stage.net.advance(5)
    assert [told["RecordingStatus"] for told in stage.at("/rec")] == steps
