"""Section 3.7, Enqueue and Leave. Each test quotes the rule it pins."""

import pytest

from phonesim import Options
from tests.simulator.contract.scenes import AGENT, agent, queue, wait
from tests.simulator.stage import BASE, Page, Stage, heard


def test_the_wait_document_learns_position_and_times(stage: Stage) -> None:
    """3.7: "QueueSid, QueuePosition (1-based), QueueTime s, AvgQueueTime s, ..."; "Default capacity 1000"."""
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
    """3.7: "When it runs out, waitUrl is requested again"."""
    wait(stage)
    stage.net.advance(25)
    assert [seen["QueueTime"] for seen in stage.at("/wait")] == ["0", "10", "20"]


def test_an_empty_wait_document_loops_without_stopping_time(stage: Stage) -> None:
    """3.7: "endless loop"."""
    line = wait(stage, "")
    stage.net.advance(3)
    assert line.state == "in-progress"
    assert stage.elapsed() == 3


def test_without_wait_url_there_is_music_and_with_an_empty_one_silence(stage: Stage) -> None:
    """3.7: "waitUrl (default music; empty string = silence)"."""
    music, silence = wait(stage, attributes=""), wait(stage, attributes='waitUrl=""', who="+13125550198")
    assert music.heard[-1].kind == "music"
    assert silence.heard[-1].kind == "silence"


def test_leave_goes_to_the_action_with_the_time_waited(stage: Stage) -> None:
    """3.7: "Leave: leaves the queue, keeps the call; continues at action"."""
    line = wait(stage, '<Pause length="7"/><Leave/>')
    stage.net.advance(7)
    seen = stage.one("/q")
    assert (seen["QueueResult"], seen["QueueTime"]) == ("leave", "7")
    assert heard(line) == ["out of the queue"]


def test_leave_without_action_goes_to_the_next_verb(stage: Stage) -> None:
    """3.7: "No action: next verb runs"."""
    stage.page("/wait", "<Leave/>")
    line = stage.call('<Enqueue waitUrl="/wait">triage</Enqueue><Say>still here</Say>')
    assert heard(line) == ["still here"]


def test_only_the_wait_document_hears_keys(stage: Stage) -> None:
    """3.7: "Verbs allowed in wait TwiML: Play, Say, Pause, Hangup, Redirect, Leave, Gather"."""
    stage.page("/key", "<Leave/>")
    line = wait(stage, '<Gather numDigits="1" action="/key"><Say>press one for a call back</Say></Gather>')
    line.press("1")
    stage.net.run_due()
    assert stage.one("/key")["Digits"] == "1"
    assert stage.one("/key")["QueuePosition"] == "1"
    assert stage.one("/q")["QueueResult"] == "leave"


def test_dial_in_a_wait_document_is_not_allowed(stage: Stage) -> None:
    """3.7: "Verbs allowed in wait TwiML: Play, Say, Pause, Hangup, Redirect, Leave, Gather"."""
    wait(stage, f"<Dial>{AGENT}</Dial><Pause length='5'/>")
    assert stage.codes() == [12200]


def test_hangup_in_a_wait_document_ends_the_call(stage: Stage) -> None:
    """3.7: Hangup is allowed in wait TwiML; QueueResult hangup."""
    line = wait(stage, "<Hangup/>")
    assert line.state == "completed"
    assert stage.one("/q")["QueueResult"] == "hangup"


def test_a_wait_document_that_cannot_be_had_ends_with_error(stage: Stage) -> None:
    """3.7: QueueResult error; 10.7: "a waitUrl error ends with QueueResult=error"."""
    stage.page("/q", "<Say>sorry</Say>")
    stage.page("/wait", Page(status=500))
    stage.call('<Enqueue action="/q" waitUrl="/wait">triage</Enqueue>')
    assert stage.one("/q")["QueueResult"] == "error"


def test_a_caller_who_hangs_up_while_waiting_still_sends_the_action(stage: Stage) -> None:
    """3.7: action request "on hang-up"."""
    line = wait(stage)
    stage.net.advance(4)
    line.hang_up()
    stage.net.run_due()
    seen = stage.one("/q")
    assert (seen["QueueResult"], seen["QueueTime"], seen["CallStatus"]) == ("hangup", "4", "completed")


def test_a_full_queue_is_reported_without_queue_sid(stage: Stage) -> None:
    """3.7: "QueueSid, QueueTime (last two only if really enqueued)"; queue-full."""
    stage.twilio.queues.create(friendly_name="triage", max_size=1)
    wait(stage)
    wait(stage, who="+13125550198")
    seen = stage.one("/q")
    assert seen["QueueResult"] == "queue-full"
    assert "QueueSid" not in seen.params
    assert stage.codes() == [14207]


def test_a_queue_name_over_64_characters_is_14205(stage: Stage) -> None:
    """3.7: "Body = queue name <=64 chars"."""
    stage.page("/q", "<Hangup/>")
    stage.call(f'<Enqueue action="/q">{"x" * 65}</Enqueue>')
    assert stage.codes() == [14205]


