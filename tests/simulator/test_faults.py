"""Faults that can be switched on while the network runs."""

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import FAULTS, switch_off, switch_off_all, switch_on
from phonesim.errors import FaultError, RestTimedOut
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Stage, heard

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


def test_faults_spare_other_requests(stage: Stage) -> None:
    switch_on(stage.net, "rest-failing on POST /Messages")
    assert stage.call_out(DOCTOR)
