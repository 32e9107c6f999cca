from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from callflows.engine.fingerprint import fingerprint
from callflows.registry import CURRENT, PublishedFlow
from ivr.calls.event_tables import event
from ivr.calls.legs import fingerprint_of
from ivr.calls.tables import call, call_log, leg
from ivr.jobs.tables import outbox
from ivr.queue.tables import waiting
from rehearsals.world import ACCOUNT
from tests.calls.office import CALLER, MAPLE, Office, Party
from tests.races.threads import at_once

TURNS = 6


def test_an_answer_posted_twice_at_once_is_one_log_row_and_one_document(any_office: Office) -> None:
    for _ in range(TURNS):
        caller = any_office.dialled()
        caller.presses("1")
        url = caller.heard.url("action")
        replies = at_once(*[partial(caller.send, url, Digits="2")] * 3)
        assert len({reply.text for reply in replies}) == 1
        assert caller.leg.pending_key == "identity/seen/0"
        assert [row.key for row in caller.log].count("reason/0") == 1
        assert [row.step for row in caller.log] == list(range(len(caller.log)))


def test_two_answers_to_one_question_at_once_are_one_answer(any_office: Office) -> None:
    for _ in range(TURNS):
        caller = any_office.dialled()
        caller.presses("1")
        url = caller.heard.url("action")
        replies = at_once(partial(caller.send, url, Digits="1"), partial(caller.send, url, Digits="2"))
        assert len({reply.text for reply in replies}) == 1
        assert caller.leg.pending_key in ("symptom/words/0", "identity/seen/0")


def test_an_arrival_posted_twice_at_once_is_one_call(any_office: Office) -> None:
    for number in range(TURNS):
        party = Party(any_office, f"CA{number:032d}", CALLER, MAPLE)
        replies = at_once(*[partial(party.send, "/voice/incoming")] * 3)
        assert {reply.text for reply in replies} == {party.asks("/voice/incoming").text}
        assert "Gather" in replies[0].verbs
    assert len(any_office.rows(call)) == len(any_office.rows(leg)) == TURNS
    assert len(any_office.rows(event, event.c.kind == "call-arrived")) == TURNS


def test_a_caller_who_enters_the_queue_twice_at_once_has_one_place(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.plays("12")
    url = caller.heard.url("action")
    at_once(*[partial(caller.send, url, Digits="2")] * 3)
    assert len(any_office.rows(waiting)) == 1
    assert len(any_office.rows(outbox, outbox.c.kind == "match")) == 1
    assert len(any_office.rows(event, event.c.kind == "queued")) == 1


@pytest.mark.parametrize("keys", ["", "2", "22"])
def test_an_answer_and_a_hang_up_at_once_leave_a_whole_log(any_office: Office, keys: str) -> None:
    for _ in range(TURNS):
        caller = any_office.dialled()
        caller.plays("1" + keys)
        url = caller.heard.url("action")
        at_once(
            partial(caller.send, url, Digits="1"),
            partial(caller.send, "/voice/status", CallStatus="completed", SequenceNumber="0"),
        )
        row = caller.leg
        assert (row.state, row.flow) == ("ended", "inbound")
        assert row.outcome is not None
        log = any_office.rows(call_log, call_log.c.leg_id == row.id)
        assert [entry.step for entry in log] == list(range(len(log)))
        assert caller.send(f"/voice/leg/{row.id}/{row.step}/document").status == 200


def test_news_of_one_leg_at_once_ends_it_once(any_office: Office) -> None:
    caller = any_office.dialled()
    ended = {"AccountSid": ACCOUNT, "CallStatus": "completed", "SequenceNumber": "0"}
    replies = at_once(*[partial(caller.send, "/voice/status", **ended)] * 4)
    assert {reply.status for reply in replies} == {204}
    assert len(any_office.rows(event, event.c.kind == "caller-left")) == 1


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    """Whatever makes objects is interrupted for another thread again and again, as it is now and then in real life."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()

    def interrupt(_phase: str, _about: dict[str, int]) -> None:
        sum(range(50))

    gc.callbacks.append(interrupt)
    sys.setswitchinterval(1e-6)
    gc.set_threshold(100)
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)
    gc.callbacks.remove(interrupt)


@pytest.mark.usefixtures("often_interrupted")
def test_the_first_calls_of_a_process_may_come_together() -> None:
    alone = [fingerprint(published.play) for published in CURRENT]

    def deeper(levels: int, published: PublishedFlow) -> str:
        return deeper(levels - 1, published) if levels else fingerprint_of(published)

    for _ in range(2):
        fingerprint.cache_clear()
        assert at_once(*[partial(deeper, *one) for one in enumerate(CURRENT)]) == alone
