"""The page on which supervisors see where nobody would answer."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.web.line import Line


def test_gaps_come_with_their_mends_and_a_picture(line: Line) -> None:
    shown = line.client("supervisor").get("/coverage").get_data(as_text=True)
    assert "nobody answers nurse in es-US for a patient in IL or TX from" in shown
    assert "renew the training of" in shown
    assert "Maple Family Medicine, loop; Riverside Health Center, downtown and westside</th>" in shown
    assert "20 gaps, those that one thing mends together</caption>" in shown
    assert 'src="/coverage/map.svg"' in shown


def test_the_picture_is_one_and_needs_no_style_that_the_pages_forbid(line: Line) -> None:
    answer = line.client("supervisor").get("/coverage/map.svg")
    assert answer.mimetype == "image/svg+xml"
    drawn = ElementTree.fromstring(answer.data)
    assert drawn.attrib["role"] == "img"
    assert all("style" not in one.attrib and not one.tag.endswith(("style", "script")) for one in drawn.iter())


def test_the_navigation_leads_there(line: Line) -> None:
    assert 'href="/coverage"' in line.client("supervisor").get("/alerts").get_data(as_text=True)
    assert 'href="/coverage"' not in line.client("agent").get("/messages").get_data(as_text=True)
