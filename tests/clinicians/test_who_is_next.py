"""Who is rung next, as the card says it: a name only where that is sure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, update

from ivr.calls import legs
from ivr.calls.tables import leg
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations, pages
from ivr.oncall.tables import escalation, page
from tests.web.line import Browser, Line

NEXT = "Dr Okafor is rung in <b data-left="
PASSED_ON = "It is passed on in <b data-left="


def shown(browser: Browser, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def page_okafor(line: Line, mine: Row[Any], state: str, ago: timedelta = timedelta(hours=1)) -> str:
    """Let Dr Okafor have been paged for the same call before; the page's id."""
    with line.work() as work:
        legs.lock_call(work, mine.call_id)
        pages.insert_page(work, escalations.get(work, mine.escalation_id), "before", "dr-okafor", 1, None)
        changed = {"state": state, "made_at": work.at - ago}
        work.connection.execute(update(page).where(page.c.id == "before").values(changed))
    return "before"


def test_the_card_names_who_is_rung_next(clinician: Browser, path: str) -> None:
    assert NEXT in shown(clinician, path)


@pytest.mark.parametrize(("state", "words"), [("declined", PASSED_ON), ("open", PASSED_ON), ("lapsed", NEXT)])
def test_who_was_asked_before_is_named_only_where_they_are_asked_again(
    line: Line, clinician: Browser, paged: Row[Any], path: str, state: str, words: str
) -> None:
    page_okafor(line, paged, state)
    assert words in shown(clinician, path)


def test_who_was_rung_just_now_is_not_named_where_others_come_before_them(
    line: Line, clinician: Browser, paged: Row[Any], path: str
) -> None:
    page_okafor(line, paged, "lapsed", timedelta(seconds=10))
    with line.work() as work:
        set_timer(work, "page_over", paged.id, work.at + timedelta(seconds=20), call_id=paged.call_id)
    assert PASSED_ON in shown(clinician, path)


def test_who_is_on_the_telephone_is_not_named(line: Line, clinician: Browser, paged: Row[Any], path: str) -> None:
    before = page_okafor(line, paged, "accepted")
    with line.work() as work:
        leg_id = legs.create_leg(
            work,
            paged.call_id,
            "clinician",
            "clinician_page",
            person_id="dr-okafor",
            subject_id=before,
            address="+13125550182",
        )
        work.connection.execute(update(leg).where(leg.c.id == leg_id).values(state="in-progress"))
    assert PASSED_ON in shown(clinician, path)


def test_where_no_step_is_left_nobody_is_named(line: Line, clinician: Browser, path: str) -> None:
    with line.database.write() as connection:
        connection.execute(update(escalation).values(step=len(line.one(escalation).steps) - 2))
    assert PASSED_ON in shown(clinician, path)
