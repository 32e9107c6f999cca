"""The card of a call in which nobody is known to be ill: whoever was asked for advice is not asked for an outcome."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import delete, update

from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.oncall.tables import care_item, page
from tests.clinicians import buttons
from tests.web.line import Browser, Line

ASKS = "Done: outcome and follow-up"


@pytest.fixture
def consulted(line: Line) -> tuple[Browser, str]:
    """Dr Lee has accepted a call without symptom and without an urgent promise; the path of the card."""
    browser, path = buttons.signed_in(line)
    with line.database.write() as connection:
        connection.execute(delete(promise))
        connection.execute(update(call).values(symptom=False))
    browser.post(f"{path}/accept", form=path)
    assert line.rows(care_item) == []
    return browser, path


def shown(consulted: tuple[Browser, str]) -> str:
    browser, path = consulted
    return browser.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("talked", "words"),
    [(True, "You have talked with the caller."), (False, "We have not heard you talk with the caller.")],
)
def test_after_it_the_card_says_whether_they_talked_and_asks_for_no_outcome(
    line: Line, consulted: tuple[Browser, str], talked: bool, words: str
) -> None:
    with line.work() as work:
        call_id = line.one(page).call_id
        legs.lock_call(work, call_id)
        if talked:
            record(work, "talked", call_id, leg="x", role="clinician")
    with line.database.write() as connection:
        connection.execute(update(leg).values(state="ended"))
    html = shown(consulted)
    assert "Nothing is open of yours in this call" in html
    assert words in html
    for wrong in (ASKS, "begun again", "Nobody has talked with the patient yet", "Hand to backup now"):
        assert wrong not in html


def test_while_the_telephone_rings_nothing_is_offered_that_would_be_refused(consulted: tuple[Browser, str]) -> None:
    html = shown(consulted)
    assert "You have accepted: answer your telephone" in html
    assert ASKS not in html
    assert "Hand to backup now" not in html


@pytest.mark.parametrize("button", ["done", "pass"])
def test_an_old_tab_is_told_that_nothing_is_open(line: Line, consulted: tuple[Browser, str], button: str) -> None:
    browser, path = consulted
    press = partial(browser.post, outcome="advised", follow_up="none", reached="talked")
    assert press(f"{path}/{button}", form=path).status_code == 303
    html = shown(consulted)
    assert "Nothing is open of yours in this call: nothing is written" in html
    assert "It is not yours" not in html
    assert [row.state for row in line.rows(page)] == ["accepted"]
