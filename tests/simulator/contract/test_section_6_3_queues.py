"""Section 6.3, queues and their members over REST. Each test quotes the rule it pins."""

import pytest

from tests.simulator.contract.rooms import refused
from tests.simulator.stage import BASE, START, Stage, as_json, heard

ANA, BEN = "+13125550191", "+13125550192"
WAIT = '<Enqueue waitUrl="" action="/q">triage</Enqueue>'


def test_a_queue_is_created_with_its_name_and_size(stage: Stage) -> None:
    """6.3: "POST Queues.json FriendlyName (<=64), MaxSize (1000 default, 5000 max) -> {sid, friendly_name, ...}"."""
    made = stage.twilio.queues.create(friendly_name="triage")
    assert (made.friendly_name, made.current_size, made.max_size, made.average_wait_time) == ("triage", 0, 1000, 0)
    assert made.sid.startswith("QU")
    assert stage.twilio.queues.create(friendly_name="large", max_size=5000).max_size == 5000


@pytest.mark.parametrize(("name", "size"), [("", 10), ("x" * 65, 10), ("fine", 0), ("fine", 5001)])
def test_a_bad_name_or_size_is_refused(stage: Stage, name: str, size: int) -> None:
    """6.3: "FriendlyName (<=64), MaxSize (... 5000 max)"."""
    assert refused(lambda: stage.twilio.queues.create(friendly_name=name, max_size=size)) == (400, 20001)


def test_a_name_is_taken_only_once_even_by_renaming(stage: Stage) -> None:
    """6.3: "Duplicate FriendlyName -> error 22003 family (unconfirmed)"."""
    stage.twilio.queues.create(friendly_name="triage")
    other = stage.twilio.queues.create(friendly_name="billing")
    assert refused(lambda: stage.twilio.queues.create(friendly_name="triage")) == (400, 22003)
    assert refused(lambda: other.update(friendly_name="triage")) == (400, 22003)
    assert other.update(friendly_name="accounts", max_size=3).max_size == 3
    assert stage.twilio.queues.create(friendly_name="billing").sid != other.sid


def test_a_renamed_queue_is_the_one_enqueue_finds(stage: Stage) -> None:
    """3.7: the body of Enqueue is the queue's name."""
    queue = stage.twilio.queues.create(friendly_name="old")
    queue.update(friendly_name="triage")
    stage.call(WAIT)
    assert stage.twilio.queues(queue.sid).fetch().current_size == 1


def test_members_are_listed_in_order_with_their_wait(stage: Stage) -> None:
    """6.3: "queue_members:[{call_sid, date_enqueued, position, wait_time, queue_sid, uri}]"."""
    ana = stage.call(WAIT, ANA)
    stage.net.advance(30)
    ben = stage.call(WAIT, BEN)
    queue = stage.twilio.queues.list()[0]
    first, second = stage.twilio.queues(queue.sid).members.list()
    assert [(one.call_sid, one.position, one.wait_time) for one in (first, second)] == [
        (ana.call_sid, 1, 30), (ben.call_sid, 2, 0),
    ]  # fmt: skip
    assert (first.date_enqueued, first.queue_sid) == (START, queue.sid)
    assert stage.twilio.queues(queue.sid).fetch().current_size == 2


def test_front_stands_for_the_first_member(stage: Stage) -> None:
    """6.3: "the literal Front may stand for the CallSid"."""
    ana, _ = stage.call(WAIT, ANA), stage.call(WAIT, BEN)
    queue = stage.twilio.queues.list()[0]
    assert stage.twilio.queues(queue.sid).members("Front").fetch().call_sid == ana.call_sid


@pytest.mark.parametrize("key", ["Front", "sid"])
def test_a_member_is_taken_out_into_a_new_document(stage: Stage, key: str) -> None:
    """6.3: "POST needs Url (+Method)"; 3.8: "dequeues that caller into new TwiML (no agent needed)"."""
    stage.page("/next", "<Say>somebody is free</Say><Pause length='9'/>")
    ana = stage.call(WAIT, ANA)
    queue = stage.twilio.queues.list()[0]
    member = stage.twilio.queues(queue.sid).members(ana.call_sid if key == "sid" else key)
    assert member.update(url=f"{BASE}/next", method="GET").call_sid == ana.call_sid
    stage.net.run_due()
    assert heard(ana) == ["somebody is free"]
    assert stage.one("/next").method == "GET"
    assert stage.one("/q")["QueueResult"] == "redirected"


def test_taking_somebody_out_needs_a_url(stage: Stage) -> None:
    """6.3: "POST needs Url"."""
    stage.call(WAIT, ANA)
    queue = stage.twilio.queues.list()[0]
    reply = stage.rest("POST", f"/Queues/{queue.sid}/Members/Front.json")
    assert (reply.status_code, as_json(reply)["code"]) == (400, 21205)


def test_a_member_who_is_gone_is_404(stage: Stage) -> None:
    """6.3: "Member gone -> 404 / 20404"."""
    ana = stage.call(WAIT, ANA)
    queue = stage.twilio.queues.list()[0]
    members = stage.twilio.queues(queue.sid).members
    ana.hang_up()
    stage.net.run_due()
    for key in (ana.call_sid, "Front"):
        assert refused(lambda key=key: members(key).fetch()) == (404, 20404)
        assert refused(lambda key=key: members(key).update(url=f"{BASE}/next")) == (404, 20404)


def test_an_empty_queue_can_be_deleted_and_a_full_one_not(stage: Stage) -> None:
    """OAI: DELETE Queues/{QU}.json."""
    ana = stage.call(WAIT, ANA)
    queue = stage.twilio.queues.list()[0]
    assert refused(queue.delete) == (400, 20001)
    ana.hang_up()
    stage.net.run_due()
    assert queue.delete()
    assert refused(lambda: stage.twilio.queues(queue.sid).fetch()) == (404, 20404)
