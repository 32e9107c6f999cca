from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from callflows.vocabulary import Joined, Wait
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.event_tables import event
from ivr.calls.tables import call, call_log, leg
from ivr.core.unit_of_work import transaction
from ivr.queue.tables import waiting
from tests.calls.office import Office, Party

TO_THE_MENU = "1"


def waiting_caller(office: Office) -> Party:
    """A new patient who waits for somebody to make an appointment with."""
    caller = office.dialled()
    caller.plays("122")
    assert caller.leg.pending_kind == "Wait"
    return caller


def test_the_same_arrival_twice_is_one_call_and_one_document(any_office: Office) -> None:
    caller = any_office.dialled()
    again = caller.send("/voice/incoming")
    assert again == caller.heard
    assert len(any_office.rows(call)) == len(any_office.rows(leg)) == 1


@pytest.mark.parametrize("keys", ["1", "12", "122", "11", "9"])
def test_the_same_answer_twice_is_one_log_row_and_the_same_bytes(office: Office, keys: str) -> None:
    caller = office.dialled()
    caller.presses(TO_THE_MENU)
    for key in keys:
        url = caller.heard.url("action")
        first, known = caller.asks(url, Digits=key), len(caller.log)
        before = office.contents()
        assert caller.send(url, Digits=key) == first
        assert len(caller.log) == known
        assert office.contents() == before


def test_a_different_answer_to_an_answered_question_changes_nothing(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.presses(TO_THE_MENU)
    url = caller.heard.url("action")
    caller.asks(url, Digits="2")
    before = any_office.contents()
    assert caller.send(url, Digits="1") == caller.heard
    assert any_office.contents() == before


def test_every_older_step_gets_the_document_of_now(office: Office) -> None:
    caller = office.dialled()
    caller.plays("122")
    row, before = caller.leg, office.contents()
    for kind in ("answer", "recorded", "document", "queue", "dial"):
        for step in range(row.step):
            fields = {"QueueResult": "redirected", "DialCallStatus": "completed", "DialBridged": "true"}
            assert caller.send(f"/voice/leg/{row.id}/{step}/{kind}", Digits="1", **fields) == caller.heard
    assert office.contents() == before


def test_a_wait_document_of_an_older_step_only_leaves(office: Office) -> None:
    caller = waiting_caller(office)
    row = caller.leg
    now = caller.send(f"/voice/leg/{row.id}/{row.step}/wait")
    old = [
        caller.send(f"/voice/leg/{row.id}/{step}/{kind}") for step in range(row.step) for kind in ("wait", "wait-key")
    ]
    assert now.verbs == ["Gather"]
    assert [reply.verbs for reply in old] == [["Leave"]] * len(old)


def test_a_wait_document_after_somebody_came_only_leaves(office: Office) -> None:
    caller = waiting_caller(office)
    wait = caller.heard.url("waitUrl")
    with transaction(office.services) as work:
        assert answer_and_redirect(work, caller.leg.id, Joined("thandi", "agent"), Wait)
    assert caller.send(wait).verbs == ["Leave"]
    assert caller.send(wait.replace("/wait", "/wait-key"), Digits="1").verbs == ["Leave"]


@pytest.mark.parametrize(
    "result", ["redirected", "leave", "bridged", "redirected-from-bridged", "bridging-in-process", "surprise"]
)
def test_leaving_the_queue_by_our_own_doing_never_advances(office: Office, result: str) -> None:
    caller = waiting_caller(office)
    before = office.contents()
    assert caller.send(caller.heard.url("action"), QueueResult=result) == caller.heard
    assert office.contents() == before


def test_leaving_the_queue_without_a_result_never_advances_and_supervisors_hear_of_it(office: Office) -> None:
    """Twilio signed it, and never sends a result without a name: something between us reads or writes it otherwise."""
    caller = waiting_caller(office)
    before = office.contents()
    assert caller.send(caller.heard.url("action"), QueueResult="") == caller.heard
    assert office.contents() | {"event": before["event"]} == before
    assert office.alerts() == ["webhook-read-in-part"]


def test_the_end_of_an_older_dial_never_advances(office: Office) -> None:
    caller = waiting_caller(office)
    row = caller.leg
    with transaction(office.services) as work:
        answer_and_redirect(work, row.id, Joined("thandi", "agent"), Wait)
    before, queue = office.contents(), caller.heard.url("action")
    for step in range(row.step + 1):
        for kind in ("dial", "queue"):
            fields = {"QueueResult": "hangup", "DialCallStatus": "completed"}
            assert caller.send(f"/voice/leg/{row.id}/{step}/{kind}", **fields).verbs[-1] == "Dial"
    assert caller.send(queue, QueueResult="hangup").verbs[-1] == "Dial"
    assert office.contents() == before


@pytest.mark.parametrize("kind", ["queue", "dial"])
def test_an_action_that_says_the_caller_is_gone_frees_everybody_at_once(office: Office, kind: str) -> None:
    caller = waiting_caller(office)
    row = caller.leg
    fields = {"QueueResult": "hangup", "DialCallStatus": "answered", "CallStatus": "completed"}
    for _ in range(2):
        caller.send(f"/voice/leg/{row.id}/{row.step}/{kind}", **fields)
    assert (caller.leg.state, caller.leg.outcome) == ("ended", "hung-up")
    assert office.one(waiting).state == "abandoned"
    assert len(office.rows(event, event.c.kind == "caller-left")) == 1


def test_the_queue_breaking_under_a_caller_does_advance(office: Office) -> None:
    caller = waiting_caller(office)
    step = caller.leg.step
    caller.asks(caller.heard.url("action"), QueueResult="system-error")
    assert caller.leg.step > step
    assert "the line to our team has failed" in caller.heard.words


def test_a_step_of_a_leg_is_written_once(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.presses(TO_THE_MENU)
    written = caller.log[0]
    row = {"leg_id": written.leg_id, "step": written.step, "key": "x", "answer_sealed": b"", "at": any_office.world.now}
    with pytest.raises(IntegrityError), transaction(any_office.services) as work:
        work.connection.execute(insert(call_log).values(row))
    assert caller.log[0] == written


def test_news_of_one_arrival_is_written_once(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.send("/voice/incoming")
    assert [row.kind for row in any_office.rows(event)] == ["call-arrived"]
