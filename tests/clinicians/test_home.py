"""One's own page: whatever is pressed leaves a row, also what is refused, and of which call."""

from __future__ import annotations

from ivr.audit.tables import audit_row
from ivr.oncall.tables import care_item
from ivr.rotas.tables import rota_cover
from tests.clinicians import buttons
from tests.web.line import HOST, Line


def test_what_is_refused_leaves_its_row_and_nothing_else(line: Line) -> None:
    browser, _ = buttons.signed_in(line)
    browser.post("/oncall/covers", form="/oncall", rota="no-such-rota", person="dr-okafor", until="2")
    assert "Not done: choose a rota and a colleague." in browser.get("/oncall").get_data(as_text=True)
    assert ("dr-lee", "oncall.cover", "refused") in line.trail()
    assert line.rows(rota_cover) == []


def test_a_swap_that_is_refused_leaves_its_row(line: Line) -> None:
    browser, _ = buttons.signed_in(line)
    browser.post("/oncall/swaps", form="/oncall", gives="nonsense", **{"with": "dr-okafor"})
    assert [row for row in line.trail() if row[1] == "oncall.swap-ask"] == [("dr-lee", "oncall.swap-ask", "refused")]


def test_taking_an_item_names_its_call_in_the_trail(line: Line) -> None:
    buttons.take_item(line)
    (row,) = line.rows(audit_row, action="oncall.take")
    assert (row.actor, row.outcome) == ("dr-okafor", "ok")
    assert (row.object_id, row.call_id) == (line.one(care_item).id, line.one(care_item).id)


def test_an_item_that_is_not_known_is_refused_and_its_name_goes_nowhere(line: Line) -> None:
    browser, _ = buttons.signed_in(line)
    form = {"csrf_token": browser.token("/oncall")}
    assert browser.client.post("/oncall/items/jane.doe/take", base_url=HOST, data=form).status_code == 303
    (row,) = line.rows(audit_row, action="oncall.take")
    assert (row.outcome, row.object_id, row.call_id) == ("refused", None, None)
