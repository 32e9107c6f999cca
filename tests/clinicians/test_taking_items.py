"""Whoever follows in a shift takes an item without contact, for which they are being paged just then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from ivr.calls import legs
from ivr.clinicians import items
from ivr.oncall import page_accept, rings
from ivr.oncall.tables import care_item, escalation, page
from tests.web.line import Line


@pytest.fixture
def handed_over(line: Line) -> Row[Any]:
    """Dr Lee accepted a call and reached nobody; the shift has ended, and Dr Okafor is offered it and rung for it."""
    line.ill_caller()
    first = line.one(page)
    with line.work() as work:
        legs.lock_call(work, first.call_id)
        page_accept.accept_on_page(work, first.id)
        for row in legs.list_living(work, first.call_id, "caller", "clinician"):
            legs.note_status(work, row.id, "completed", None)
    line.clock.advance(timedelta(days=2))
    items.look_again(line.services, "")
    row = line.one(care_item)
    assert (row.state, row.offered_to) == ("offered", "dr-okafor")
    assert [(row.person_id, row.step) for row in line.rows(page, state="open")] == [("dr-okafor", 0)]
    return row


def take(line: Line, call_id: str) -> str | None:
    with line.work() as work:
        return items.take_item(work, call_id, "dr-okafor")


def test_taking_what_one_is_rung_for_accepts_that_page_and_ends_the_paging(line: Line, handed_over: Row[Any]) -> None:
    (mine,) = line.rows(page, state="open")
    assert take(line, handed_over.id) == mine.token
    last = line.one(escalation, id=mine.escalation_id)
    assert (last.state, last.accepted_by) == ("accepted", "dr-okafor")
    assert line.rows(page, state="open") == []
    row = line.one(care_item)
    assert (row.state, row.person_id, row.page_id) == ("open", "dr-okafor", mine.id)


def test_taking_it_while_the_next_one_is_rung_lets_that_telephone_be(line: Line, handed_over: Row[Any]) -> None:
    (mine,) = line.rows(page, state="open")
    with line.work() as work:
        legs.lock_call(work, handed_over.id)
        legs.note_status(work, mine.leg_id, "no-answer", None)
    (other,) = line.rows(page, state="open")
    assert other.person_id != "dr-okafor"
    token = take(line, handed_over.id)
    last = line.one(escalation, id=mine.escalation_id)
    assert (last.state, last.accepted_by) == ("accepted", "dr-okafor")
    assert line.one(page, id=other.id).state == "cancelled"
    row = line.one(care_item)
    assert (row.state, row.person_id, line.one(page, id=row.page_id).token) == ("open", "dr-okafor", token)


def test_who_talks_with_somebody_else_cannot_take_it_and_the_paging_goes_on(
    line: Line, handed_over: Row[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rings, "find_engaged", lambda _work, people: set(people))
    assert take(line, handed_over.id) is None
    assert [row.state for row in line.rows(escalation)][-1] == "paging"
    assert line.one(care_item).state == "offered"