@pytest.mark.parametrize(("first", "paths"), [(True, ["/q", "/x"]), (False, ["/x", "/q"])])
def test_dequeuing_by_rest_tells_the_action_and_plays_the_new_document(first: bool, paths: list[str]) -> None:
    """3.8: "dequeues that caller into new TwiML (no agent needed)"; 11.1 C.5: "order of the two unconfirmed"."""
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


def test_a_redirect_by_rest_while_waiting_is_redirected(stage: Stage) -> None:
    """3.7: QueueResult redirected."""
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    line = wait(stage)
    stage.net.advance(3)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/x")
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "redirected"
    assert heard(line)[-1] == "come in"


def test_a_redirect_by_rest_while_bridged_is_redirected_from_bridged(stage: Stage) -> None:
    """3.7: QueueResult redirected-from-bridged."""
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    line = wait(stage)
    far = agent(stage)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/x")
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "redirected-from-bridged"
    assert far.connected_to == set()
    assert stage.at("/done")


def test_the_average_is_of_those_who_wait_now(stage: Stage) -> None:
    """3.7: "AvgQueueTime s"; Queue: average_wait_time is of the members at the time of the request."""
    wait(stage)
    stage.net.advance(8)
    wait(stage, who="+13125550198")
    assert stage.at("/wait")[-1]["AvgQueueTime"] == "4"
    assert queue(stage).average_wait_time == 4


def test_positions_move_up_when_somebody_leaves(stage: Stage) -> None:
    """3.7: "QueuePosition (1-based)", "CurrentQueueSize"."""
    first = wait(stage)
    wait(stage, who="+13125550198")
    assert (stage.at("/wait")[-1]["QueuePosition"], stage.at("/wait")[-1]["CurrentQueueSize"]) == ("2", "2")
    first.hang_up()
    stage.net.advance(15)
    assert (stage.at("/wait")[-1]["QueuePosition"], stage.at("/wait")[-1]["CurrentQueueSize"]) == ("1", "1")


@pytest.mark.parametrize(
    ("attribute", "method"), [('waitUrl="/wait"', "POST"), ('waitUrl="/wait" waitUrlMethod="GET"', "GET")]
)
def test_the_wait_document_is_asked_by_its_method(stage: Stage, attribute: str, method: str) -> None:
    """3.7: "waitUrlMethod (POST if waitUrl given, GET for the default)"."""
    wait(stage, attributes=attribute)
    assert stage.one("/wait").method == method


def test_a_wait_document_may_be_sound_which_is_played_again(stage: Stage) -> None:
    """3.7: "May return TwiML, MP3 or WAV"; "When it runs out, waitUrl is requested again"."""
    stage.page("/wait", Page(b"", content_type="audio/mpeg"))
    line = stage.call('<Enqueue waitUrl="/wait">triage</Enqueue>')
    stage.net.advance(10)
    assert (line.state, len(heard(line, "play")) > 2) == ("in-progress", True)


def test_a_redirect_in_a_wait_document_leads_back_to_the_wait_url(stage: Stage) -> None:
    """3.7: "endless loop, also after Redirect chains end"."""
    stage.page("/more", "<Pause length='5'/>")
    wait(stage, "<Redirect>/more</Redirect>")
    stage.net.advance(9)
    assert [path for path in stage.paths() if path in {"/wait", "/more"}] == ["/wait", "/more", "/wait", "/more"]
    assert stage.at("/more")[-1]["QueuePosition"] == "1"


@pytest.mark.parametrize("result", ["system-error", "hangup"])
def test_a_caller_who_leaves_before_being_fully_enqueued_is_a_system_error(result: str) -> None:
    """3.7: "system-error (e.g. hung up before fully enqueued)"; here: before the first wait document is there."""
    stage = Stage(Options(early_hangup_result=result, webhook_latency=1))
    line = wait(stage)
    stage.net.advance(1.5)
    line.hang_up()
    stage.net.advance(3)
    seen = stage.one("/q")
    assert (seen["QueueResult"], "QueueTime" in seen.params) == (result, False)


def test_an_agent_who_hangs_up_during_the_whisper_ends_with_bridging_in_process(stage: Stage) -> None:
    """3.7: QueueResult "bridging-in-process"."""
    stage.page("/about", "<Say>you will be connected in a moment</Say>")
    wait(stage)
    agent(stage, '<Queue url="/about">triage</Queue>').hang_up()
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "bridging-in-process"


def test_the_most_who_may_wait_can_be_set_by_the_verb(stage: Stage) -> None:
    """3.7: "maxQueueSize (SDK builder only)"."""
    wait(stage, attributes='waitUrl="/wait" maxQueueSize="1"')
    assert stage.one("/wait")["MaxQueueSize"] == "1"
