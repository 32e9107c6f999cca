"""The navigation: features bring their pages into it."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint

from ivr.app import create_app
from ivr.core.feature import Feature, Features, NavigationItem
from tests.web.line import Browser, Line

EVERYTHING = ["Calls", "Open care", "Mornings", "Messages", "Recordings", "Alerts", "Coverage"]


def titles(browser: Browser, path: str) -> list[str]:
    navigation = re.findall(
        r"<nav aria-label=\"Pages\">(.*?)</nav>", browser.get(path).get_data(as_text=True), re.DOTALL
    )
    return re.findall(r">([^<>]+)</a>", "".join(navigation))


@pytest.mark.parametrize(
    ("role", "path", "shown"),
    [
        ("supervisor", "/calls", EVERYTHING),
        ("compliance", "/calls", EVERYTHING),
        ("admin", "/calls", ["Calls", "Recordings", "Alerts", "Coverage"]),
        ("agent", "/messages", ["Messages", "My call"]),
    ],
)
def test_a_role_is_shown_its_pages_in_a_fixed_order(line: Line, role: str, path: str, shown: list[str]) -> None:
    assert titles(line.client(role), path) == shown


def test_the_page_that_is_open_is_marked(line: Line) -> None:
    html = line.client("supervisor").get("/recordings").get_data(as_text=True)
    assert re.findall(r'aria-current="page">([^<]+)<', html) == ["Recordings"]


@pytest.mark.parametrize("path", ["/sign-in", "/nothing/here", "/oncall/unknown"])
def test_where_nobody_is_signed_in_there_is_none(line: Line, path: str) -> None:
    assert titles(line.client(), path) == []


def test_every_item_leads_to_a_page(line: Line) -> None:
    for item in line.services.features.navigation:
        assert item.endpoint in line.app.view_functions


def test_an_item_that_names_a_permission_of_nobody_is_refused() -> None:
    item = NavigationItem("Desk", "desk.show_desk", permission="desk", order=5)
    with pytest.raises(LookupError, match="no feature gives the permission 'desk', which"):
        Features((Feature(name="desk", navigation=(item,)),))


def test_a_new_feature_stands_where_it_says(line: Line) -> None:
    page = Blueprint("desk", __name__)
    page.add_url_rule("/desk", "show_desk", lambda: "")
    item = NavigationItem("Desk", "desk.show_desk", permission="messages", order=5)
    features = (*line.services.features.all, Feature(name="desk", pages=(page,), navigation=(item,)))
    line.services.features = Features(features)
    line.app = create_app(line.services.settings, line.services)
    assert titles(line.client("agent"), "/messages") == ["Desk", "Messages", "My call"]
    assert line.client("agent").get("/").location == "/desk"
