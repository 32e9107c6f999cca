"""The round of items: it comes round to each that nobody looks at otherwise, however many others are left open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from ivr.calls import legs
from ivr.clinicians import items
from ivr.jobs.tables import timer
from ivr.oncall import page_accept
from ivr.oncall.tables import care_item, page
from tests.web.line import Line

WORDS = ("my chest hurts", "another chest", "a third chest")


def accepted(line: Line, words: str) -> str:
    """Dr Lee accepts a call, and both telephones go; the call's id."""
    call_id = line.ill_caller(words)
    (paged,) = line.rows(page, call_id=call_id, state="open")
    with line.work() as work:
        page_accept.accept_on_page(work, paged.id)
    with line.work() as work:
        legs.lock_call(work, call_id)
        for row in legs.list_living(work, call_id, "caller", "clinician"):
            legs.note_status(work, row.id, "completed", None)
    return str(call_id)


def looks(line: Line) -> dict[str, Any]:
    """When each item is looked at next."""
    return {row.subject: row.due_at for row in line.rows(timer, kind=items.TIMER, state="waiting")}


def fail(*_: Any) -> None:
    raise RuntimeError("broken")


def test_every_item_that_has_no_time_to_be_looked_at_gets_its_turn(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = {accepted(line, words) for words in WORDS}
    with line.database.write() as connection:
        connection.execute(delete(timer).where(timer.c.kind == items.TIMER))
    monkeypatch.setattr(items, "MOST", 2)
    before = items.look_again(line.services, "")
    assert len(looks(line)) == 2
    assert items.look_again(line.services, before) == ""
    assert set(looks(line)) == ids


def test_what_will_be_looked_at_in_time_is_left_alone(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    call_id = accepted(line, WORDS[0])
    monkeypatch.setattr(items, "_settle", lambda _work, of: looked.append(of))
    items.look_again(line.services, "")
    assert looked == []
    line.clock.advance(looks(line)[call_id] - line.clock.now())
    items.look_again(line.services, "")
    assert looked == [call_id]


def test_what_was_begun_again_is_looked_at_in_half_an_hour(line: Line) -> None:
    call_id = accepted(line, WORDS[0])
    line.clock.advance(timedelta(minutes=31))
    items.look_again(line.services, "")
    assert line.one(care_item).begun_again_at == line.clock.now()
    assert looks(line)[call_id] == line.clock.now() + timedelta(minutes=30)


def test_an_item_whose_look_failed_is_looked_at_by_the_next_round(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    call_id = accepted(line, WORDS[0])
    with monkeypatch.context() as broken, line.work() as work:
        broken.setattr(items, "_settle", fail)
        items.look_at_item(work, call_id)
        items.settle_call(work, call_id)
        work.touched.clear()
    assert looks(line) == {}
    items.look_again(line.services, "")
    assert set(looks(line)) == {call_id}


def test_an_accepted_call_that_got_no_item_gets_one(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(items, "_settle", fail)
        call_id = accepted(line, WORDS[0])
    assert line.rows(care_item) == []
    items.look_again(line.services, "")
    assert line.one(care_item).id == call_id
