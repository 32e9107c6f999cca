"""11.1 C: a queue."""

import pytest

from phonesim import Options
from tests.simulator.contract.scenes import AGENT, CALLER, agent, queue, wait
from tests.simulator.stage import BASE, Stage


def test_a_queue_from_waiting_to_the_end_of_the_talk(stage: Stage) -> None:
    """C.1-3: /wait again and again; /about with QueueSid, CallSid, QueueTime, DequeingCallSid; QueueResult=bridged."""
    stage.page("/about", "<Say>connecting</Say>")
    line = wait(stage)
    first = stage.one("/wait")
    assert (first["QueuePosition"], first["QueueTime"]) == ("1", "0")
    stage.net.advance(15)
    far = agent(stage, '<Queue url="/about">triage</Queue>')
    stage.net.advance(10)
    about = stage.one("/about")
    assert (about["QueueSid"], about["CallSid"], about["QueueTime"], about["DequeingCallSid"]) == (
        first["QueueSid"], line.call_sid, "15", far.call_sid,
    )  # fmt: skip
    assert line.connected_to == {AGENT}
    far.hang_up()
    stage.net.run_due()
    order = [path for path in stage.paths() if path in {"/wait", "/about", "/q", "/done"}]
    assert order[:3] == ["/wait", "/wait", "/about"]
    assert sorted(order[3:]) == ["/done", "/q"]
    assert (stage.one("/q")["QueueResult"], stage.one("/q")["QueueTime"]) == ("bridged", "15")


def test_a_caller_who_hangs_up_while_waiting_leaves_the_next_agent_alone(stage: Stage) -> None:
    """C.4: QueueResult=hangup (reply ignored); an agent dialling the queue waits until its Dial timeout."""
    line = wait(stage)
    stage.net.advance(4)
    line.hang_up()
    stage.net.run_due()
    assert stage.one("/q")["QueueResult"] == "hangup"
    agent(stage, attributes='action="/done" timeout="10"')
    stage.net.advance(14)
    assert stage.at("/done") == []
    stage.net.advance(1)
    assert stage.one("/done")["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize(("first", "order"), [(True, ["/q", "/x"]), (False, ["/x", "/q"])])
def test_dequeued_by_rest_both_the_action_and_the_new_document_are_asked(first: bool, order: list[str]) -> None:
    """C.5: /q QueueResult=redirected at once, and /x; order of the two unconfirmed."""
    stage = Stage(Options(dequeue_action_first=first))
    line = wait(stage)
    stage.page("/x", "<Pause length='60'/>")
    stage.twilio.queues(queue(stage).sid).members(line.call_sid).update(url=f"{BASE}/x")
    stage.net.advance(1)
    assert [path for path in stage.paths() if path in order] == order
    assert stage.one("/q")["QueueResult"] == "redirected"


def test_at_max_size_the_action_learns_queue_full(stage: Stage) -> None:
    """C.6: QueueResult=queue-full, no QueueSid/QueueTime."""
    stage.twilio.queues.create(friendly_name="triage", max_size=1)
    wait(stage)
    wait(stage, who="+13125550198")
    seen = stage.one("/q")
    assert (seen["QueueResult"], {"QueueSid", "QueueTime"} & seen.params.keys()) == ("queue-full", set())
    assert seen["From"] != CALLER
