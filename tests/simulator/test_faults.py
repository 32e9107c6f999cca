"""Faults that can be switched on while the network runs."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from twilio.base.exceptions import TwilioRestException

from phonesim import FAULTS, Options, Trace, faults, switch_off, switch_off_all, switch_on
from phonesim.__main__ import main
from phonesim.errors import FaultError, RestTimedOut
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Seen, Stage, heard

DOCTOR = "+13125550181"
IN_ORDER = ["initiated", "ringing", "in-progress", "completed"]


def progress(stage: Stage) -> list[str]:
    """The statuses of an outbound call that is answered, as the application is told them."""
    stage.phone(DOCTOR, "answer")
    stage.call_out(DOCTOR, "<Say>hello</Say>", status_callback=f"{BASE}/p", status_callback_event=FOUR_EVENTS.split())
    stage.net.advance(60)
    return [seen["CallStatus"] for seen in stage.at("/p")]


# The switchboard


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rest-bussy", "there is no fault 'rest-bussy'; did you mean rest-busy?"),
        ("gremlins", "there is no fault 'gremlins'; choose one of webhooks-twice, "),
        ("rest-busy=3", "rest-busy takes no value; write rest-busy"),
        ("rest-failing=504", "rest-failing=504: write 500 or 503"),
        ("callbacks-lost=2", "callbacks-lost=2: a share is more than 0 and at most 1, such as 0.3"),
        ("callbacks-lost=often", "a share is more than 0"),
        ("callbacks-lost=nan", "a share is more than 0"),
        ("webhooks-slow=-1", "webhooks-slow=-1: write seconds"),
        ("webhooks-slow=inf", "webhooks-slow=inf: write seconds"),
        ("wrong-region=500", "write 404"),
        ("rest-busy  sometimes", "not readable"),
        ("", "not readable"),
    ],
)
def test_a_fault_that_cannot_be_had_is_named_with_its_mend(stage: Stage, text: str, words: str) -> None:
    with pytest.raises(FaultError) as problem:
        switch_on(stage.net, text)
    assert words in str(problem.value)
    assert stage.net.faults.on == {}


def test_a_fault_that_is_no_fault_cannot_be_mended(stage: Stage) -> None:
    with pytest.raises(FaultError, match="did you mean rest-slow"):
        switch_off(stage.net, "rest-slo")


def test_mending_what_is_whole_does_nothing(stage: Stage) -> None:
    switch_off(stage.net, "rest-busy")
    assert stage.net.trace == []


def test_a_fault_without_value_has_its_default_and_the_last_one_written_holds(stage: Stage) -> None:
    for written, value in [("callbacks-lost", FAULTS["callbacks-lost"].default), ("callbacks-lost=0.25", 0.25)]:
        switch_on(stage.net, written)
        assert stage.net.faults.on["callbacks-lost"].value == value
    switch_off_all(stage.net)
    assert stage.net.faults.on == {}


def test_the_trace_tells_when_a_fault_began_struck_and_ended(stage: Stage) -> None:
    switch_on(stage.net, "rest-busy on POST 1 time")
    stage.rest("GET", "/Calls.json")
    stage.rest("POST", "/Calls.json")
    stage.rest("POST", "/Calls.json")
    switch_off(stage.net, "rest-busy")
    told = [(trace.who, trace.detail) for trace in stage.net.trace if trace.kind == "fault"]
    place = f"POST /2010-04-01/Accounts/{stage.net.account_sid}/Calls.json"
    assert told == [
        ("rest-busy", {"on": True, "value": None, "where": "POST", "times": 1}),
        ("rest-busy", {"struck": place}),
        ("rest-busy", {"on": False}),
    ]


# Webhooks


def test_every_webhook_can_arrive_twice_and_the_second_answer_is_ignored() -> None:
    stage = Stage(faults=["webhooks-twice"])
    stage.page("/voice", "<Say>first answer</Say>", "<Say>second answer</Say>")
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(5)
    assert heard(line) == ["first answer"]
    tokens = [seen.headers["I-Twilio-Idempotency-Token"] for seen in stage.at("/voice")]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert len(stage.at("/status")) == 2


def test_a_duplicate_may_come_with_a_token_of_its_own() -> None:
    stage = Stage(faults=["webhooks-twice-fresh"])
    stage.call("<Hangup/>")
    assert len({seen.headers["I-Twilio-Idempotency-Token"] for seen in stage.at("/voice")}) == 2


def test_an_unreachable_application_gives_the_caller_an_apology_until_it_is_back(stage: Stage) -> None:
    switch_on(stage.net, "application-down")
    line = stage.call("<Say>welcome</Say>")
    assert "sorry" in heard(line)[0]
    assert stage.paths() == []
    switch_off(stage.net, "application-down")
    assert heard(stage.call("<Say>welcome</Say>", "+13125550198")) == ["welcome"]


def test_a_slow_application_is_waited_for_up_to_fifteen_seconds(stage: Stage) -> None:
    switch_on(stage.net, "webhooks-slow=14 on /voice")
    line = stage.call("<Say>at last</Say>")
    stage.net.advance(13.9)
    assert heard(line) == []
    stage.net.advance(0.2)
    assert heard(line) == ["at last"]


def test_an_application_slower_than_that_is_helped_by_its_fallback(stage: Stage) -> None:
    switch_on(stage.net, "webhooks-slow on /voice")
    stage.page("/fallback", "<Say>a person will help</Say>")
    line = stage.call("<Say>too late</Say>")
    stage.net.advance(20)
    assert heard(line) == ["a person will help"]
    assert stage.one("/fallback")["ErrorCode"] == "11205"


def test_twiml_may_be_asked_for_late(stage: Stage) -> None:
    switch_on(stage.net, "webhooks-late=7")
    line = stage.call("<Say>hello</Say>")
    stage.net.advance(6.9)
    assert stage.paths() == []
    stage.net.advance(0.2)
    assert heard(line) == ["hello"]
    stage.net.advance(10)
    assert (stage.one("/status").at - stage.one("/voice").at).total_seconds() < 7


# Callbacks


def test_status_callbacks_can_be_lost() -> None:
    stage = Stage(faults=["callbacks-lost=1"])
    assert progress(stage) == []
    assert sum(trace.kind == "webhook-lost" for trace in stage.net.trace) == 4


def test_status_callbacks_can_be_doubled() -> None:
    assert progress(Stage(faults=["callbacks-twice"])) == [status for status in IN_ORDER for _ in range(2)]


def test_status_callbacks_can_arrive_out_of_order_with_truthful_sequence_numbers() -> None:
    stage = Stage(faults=["callbacks-reordered=1"])
    assert progress(stage) == ["ringing", "initiated", "completed", "in-progress"]
    assert [seen["SequenceNumber"] for seen in stage.at("/p")] == ["1", "0", "3", "2"]


def test_a_callback_that_nothing_overtakes_arrives_all_the_same() -> None:
    stage = Stage(faults=["callbacks-reordered=1"])
    stage.call("<Hangup/>")
    assert stage.at("/status") == []
    stage.net.advance(10)
    assert stage.one("/status")["CallStatus"] == "completed"


def test_status_callbacks_can_be_late_in_their_order() -> None:
    on_time, late = Stage(), Stage(faults=["callbacks-late=30"])
    assert progress(on_time) == progress(late) == IN_ORDER
    delays = {two.at - one.at for one, two in zip(on_time.at("/p"), late.at("/p"), strict=True)}
    assert [delay.total_seconds() for delay in delays] == [30]


# REST


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("rest-busy", 429, 20429), ("rest-failing=500", 500, 20500), ("rest-failing", 503, 20503)],
)
def test_rest_can_fail_without_effect_as_often_as_told(stage: Stage, fault: str, status: int, code: int) -> None:
    switch_on(stage.net, f"{fault} on POST /Messages 1 time")
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    assert (problem.value.status, problem.value.code) == (status, code)
    stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    stage.net.advance(5)
    assert len(stage.net.phone(DOCTOR).messages) == 1


def test_rest_can_time_out_after_it_took_effect(stage: Stage) -> None:
    switch_on(stage.net, "rest-lost-answer on POST /Calls 1 time")
    with pytest.raises(RestTimedOut):
        stage.call_out(DOCTOR)
    assert [call.to for call in stage.twilio.calls.list()] == [DOCTOR]


def test_a_lost_answer_is_one_to_what_took_effect_unless_reading_is_named(stage: Stage) -> None:
    switch_on(stage.net, "rest-lost-answer")
    with pytest.raises(RestTimedOut):
        stage.call_out(DOCTOR)
    assert [call.to for call in stage.twilio.calls.list()] == [DOCTOR]
    switch_on(stage.net, "rest-lost-answer on GET")
    with pytest.raises(RestTimedOut):
        stage.twilio.calls.list()


def test_faults_spare_other_requests(stage: Stage) -> None:
    switch_on(stage.net, "rest-failing on POST /Messages")
    assert stage.call_out(DOCTOR)


def test_a_slow_answer_comes_to_a_patient_client_and_not_to_an_impatient_one() -> None:
    stage = Stage(Options(rest_patience=10), faults=["rest-slow=9.9"])
    assert stage.call_out(DOCTOR)
    switch_on(stage.net, "rest-slow=10")
    with pytest.raises(RestTimedOut):
        stage.call_out(DOCTOR)
    switch_off_all(stage.net)
    assert len(stage.twilio.calls.list()) == 2


def test_another_region_knows_no_call_conference_queue_recording_or_text_of_ours(stage: Stage) -> None:
    sid = stage.call_out(DOCTOR)
    text = stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    switch_on(stage.net, "wrong-region")
    for fetch in (stage.twilio.calls(sid).fetch, stage.twilio.messages(text.sid).fetch):
        with pytest.raises(TwilioRestException) as problem:
            fetch()
        assert (problem.value.status, problem.value.code) == (404, 20404)
    assert stage.twilio.calls.list() == stage.twilio.messages.list() == []
    switch_off(stage.net, "wrong-region")
    assert [call.sid for call in stage.twilio.calls.list()] == [stage.twilio.calls(sid).fetch().sid]


def test_credentials_of_another_region_are_refused(stage: Stage) -> None:
    switch_on(stage.net, "wrong-region=401")
    with pytest.raises(TwilioRestException) as problem:
        stage.call_out(DOCTOR)
    assert (problem.value.status, problem.value.code) == (401, 20003)
    assert stage.net.legs.keys() == set()


# Carriers


def test_a_failing_carrier_ends_calls_to_telephones_with_a_sip_code(stage: Stage) -> None:
    switch_on(stage.net, "carrier-failing on +1312555018")
    assert progress(stage) == ["initiated", "failed"]
    assert int(stage.at("/p")[-1]["SipResponseCode"]) >= 400
    assert stage.net.phone(DOCTOR).history == []


def test_a_failing_carrier_leaves_browsers_alone(stage: Stage) -> None:
    switch_on(stage.net, "carrier-failing")
    stage.phone("client:ana", "answer")
    stage.call("<Dial><Client>ana</Client></Dial>")
    stage.net.advance(10)
    (line,) = stage.net.phone("client:ana").history
    assert line.state == "in-progress"


def test_a_failing_carrier_makes_a_dial_fail_and_the_caller_goes_on(stage: Stage) -> None:
    switch_on(stage.net, "carrier-failing")
    stage.page("/after", "<Say>nobody could be reached</Say>")
    line = stage.call(f'<Dial action="/after">{DOCTOR}</Dial>')
    stage.net.advance(10)
    assert stage.one("/after")["DialCallStatus"] == "failed"
    assert heard(line) == ["nobody could be reached"]


def test_an_answered_call_is_cut_off_after_its_seconds(stage: Stage) -> None:
    switch_on(stage.net, "carrier-drops=12")
    line = stage.call("<Say>hello</Say><Pause length='60'/>")
    stage.net.advance(60)
    assert (line.state, line.leg.seconds) == ("completed", 12)


def test_carriers_that_begin_to_drop_calls_drop_those_in_progress_and_may_recover_in_time(stage: Stage) -> None:
    lines = [stage.call("<Say>hello</Say><Pause length='60'/>", f"+1312555019{n}") for n in range(2)]
    stage.net.advance(20)
    switch_on(stage.net, f"carrier-drops=30 on {lines[0].leg.address}")
    stage.net.advance(15)
    assert [line.state for line in lines] == ["completed", "in-progress"]
    switch_on(stage.net, "carrier-drops=60")
    switch_off(stage.net, "carrier-drops")
    stage.net.advance(20)
    assert lines[1].state == "in-progress"


def test_texts_fail_in_the_ways_texts_fail(stage: Stage) -> None:
    switch_on(stage.net, "texts-failing")
    for _ in range(30):
        stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello", status_callback=f"{BASE}/text")
    stage.net.advance(60)
    assert stage.net.phone(DOCTOR).messages == []
    ended = [seen for seen in stage.at("/text") if seen["MessageStatus"] in {"failed", "undelivered"}]
    assert len(ended) == 30
    assert {seen["MessageStatus"] for seen in ended} == {"failed", "undelivered"}
    assert len({seen["ErrorCode"] for seen in ended}) > 2
    assert len({message.error_code for message in stage.twilio.messages.list()}) > 2


# Recordings


def recorded(stage: Stage) -> list[Seen]:
    """Thirty callers leave a message each; what is told of their recordings."""
    told = 'recordingStatusCallback="/rec" recordingStatusCallbackEvent="completed absent"'
    stage.page("/voice", f'<Record action="/vm" {told}/>')
    stage.page("/vm", "<Hangup/>")
    for n in range(30):
        stage.net.phone(f"+131255502{n:02}").dial(OURS)
    stage.net.advance(60)
    return stage.at("/rec")


def test_recordings_are_lost_as_absent_or_as_completed_without_media(stage: Stage) -> None:
    switch_on(stage.net, "recordings-lost")
    told = recorded(stage)
    assert {seen["RecordingStatus"] for seen in told} == {"absent", "completed"}
    for seen in told:
        assert stage.rest("GET", f"/Recordings/{seen['RecordingSid']}").status_code == 404
        assert stage.twilio.recordings(seen["RecordingSid"]).fetch().status == seen["RecordingStatus"]


def test_half_of_the_recordings_may_be_lost(stage: Stage) -> None:
    switch_on(stage.net, "recordings-lost=0.5")
    media = [stage.rest("GET", f"/Recordings/{seen['RecordingSid']}").status_code for seen in recorded(stage)]
    assert 5 < media.count(200) < 25


def test_media_are_missing_for_a_while_unless_their_store_recovers_sooner(stage: Stage) -> None:
    switch_on(stage.net, "media-late=600")
    sid = recorded(stage)[0]["RecordingSid"]
    assert stage.rest("GET", f"/Recordings/{sid}.wav").status_code == 404
    stage.net.advance(600)
    assert stage.rest("GET", f"/Recordings/{sid}.wav").status_code == 200
    switch_on(stage.net, "media-late=86400")
    assert stage.rest("GET", f"/Recordings/{sid}.wav").status_code == 404
    switch_off(stage.net, "media-late")
    assert stage.rest("GET", f"/Recordings/{sid}.wav").status_code == 200


# All of them

SHARES = [f"{name}=0.4" for name, kind in FAULTS.items() if kind.takes == "SHARE" and name != "recordings-lost"]


def busy_minutes(seed: int, faults: Sequence[str]) -> list[Trace]:
    """What happens in a busy hour."""
    stage = Stage(faults=faults, seed=seed)
    stage.phone(DOCTOR, "answer")
    for n in range(20):
        stage.call(f'<Dial action="/after">{DOCTOR}</Dial>', f"+131255503{n:02}")
        stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello", status_callback=f"{BASE}/text")
        stage.net.advance(20)
    return list(stage.net.trace)


def test_the_same_seed_gives_the_same_faults() -> None:
    assert busy_minutes(1, SHARES) == busy_minutes(1, SHARES)
    assert busy_minutes(1, SHARES) != busy_minutes(2, SHARES)


@pytest.mark.parametrize("fault", SHARES)
def test_a_fault_strikes_at_the_same_places_whatever_else_is_broken(fault: str) -> None:
    def struck(faults: Sequence[str]) -> list[str]:
        told = [trace for trace in busy_minutes(3, faults) if trace.kind == "fault" and "struck" in trace.detail]
        return [f"{trace.at} {trace.detail['struck']}" for trace in told if trace.who == fault.partition("=")[0]]

    others = ["rest-slow=1", "webhooks-twice", "recordings-lost=0.5"]
    assert struck([fault]) == struck([fault, *others])
    assert struck([fault])


def test_a_fault_that_strikes_nowhere_changes_nothing_at_all() -> None:
    nowhere = [f"{name} on nowhere" for name in FAULTS]
    traces = [trace for trace in busy_minutes(1, nowhere) if trace.kind != "fault"]
    assert traces == busy_minutes(1, [])


def test_the_catalogue_the_control_api_the_command_line_and_the_documentation_name_the_same_faults(
    stage: Stage,
) -> None:
    listed = CliRunner().invoke(main, ["faults"]).output.splitlines()[1:]
    assert [line.split()[0].partition("=")[0] for line in listed] == list(FAULTS)
    page = (Path(__file__).resolve().parents[2] / "docs/phonesim-on-its-own.md").read_text("utf-8")
    table = page.partition("\n## Faults\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.M) == list(FAULTS)
    assert [fault["name"] for fault in faults.listed(stage.net)] == list(FAULTS)
