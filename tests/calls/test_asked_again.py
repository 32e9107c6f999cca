"""Twilio asks again where a process of ours died or hangs: the addresses that it is given say so."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from ivr.calls.tables import leg
from ivr.core.urls import CALLBACK, DOCUMENT, Urls
from phonesim import switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import dial

NO_WEBHOOKS = {"morning_summary", "music", "oncall", "page", "rota_calendar"}
"""A sound is fetched, pages are opened by a person, and a calendar by their program."""


def addresses() -> dict[str, str]:
    """Every address that Twilio asks for documents or tells news to, by the name of its method."""
    made = {}
    for name, method in inspect.getmembers(Urls("https://sunline.example"), inspect.ismethod):
        if not name.startswith("_") and name not in NO_WEBHOOKS:
            wanted = inspect.signature(method).parameters.values()
            made[name] = method(*[1 if one.annotation == "int" else "/x" for one in wanted])
    return made


def test_every_webhook_says_how_it_is_asked_for_again() -> None:
    assert len(addresses()) > 10
    for name, url in addresses().items():
        assert url.endswith((DOCUMENT, CALLBACK)), name


def test_a_server_that_hangs_costs_a_caller_four_seconds_and_not_the_line(world: World) -> None:
    switch_on(world.net, "webhooks-slow=20 on /voice/incoming 1 time")
    line = dial(world)
    assert world.advance(lambda: any(sound.kind == "say" for sound in line.heard), timedelta(minutes=1))
    assert world.now - world.start < timedelta(seconds=5)
    assert not [entry for entry in world.log if entry["event"] == "fallback_served"]


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [("webhooks-slow=20 on /voice/status 1 time", 5), ("application-down on /voice/status 3 times", 1)],
)
def test_news_that_nobody_took_is_told_again(world: World, fault: str, seconds: float) -> None:
    line = dial(world)
    switch_on(world.net, fault)
    line.hang_up()
    over = Office(world)
    assert world.advance(lambda: over.one(leg).state == "ended", timedelta(seconds=seconds))
