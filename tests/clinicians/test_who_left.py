"""Leaving the configuration ends a session for the shift: on the card, and on one's own page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ivr.clinicians import items
from ivr.oncall.tables import care_item, care_note, page
from tests.clinicians import buttons
from tests.clinicians.leaving import leave
from tests.web.line import COMPLAINT, Browser, Line


@pytest.fixture
def signed_in(line: Line) -> tuple[Browser, str]:
    """Dr Lee, signed in for the shift and no longer by the link."""
    browser, path = buttons.signed_in(line)
    line.clock.advance(timedelta(minutes=11))
    assert COMPLAINT in browser.get(path).get_data(as_text=True)
    return browser, path


def test_the_card_asks_whoever_left_for_the_pin(line: Line, signed_in: tuple[Browser, str], tmp_path: Path) -> None:
    browser, path = signed_in
    leave(line, tmp_path, "dr-lee")
    html = browser.get(path).get_data(as_text=True)
    assert "Enter your PIN" in html
    assert COMPLAINT not in html


@pytest.mark.parametrize("button", ["accept", "note", "pass", "done"])
def test_no_button_of_the_card_does_anything_for_whoever_left(
    line: Line, signed_in: tuple[Browser, str], tmp_path: Path, button: str
) -> None:
    browser, path = signed_in
    leave(line, tmp_path, "dr-lee")
    assert browser.post(f"{path}/{button}", form=path, words="a note").status_code == 403
    assert [row.state for row in line.rows(page)] == ["open"]
    assert line.rows(care_note) == []


def test_whoever_left_takes_no_item(line: Line, tmp_path: Path) -> None:
    browser, path = buttons.signed_in(line)
    browser.post(f"{path}/accept", form=path)
    buttons.end_talk(line, talked=True)
    line.clock.advance(timedelta(days=2))
    items.look_again(line.services, "")
    line.ill_caller("another chest")
    other = buttons.colleague(line)
    item = line.one(care_item)
    assert f"/oncall/items/{item.id}/take" in other.get("/oncall").get_data(as_text=True)
    token = other.token("/oncall")
    leave(line, tmp_path, "dr-okafor")
    answer = other.client.post(
        f"/oncall/items/{item.id}/take", base_url="https://sunline.example", data={"csrf_token": token}
    )
    assert answer.status_code == 403
    assert (line.one(care_item).person_id, line.one(care_item).offered_to) == ("dr-lee", "dr-okafor")
    assert "Nothing is open of yours" not in other.get("/oncall").get_data(as_text=True)
