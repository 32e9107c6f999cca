"""Queues and members over REST (Twilio: Queue, Member)."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.contract.scenes import queue, wait
from tests.simulator.stage import BASE, Stage, heard


def test_front_stands_for_the_first_member(stage: Stage) -> None:
    """6.3: "the literal Front may stand for the CallSid"."""
    stage.page("/x", "<Say>come in</Say><Pause length='60'/>")
    first, second = wait(stage), wait(stage, who="+13125550198")
    stage.twilio.queues(queue(stage).sid).members("Front").update(url=f"{BASE}/x")
    stage.net.run_due()
    assert "come in" in heard(first)
    assert [one.call_sid for one in stage.twilio.queues(queue(stage).sid).members.list()] == [second.call_sid]


def test_a_member_who_is_gone_is_404(stage: Stage) -> None:
    """6.3: "Member gone -> 404 / 20404"."""
    line = wait(stage)
    sid = queue(stage).sid
    line.hang_up()
    stage.net.run_due()
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.queues(sid).members(line.call_sid).update(url=f"{BASE}/x")
    assert (problem.value.status, problem.value.code) == (404, 20404)


def test_members_are_listed_in_order_with_their_waiting_time(stage: Stage) -> None:
    """6.3: "queue_members: call_sid, date_enqueued, position, wait_time"."""
    wait(stage)
    stage.net.advance(5)
    wait(stage, who="+13125550198")
    members = stage.twilio.queues(queue(stage).sid).members.list()
    assert [(one.position, one.wait_time) for one in members] == [(1, 5), (2, 0)]
    assert queue(stage).current_size == 2


def test_a_queue_name_is_taken_only_once(stage: Stage) -> None:
    """6.3: "Duplicate FriendlyName -> error 22003 family (unconfirmed)"."""
    stage.twilio.queues.create(friendly_name="triage")
    with pytest.raises(TwilioRestException) as problem:
        stage.twilio.queues.create(friendly_name="triage")
    assert problem.value.code == 22003
