"""Enqueue, Leave, Dial Queue and the Queues API (Twilio: Enqueue, Queue, Members)."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import Line, Options
from tests.simulator.stage import BASE, Page, Stage, heard

CALLER, AGENT = "+13125550199", "+13125550171"
WAIT = "<Say>you are being connected soon..</Say><Pause length='8'/>"


def wait(stage: Stage, document: str = WAIT, attributes: str = 'waitUrl="/wait"', who: str = CALLER) -> Line:
    stage.page("/wait", document)
    stage.page("/q", "<Say>out of the queue</Say><Pause length='60'/>")
    return stage.call(f'<Enqueue action="/q" {attributes}>triage</Enqueue>', who)


def agent(stage: Stage, noun: str = "<Queue>triage</Queue>", attributes: str = 'action="/done"') -> Line:
    stage.page("/done", "<Say>next please</Say><Pause length='60'/>")
    return stage.call(f"<Dial {attributes}>{noun}</Dial>", AGENT)


def queue(stage: Stage) -> Any:
    return stage.twilio.queues.list()[0]


def test_the_wait_document_learns_position_and_times(stage: Stage) -> None:
    wait(stage)
    seen = stage.one("/wait")
    wanted = {
        "QueuePosition": "1",
        "QueueTime": "0",
        "CurrentQueueSize": "1",
        "MaxQueueSize": "1000",
        "CallStatus": "in-progress",
    }
    assert {name: seen[name] for name in wanted} == wanted
    assert seen["QueueSid"].startswith("QU")
    assert "AvgQueueTime" in seen.params


def test_the_wait_document_is_asked_again_whenever_it_runs_out(stage: Stage) -> None:
    wait(stage)
    stage.net.advance(25)
    assert [seen["QueueTime"] for seen in stage.at("/wait")] == ["0", "10", "20"]


def test_an_empty_wait_document_loops_without_stopping_time(stage: Stage) -> None:
    line = wait(stage, "")
    stage.net.advance(3)
    assert line.state == "in-progress"
    assert stage.elapsed() == 3


def test_without_wait_url_there_is_music_and_with_an_empty_one_silence(stage: Stage) -> None:
    music, silence = wait(stage, attributes=""), wait(stage, attributes='waitUrl=""', who="+13125550198")
    assert music.heard[-1].kind == "music"
    assert silence.heard[-1].kind == "silence"


def test_leave_goes_to_the_action_with_the_time_waited(stage: Stage) -> None:
    line = wait(stage, '<Pause length="7"/><Leave/>')
    stage.net.advance(7)
    seen = stage.one("/q")
    assert (seen["QueueResult"], seen["QueueTime"]) == ("leave", "7")
    assert heard(line) == ["out of the queue"]


def test_leave_without_action_goes_to_the_next_verb(stage: Stage) -> None:
    stage.page("/wait", "<Leave/>")
    line = stage.call('<Enqueue waitUrl="/wait">triage</Enqueue><Say>still here</Say>')
    assert heard(line) == ["still here"]


def test_only_the_wait_document_hears_keys(stage: Stage) -> None:
    stage.page("/key", "<Leave/>")
    line = wait(stage, '<Gather numDigits="1" action="/key"><Say>press one for a call back</Say></Gather>')
    line.press("1")
    stage.net.run_due()
    assert stage.one("/key")["Digits"] == "1"
    assert stage.one("/key")["QueuePosition"] == "1"
    assert stage.one("/q")["QueueResult"] == "leave"


def test_dial_in_a_wait_document_is_not_allowed(stage: Stage) -> None:
    wait(stage, f"<Dial>{AGENT}</Dial><Pause length='5'/>")
    assert stage.codes() == [12200]


def test_hangup_in_a_wait_document_ends_the_call(stage: Stage) -> None:
    line = wait(stage, "<Hangup/>")
    assert line.state == "completed"
    assert stage.one("/q")["QueueResult"] == "hangup"


def test_a_wait_document_that_cannot_be_had_ends_with_error(stage: Stage) -> None:
    stage.page("/q", "<Say>sorry</Say>")
    stage.page("/wait", Page(status=500))
    stage.call('<Enqueue action="/q" waitUrl="/wait">triage</Enqueue>')
    assert stage.one("/q")["QueueResult"] == "error"


def test_a_caller_who_hangs_up_while_waiting_still_sends_the_action(stage: Stage) -> None:
    line = wait(stage)
    stage.net.advance(4)
    line.hang_up()
    stage.net.run_due()
    seen = stage.one("/q")
    assert (seen["QueueResult"], seen["QueueTime"], seen["CallStatus"]) == ("hangup", "4", "completed")


def test_a_full_queue_is_reported_without_queue_sid(stage: Stage) -> None:
    stage.twilio.queues.create(friendly_name="triage", max_size=1)
    wait(stage)
    wait(stage, who="+13125550198")
    seen = stage.one("/q")
    assert seen["QueueResult"] == "queue-full"
    assert "QueueSid" not in seen.params
    assert stage.codes() == [14207]


def test_a_queue_name_over_64_characters_is_14205(stage: Stage) -> None:
    stage.page("/q", "<Hangup/>")
    stage.call(f'<Enqueue action="/q">{"x" * 65}</Enqueue>')
    assert stage.codes() == [14205]


def test_an_agent_gets_the_front_caller_and_the_action_waits_until_they_part(stage: Stage) -> None:
    line = wait(stage)
    stage.net.advance(5)
    far = agent(stage)
    assert line.connected_to == {AGENT}
    assert stage.at("/q") == []
    stage.net.advance(20)
    far.hang_up()
    stage.net.run_due()
    seen = stage.one("/q")
    assert (seen["QueueResult"], seen["QueueTime"]) == ("bridged", "5")
    assert stage.one("/done")["DialCallStatus"] == "completed"


def test_when_the_caller_hangs_up_the_agent_goes_on(stage: Stage) -> None:
    line = wait(stage)
    far = agent(stage)
    stage.net.advance(10)
    line.hang_up()
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "bridged"
    assert heard(far) == ["next please"]


def test_the_whisper_runs_on_the_caller_and_names_the_agent(stage: Stage) -> None:
    stage.page("/about", "<Say>you will be recorded</Say>")
    line = wait(stage)
    stage.net.advance(3)
    far = agent(stage, '<Queue url="/about">triage</Queue>')
    seen = stage.one("/about")
    assert (seen["CallSid"], seen["DequeingCallSid"], seen["QueueTime"]) == (line.call_sid, far.call_sid, "3")
    assert line.connected_to == set()
    stage.net.advance(3)
    assert line.connected_to == {AGENT}


def test_gather_in_a_whisper_is_14211(stage: Stage) -> None:
    stage.page("/about", "<Gather/>")
    wait(stage)
    agent(stage, '<Queue url="/about">triage</Queue>')
    assert stage.codes() == [14211]


def test_an_empty_queue_lets_the_agent_wait_for_the_next_caller(stage: Stage) -> None:
    wait(stage).hang_up()
    agent(stage)
    stage.net.advance(20)
    line = wait(stage, who="+13125550198")
    assert line.connected_to == {AGENT}


def test_an_agent_in_an_empty_queue_gives_up_after_timeout_plus_five(stage: Stage) -> None:
    wait(stage).hang_up()
    agent(stage, attributes='action="/done" timeout="10"')
    stage.net.advance(14.9)
    assert stage.at("/done") == []
    stage.net.advance(0.1)
    assert stage.one("/done")["DialCallStatus"] == "no-answer"


def test_a_caller_who_leaves_during_the_whisper_leaves_the_agent_waiting(stage: Stage) -> None:
    stage.page("/about", "<Pause length='10'/>")
    line = wait(stage)
    far = agent(stage, '<Queue url="/about">triage</Queue>')
    stage.net.advance(2)
    line.hang_up()
    stage.net.advance(2)
    assert far.state == "in-progress"
    assert stage.at("/done") == []
    other = wait(stage, who="+13125550198")
    stage.net.advance(11)
    assert other.connected_to == {AGENT}


def test_a_queue_that_does_not_exist_fails_the_dial(stage: Stage) -> None:
    agent(stage)
    assert stage.one("/done")["DialCallStatus"] == "failed"


@pytest.mark.parametrize(("first", "paths"), [(True, ["/q", "/x"]), (False, ["/x", "/q"])])
def test_dequeuing_by_rest_tells_the_action_and_plays_the_new_document(first: bool, paths: list[str]) -> None:
    stage = Stage(Options(dequeue_action_first=first))
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    line = wait(stage)
    stage.net.advance(6)
    member = stage.twilio.queues(queue(stage).sid).members(line.call_sid)
    assert member.fetch().position == 1
    member.update(url=f"{BASE}/x")
    stage.net.advance(2)
    assert stage.one("/q")["QueueResult"] == "redirected"
    assert [path for path in stage.paths() if path in paths] == paths
    assert heard(line)[-1] == "come in"


def test_front_stands_for_the_first_member(stage: Stage) -> None:
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    first, second = wait(stage), wait(stage, who="+13125550198")
    stage.twilio.queues(queue(stage).sid).members("Front").update(url=f"{BASE}/x")
    stage.net.run_due()
    assert "come in" in heard(first)
    assert [one.call_sid for one in stage.twilio.queues(queue(stage).sid).members.list()] == [second.call_sid]


def test_a_redirect_by_rest_while_waiting_is_redirected(stage: Stage) -> None:
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    line = wait(stage)
    stage.net.advance(3)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/x")
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "redirected"
    assert heard(line)[-1] == "come in"


def test_a_redirect_by_rest_while_bridged_is_redirected_from_bridged(stage: Stage) -> None:
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    line = wait(stage)
    far = agent(stage)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/x")
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "redirected-from-bridged"
    assert far.connected_to == set()
    assert stage.at("/done")


def test_a_member_who_is_gone_is_404(stage: Stage) -> None:
    line = wait(stage)
    sid = queue(stage).sid
    line.hang_up()
    stage.net.run_due()
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.queues(sid).members(line.call_sid).update(url=f"{BASE}/x")
    assert (problem.value.status, problem.value.code) == (404, 20404)


def test_members_are_listed_in_order_with_their_waiting_time(stage: Stage) -> None:
    wait(stage)
    stage.net.advance(5)
    wait(stage, who="+13125550198")
    members = stage.twilio.queues(queue(stage).sid).members.list()
    assert [(one.position, one.wait_time) for one in members] == [(1, 5), (2, 0)]
    assert queue(stage).current_size == 2


def test_a_queue_name_is_taken_only_once(stage: Stage) -> None:
    stage.twilio.queues.create(friendly_name="triage")
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.queues.create(friendly_name="triage")
    assert problem.value.code == 22003
