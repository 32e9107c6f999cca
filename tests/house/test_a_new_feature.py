"""A new feature is a folder and one line: nothing else is told of it, and everything that it brings is there."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Blueprint
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer, MetaData, Table

from callflows import registry
from callflows.registry import PublishedFlow
from callflows.vocabulary import Fact, Flow, Known, Outcome
from ivr import cli, features
from ivr.accounts import sessions
from ivr.accounts.accounts_store import add_account
from ivr.calls import log
from ivr.calls.tables import leg
from ivr.core.command import CALLS, Command
from ivr.core.database import metadata
from ivr.core.feature import Feature, Features, Metric, NavigationItem
from ivr.core.joining import GivenTwice
from ivr.core.unit_of_work import transaction
from ivr.flows import command_list
from ivr.jobs.timers import fire_due_timers, set_timer
from rehearsals.world import PUBLIC_URL, World
from tests.calls.office import CONFIG, NIGHT, Office

FOLDER = "tests.house.tiny_feature"
PASSWORD = "six small words in a row"


def greeting_flow(_told: object) -> Flow:
    known = yield Fact("greet", "tiny_greeting", (("time", "evening"),))
    return Outcome(known.get("greeting"))


@pytest.fixture
def one_line_more(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The one line."""
    monkeypatch.setattr(features, "FOLDERS", (*features.FOLDERS, FOLDER))
    features.installed_features.cache_clear()
    yield
    features.installed_features.cache_clear()
    if "tiny_greeting" in metadata.tables:
        metadata.remove(metadata.tables["tiny_greeting"])
    for module in [name for name in sys.modules if name.startswith(FOLDER)]:
        del sys.modules[module]


@pytest.fixture
def world(one_line_more: None) -> Iterator[World]:
    with World(CONFIG, NIGHT) as made:
        yield made


def test_its_fact_is_known_to_a_flow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = PublishedFlow("unknown_number", 1, greeting_flow)
    monkeypatch.setattr(registry, "CURRENT", tuple(mine if one.name == mine.name else one for one in registry.CURRENT))
    office = Office(world)
    office.dialled(to="+13125559999")
    row = office.one(leg)
    with transaction(world.services) as work:
        assert [entry.answer for entry in log.entries(work, row)] == [Known((("greeting", "good evening"),))]
    assert row.outcome == "good evening"


def test_its_timer_fires_and_its_page_shows_what_it_did(world: World) -> None:
    assert "0 greetings" in page_of(world)
    with transaction(world.services) as work:
        set_timer(work, "tiny_greeting", "a-call", work.at + timedelta(minutes=1), call_id=None)
    world.clock.advance(timedelta(minutes=1))
    assert fire_due_timers(world.services) == 1
    assert "1 greetings" in page_of(world)


def test_its_page_is_in_the_navigation_of_whom_it_names_and_closed_to_others(world: World) -> None:
    assert 'href="/tiny">Greetings</a>' in page_of(world, "/calls")
    assert 'href="/tiny" aria-current="page">Greetings</a>' in page_of(world)
    assert "/tiny" not in page_of(world, "/messages", role="agent")
    assert browser(world, "agent").get("/tiny", base_url=PUBLIC_URL).status_code == 403
    assert world.app.test_client().get("/tiny", base_url=PUBLIC_URL).location == "/sign-in"


def page_of(world: World, path: str = "/tiny", role: str = "supervisor") -> str:
    return browser(world, role).get(path, base_url=PUBLIC_URL).get_data(as_text=True)


def browser(world: World, role: str) -> FlaskClient:
    """Somebody of ``role``, signed in to an account of their own."""
    client, at = world.app.test_client(), world.services.clock.now()
    with world.services.database.write() as connection:
        account = add_account(connection, world.services.cipher, f"{role}-{secrets.token_hex(4)}", role, PASSWORD, at)
        token = sessions.begin_session(connection, account, at)
    with client.session_transaction(base_url=PUBLIC_URL) as session:
        session["_user_id"] = token
    return client


def test_its_metric_is_counted(world: World) -> None:
    shown = {"Authorization": f"Bearer {world.settings.metrics_token}"}
    assert "sunline_tiny_greetings" in world.app.test_client().get("/metrics", headers=shown).get_data(as_text=True)


@pytest.mark.usefixtures("one_line_more")
def test_its_command_is_listed_and_runs() -> None:
    assert "greet      Greet somebody." in CliRunner().invoke(cli.main, ["--help"]).output
    assert CliRunner().invoke(cli.main, ["greet", "Ana"]).output == "good morning, Ana\n"


@pytest.mark.usefixtures("one_line_more")
def test_its_table_is_one_of_the_installation_and_its_check_one_of_the_preflight() -> None:
    assert "tiny_greeting" in {name for found in features.installed_tables() for name in found.tables}
    assert "check_greetings" in {check.__name__ for check in features.installed_features().checks}


def test_without_the_line_nothing_of_it_is_there() -> None:
    assert "tiny_greeting" not in {name for found in features.installed_tables() for name in found.tables}
    assert "greet" not in features.installed_commands()


NAP = Table("nap", MetaData(), Column("id", Integer))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"timers": {"nap": lambda _work, _subject: None}}, "timers: nap"),
        ({"pages": (Blueprint("nap", __name__),)}, "pages: nap"),
        ({"navigation": (NavigationItem("Nap", "nap.show", permission="calls", order=1),)}, "navigation: nap.show"),
        ({"metrics": (Metric("naps", NAP),)}, "metrics: naps"),
        ({"tables": (NAP,)}, "tables: nap"),
    ],
)
def test_two_features_that_give_the_same_are_refused(given: dict[str, Any], what: str) -> None:
    one = Feature(name="one", **given)
    with pytest.raises(GivenTwice) as refusal:
        Features((one, replace(one, name="two")))
    assert str(refusal.value) == f"{what} is given by one and by two; leave it out of one of them"


@pytest.mark.usefixtures("one_line_more")
@pytest.mark.parametrize(("name", "formerly"), [("greet", ()), ("welcome", ("greet",))])
def test_two_commands_that_answer_to_one_name_are_refused_whether_of_today_or_of_once(
    monkeypatch: pytest.MonkeyPatch, name: str, formerly: tuple[str, ...]
) -> None:
    monkeypatch.setattr(command_list, "COMMANDS", (Command(name, "nowhere:at_all", "Greet.", CALLS, formerly),))
    with pytest.raises(GivenTwice, match=f"commands: greet is given by ivr.flows and by {FOLDER}; leave it out of one"):
        features.installed_commands()
