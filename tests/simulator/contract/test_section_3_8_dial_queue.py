"""Section 3.8, Dial Queue. Each test quotes the rule it pins."""

import pytest

from phonesim import Options
from tests.simulator.contract.scenes import AGENT, agent, wait
from tests.simulator.stage import Stage, heard


def test_an_agent_gets_the_front_caller_and_the_action_waits_until_they_part(stage: Stage) -> None:
    """3.7: "on <Dial><Queue> only after the bridged parties disconnect"."""
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
    """3.8: the agent's Dial goes on at its action; 3.7: QueueResult bridged."""
    line = wait(stage)
    far = agent(stage)
    stage.net.advance(10)
    line.hang_up()
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "bridged"
    assert heard(far) == ["next please"]


def test_the_whisper_runs_on_the_caller_and_names_the_agent(stage: Stage) -> None:
    """3.8: "url runs on the queued caller before bridging; ... CallSid (dequeued caller), DequeingCallSid"."""
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
    """3.8: "allowed Play, Say, Pause, Redirect"."""
    stage.page("/about", "<Gather/>")
    wait(stage)
    agent(stage, '<Queue url="/about">triage</Queue>')
    assert stage.codes() == [14211]


def test_an_empty_queue_lets_the_agent_wait_for_the_next_caller(stage: Stage) -> None:
    """3.8: "Empty queue: waits until someone joins or Dial timeout"."""
    wait(stage).hang_up()
    agent(stage)
    stage.net.advance(20)
    line = wait(stage, who="+13125550198")
    assert line.connected_to == {AGENT}


def test_an_agent_in_an_empty_queue_gives_up_after_timeout_plus_five(stage: Stage) -> None:
    """3.8: "waits until someone joins or Dial timeout"."""
    wait(stage).hang_up()
    agent(stage, attributes='action="/done" timeout="10"')
    stage.net.advance(14.9)
    assert stage.at("/done") == []
    stage.net.advance(0.1)
    assert stage.one("/done")["DialCallStatus"] == "no-answer"


def test_a_caller_who_leaves_during_the_whisper_leaves_the_agent_waiting(stage: Stage) -> None:
    """10.6: "agent then waits in the empty queue until Dial timeout, or is bridged with the next caller"."""
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
    """3.8: "Missing queue: error status to the action"."""
    agent(stage)
    assert stage.one("/done")["DialCallStatus"] == "failed"


@pytest.mark.parametrize("fails", [True, False])
def test_a_missing_queue_fails_or_is_waited_for(fails: bool) -> None:
    """13.3: "behaviour when the queue does not exist" is unconfirmed."""
    stage = Stage(Options(missing_queue_fails=fails))
    agent(stage)
    assert len(stage.at("/done")) == fails
    if not fails:
        assert wait(stage).connected_to == {AGENT}


@pytest.mark.parametrize("present", [True, False])
def test_whether_the_agents_action_learns_of_the_caller_is_a_switch(present: bool) -> None:
    """3.8: "QueueSid, DequeueResult, DequeuedCallSid, ... (exact current set and DequeueResult values unconfirmed)"."""
    stage = Stage(Options(dequeue_parameters=present))
    line = wait(stage)
    stage.net.advance(5)
    far = agent(stage)
    stage.net.advance(10)
    far.press("1")
    line.hang_up()
    stage.net.run_due()
    names = ("DequeuedCallSid", "DequeuedCallQueueTime", "DequeuedCallDuration", "DequeueResult")
    known = [line.call_sid, "5", "10", "bridged"] if present else [None] * 4
    assert [stage.one("/done").params.get(name) for name in names] == known


def test_the_longest_waiting_is_served_first(stage: Stage) -> None:
    """3.8: "Connects the dialling (agent) call with the front caller"."""
    first, second = wait(stage), wait(stage, who="+13125550198")
    agent(stage)
    assert (first.connected_to, second.connected_to) == ({AGENT}, set())


def test_a_whisper_may_lead_on_by_redirect(stage: Stage) -> None:
    """3.8: "allowed Play, Say, Pause, Redirect"."""
    stage.page("/about", "<Redirect>/more</Redirect>")
    stage.page("/more", "<Say>hello</Say>")
    line = wait(stage)
    agent(stage, '<Queue url="/about">triage</Queue>')
    stage.net.advance(2)
    assert (stage.one("/more")["CallSid"], line.connected_to) == (line.call_sid, {AGENT})


def test_star_ends_the_talk_and_the_caller_goes_on(stage: Stage) -> None:
    """3.5: "hangupOnStar"; 3.7: the caller's action follows "after the bridged parties disconnect"."""
    line = wait(stage)
    far = agent(stage, attributes='action="/done" hangupOnStar="true"')
    far.press("*")
    stage.net.run_due()
    assert (stage.one("/done")["DialCallStatus"], stage.one("/q")["QueueResult"]) == ("completed", "bridged")
    assert heard(line)[-1] == "out of the queue"
