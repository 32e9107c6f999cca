"""Faults that can be switched on while the network runs."""

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import Faults, RestFault
from phonesim.errors import RestTimedOut
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Stage, heard

DOCTOR = "+13125550181"


def progress(stage: Stage) -> list[str]:
    stage.phone(DOCTOR, "answer")
    hook = {"status_callback": f"{BASE}/p", "status_callback_event": FOUR_EVENTS.split()}
    stage.call_out(DOCTOR, "<Say>hello</Say>", **hook)
    stage.net.advance(60)
    return [seen["CallStatus"] for seen in stage.at("/p")]


def test_every_webhook_can_arrive_twice_and_the_second_answer_is_ignored() -> None:
    stage = Stage(faults=Faults(duplicate_webhooks=True))
    stage.page("/voice", "<Say>first answer</Say>", "<Say>second answer</Say>")
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(5)
    assert heard(line) == ["first answer"]
    tokens = [seen.headers["I-Twilio-Idempotency-Token"] for seen in stage.at("/voice")]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert len(stage.at("/status")) == 2


def test_a_duplicate_may_come_with_a_token_of_its_own() -> None:
    stage = Stage(faults=Faults(duplicate_webhooks=True, duplicate_with_fresh_token=True))
    stage.call("<Hangup/>")
    assert len({seen.headers["I-Twilio-Idempotency-Token"] for seen in stage.at("/voice")}) == 2


def test_status_callbacks_can_be_lost() -> None:
    stage = Stage(faults=Faults(status_drop=1))
    assert progress(stage) == []
    assert sum(trace.kind == "webhook-lost" for trace in stage.net.trace) == 4


def test_status_callbacks_can_be_doubled() -> None:
    assert progress(Stage(faults=Faults(status_duplicate=1))) == [
        status for status in ("initiated", "ringing", "in-progress", "completed") for _ in range(2)
    ]


def test_status_callbacks_can_arrive_out_of_order_with_truthful_sequence_numbers() -> None:
    stage = Stage(faults=Faults(status_reorder=0.5), seed=3)
    assert sorted(progress(stage)) == ["completed", "in-progress", "initiated", "ringing"]
    numbers = [int(seen["SequenceNumber"]) for seen in stage.at("/p")]
    assert numbers != sorted(numbers)


def test_status_callbacks_can_be_late() -> None:
    stage = Stage(faults=Faults(status_delay=30))
    assert len(progress(stage)) == 4
    assert (stage.at("/p")[-1].at - stage.net.start).total_seconds() > 6


def test_an_unreachable_application_gives_the_caller_an_apology_until_it_is_back(stage: Stage) -> None:
    stage.net.faults.application_unreachable = True
    line = stage.call("<Say>welcome</Say>")
    assert "sorry" in heard(line)[0]
    assert stage.paths() == []
    stage.net.faults.application_unreachable = False
    assert heard(stage.call("<Say>welcome</Say>", "+13125550198")) == ["welcome"]


@pytest.mark.parametrize(("kind", "code"), [("429", 20429), ("500", 20500), ("503", 20503)])
def test_rest_can_fail_without_effect_as_often_as_told(stage: Stage, kind: str, code: int) -> None:
    stage.net.faults.rest.append(RestFault(kind, "POST", "/Messages", times=1))
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    assert (problem.value.status, problem.value.code) == (int(kind), code)
    stage.twilio.messages.create(to=DOCTOR, from_=OURS, body="hello")
    stage.net.advance(5)
    assert len(stage.net.phone(DOCTOR).messages) == 1


def test_rest_can_time_out_after_it_took_effect(stage: Stage) -> None:
    stage.net.faults.rest.append(RestFault("timeout", "POST", "/Calls", times=1))
    with pytest.raises(RestTimedOut):
        stage.call_out(DOCTOR)
    assert [call.to for call in stage.twilio.calls.list()] == [DOCTOR]


def test_faults_spare_other_requests(stage: Stage) -> None:
    stage.net.faults.rest.append(RestFault("500", "POST", "/Messages"))
    assert stage.call_out(DOCTOR)
