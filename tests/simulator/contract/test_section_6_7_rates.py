"""Section 6.7, how fast calls leave. Each test quotes the rule it pins."""

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import invite
from tests.simulator.stage import BASE, OURS, START, Stage

NUMBERS = [f"+1312555{number:04}" for number in range(181, 186)]


def initiated(stage: Stage) -> list[float]:
    return [(seen.at - START).total_seconds() for seen in stage.at("/p")]


def call(stage: Stage, number: str) -> int:
    made = stage.twilio.calls.create(
        to=number, from_=OURS, url=f"{BASE}/out", status_callback=f"{BASE}/p", status_callback_event=["initiated"]
    )
    assert made.status == "queued"
    return int(made.queue_time)


@pytest.mark.parametrize(("rate", "spacing"), [(1.0, 1.0), (5.0, 0.2)])
def test_created_calls_leave_one_by_one(rate: float, spacing: float) -> None:
    """6.7: "1 call/s default (self-service to 5)"; "accepted (201, queued, queue_time ms estimate) and delayed"."""
    stage = Stage(Options(calls_per_second=rate))
    estimates = [call(stage, number) for number in NUMBERS]
    stage.net.advance(10)
    assert initiated(stage) == pytest.approx([spacing * index for index in range(5)])
    assert estimates == [round(1000 * spacing * index) for index in range(5)]


def test_participants_wait_in_the_same_lane(stage: Stage) -> None:
    """6.7: "REST-created outbound calls leave the account queue"."""
    call(stage, NUMBERS[0])
    sid = invite(stage, NUMBERS[1])
    stage.net.advance(0.5)
    assert stage.twilio.calls(sid).fetch().status == "queued"
    stage.net.advance(1.5)
    assert stage.twilio.calls(sid).fetch().status == "ringing"


def test_legs_of_a_dial_and_inbound_calls_are_not_limited(stage: Stage) -> None:
    """6.7: "<Dial> legs and inbound calls are not CPS-limited"."""
    for number in NUMBERS:
        call(stage, number)
    nouns = "".join(f"<Number>{number}</Number>" for number in ("+13125550191", "+13125550192"))
    lines = [stage.call(f"<Dial>{nouns}</Dial>", f"+131255501{number}") for number in (98, 99)]
    stage.net.advance(1)
    assert all(line.state == "in-progress" for line in lines)
    assert stage.net.phone("+13125550191").ringing
    assert stage.net.phone("+13125550192").ringing


def test_a_call_canceled_in_the_queue_frees_its_place_and_tells_nobody(stage: Stage) -> None:
    """2.2: "Call canceled while still queued: no status callbacks fire"."""
    for number in NUMBERS[:2]:
        call(stage, number)
    second = stage.twilio.calls.list(to=NUMBERS[1])[0]
    second.update(status="canceled")
    call(stage, NUMBERS[2])
    stage.net.advance(10)
    assert initiated(stage) == [0, 1]
    assert [seen["To"] for seen in stage.at("/p")] == [NUMBERS[0], NUMBERS[2]]
