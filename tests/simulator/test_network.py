"""Virtual time, phones and repeatability."""

from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonesim import Line, Network, WsgiApplication, switch_on
from phonesim.clock import Scheduler
from phonesim.errors import BadAddress, LineEnded, NotRinging, PhonesimError, ReentrantAdvance
from tests.simulator.stage import ACCOUNT, BASE, OURS, START, TOKEN, Stage

CALLER = "+13125550199"


@given(st.lists(st.integers(0, 5), max_size=30))
def test_events_run_in_time_order_and_ties_in_the_order_they_were_scheduled(seconds: list[int]) -> None:
    scheduler = Scheduler(START)
    ran: list[tuple[int, int]] = []
    for index, second in enumerate(seconds):
        scheduler.after(second, lambda entry=(second, index): ran.append(entry))
    scheduler.advance_to(START + timedelta(seconds=5))
    assert ran == sorted(ran)
    assert len(ran) == len(seconds)


def test_a_start_without_time_zone_is_refused() -> None:
    with pytest.raises(PhonesimError, match="time zone"):
        Network(ACCOUNT, TOKEN, WsgiApplication(None, BASE), datetime(2026, 11, 1))


def test_time_stops_at_the_instant_asked_for_and_the_next_event_is_known(stage: Stage) -> None:
    assert stage.net.next_event_at() is None
    stage.call('<Say>hello</Say><Pause length="10"/>')
    assert stage.net.next_event_at() == START + timedelta(seconds=1)
    stage.net.advance_to(START + timedelta(seconds=4))
    assert stage.net.now == START + timedelta(seconds=4)
    assert stage.net.next_event_at() == START + timedelta(seconds=11)


def test_jumping_from_event_to_event_ends_where_one_long_advance_ends(stage: Stage) -> None:
    stage.call("<Say>hello</Say><Pause length='10'/><Say>bye</Say>")
    while (due := stage.net.next_event_at()) is not None:
        stage.net.advance_to(due)
    other = Stage()
    other.call("<Say>hello</Say><Pause length='10'/><Say>bye</Say>")
    other.net.advance(100)
    assert stage.net.trace == other.net.trace


def test_a_webhook_handler_may_use_rest_but_not_advance_time(stage: Stage) -> None:
    problems: list[Exception] = []

    def handler(_seen: object) -> str:
        stage.twilio.messages.create(to="+13125550181", from_=OURS, body="sent from a handler")
        try:
            stage.net.run_due()
        except ReentrantAdvance as problem:
            problems.append(problem)
        return "<Hangup/>"

    stage.page("/voice", handler)
    stage.net.phone(CALLER).dial(OURS)
    stage.net.advance(5)
    assert len(problems) == 1
    assert len(stage.net.phone("+13125550181").messages) == 1


def test_a_handler_may_redirect_the_very_call_it_answers(stage: Stage) -> None:
    stage.page("/new", "<Say>taken elsewhere</Say>")
    stage.page("/menu", lambda seen: redirect(stage, seen["CallSid"]))
    line = stage.call('<Gather numDigits="1" action="/menu"/>')
    line.press("1")
    stage.net.run_due()
    assert stage.one("/new")["CallSid"] == line.call_sid


def redirect(stage: Stage, sid: str) -> str:
    stage.twilio.calls(sid).update(url=f"{BASE}/new")
    return "<Say>never mind, and quite long so that it would be heard</Say>"


def test_a_handler_may_hang_up_the_very_call_it_answers(stage: Stage) -> None:
    stage.page("/menu", lambda seen: str(stage.twilio.calls(seen["CallSid"]).update(status="completed").sid)[:0])
    line = stage.call('<Gather numDigits="1" action="/menu"/>')
    line.press("1")
    stage.net.run_due()
    assert line.state == "completed"


def scenario(seed: int) -> Network:
    stage = Stage(seed=seed)
    switch_on(stage.net, "callbacks-reordered=0.3")
    stage.phone("+13125550181", "answer")
    stage.page("/wait", "<Say>please wait</Say><Pause length='7'/>")
    stage.call('<Enqueue waitUrl="/wait">triage</Enqueue>')
    stage.call_out("+13125550181", "<Dial><Queue>triage</Queue></Dial>", status_callback=f"{BASE}/p")
    stage.net.advance(120)
    return stage.net


def test_the_same_seed_gives_the_same_run_byte_for_byte() -> None:
    digests = [sha256(repr(scenario(seed).trace).encode()).hexdigest() for seed in (7, 7, 8)]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_keys_follow_each_other_a_tenth_of_a_second_apart(stage: Stage) -> None:
    line = stage.call('<Gather numDigits="9"/>')
    line.press("12")
    line.press("3")
    stage.net.advance(1)
    presses = [trace.at for trace in stage.net.trace if trace.kind == "press"]
    assert [later - earlier for earlier, later in pairwise(presses)] == [timedelta(seconds=0.1)] * 2


def test_a_phone_has_no_other_keys(stage: Stage) -> None:
    line = stage.call("<Gather/>")
    with pytest.raises(PhonesimError, match="no such key"):
        line.press("1x")


def test_a_line_that_is_over_cannot_be_used(stage: Stage) -> None:
    line = stage.call("<Hangup/>")
    for action in (lambda: line.press("1"), lambda: line.say("hello"), line.hang_up):
        with pytest.raises(LineEnded, match="over"):
            action()


def test_a_phone_that_does_not_ring_cannot_answer(stage: Stage) -> None:
    with pytest.raises(NotRinging):
        stage.net.phone(CALLER).answer()


def test_an_unknown_behaviour_names_the_known_ones(stage: Stage) -> None:
    with pytest.raises(PhonesimError, match="voicemail"):
        stage.net.phone(CALLER).behaviour = "asleep"


def test_a_number_must_be_an_address(stage: Stage) -> None:
    with pytest.raises(BadAddress, match="client:<identity>"):
        stage.net.add_number("312 555")


def test_a_phone_answers_the_call_that_rings_longest(stage: Stage) -> None:
    first = stage.call_out("+13125550181", "<Pause length='60'/>")
    stage.call_out("+13125550181", "<Pause length='60'/>")
    stage.net.advance(5)
    phone = stage.net.phone("+13125550181")
    assert phone.lines == []
    assert phone.answer().call_sid == first
    assert phone.ringing
    assert [line.call_sid for line in phone.lines] == [first]


def test_declining_is_busy(stage: Stage) -> None:
    sid = stage.call_out("+13125550181")
    stage.net.advance(5)
    stage.net.phone("+13125550181").decline()
    assert stage.twilio.calls(sid).fetch().status == "busy"


def test_listeners_see_everything_the_trace_keeps(stage: Stage) -> None:
    seen: list[object] = []
    stage.net.listeners.append(seen.append)
    stage.call("<Say>hello</Say>")
    stage.net.advance(5)
    assert seen == stage.net.trace
    assert {trace.kind for trace in stage.net.trace} >= {"dial", "hear", "webhook", "answer", "hang-up"}


def test_what_is_said_while_bridged_is_heard_only_by_the_other_side(stage: Stage) -> None:
    line = stage.call("<Dial>+13125550181</Dial>")
    stage.net.advance(2)
    far: Line = stage.net.phone("+13125550181").answer()
    stage.net.run_due()
    far.say("good morning")
    stage.net.run_due()
    assert [sound.text for sound in line.heard if sound.kind == "speech"] == ["good morning"]
    assert all(sound.kind != "speech" for sound in far.heard)
