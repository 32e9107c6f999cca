"""Calendars by command: tried before they are followed, shown to nobody, published and taken back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from ivr.audit.tables import audit_row
from ivr.directory.organisation import Organisation
from ivr.installation.command_line import Installation
from ivr.oncall import rota_calendar_command
from ivr.oncall.rota_command import rota as command
from ivr.rotas.calendar_fetching import Unfetched
from ivr.rotas.tables import rota_address, rota_feed
from tests.rotas.test_calendars_of_others import LEE, ONE, calendar

pytestmark = pytest.mark.sqlite_first

MAPLE = "maple-physicians"


def run(installation: Installation, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), obj=installation, input=typed)


def rows(installation: Installation) -> tuple[int, int, int]:
    with installation.database.read() as connection:
        tables = (rota_feed, rota_address)
        found = [len(connection.execute(select(table)).all()) for table in tables]
        rota_actions = select(audit_row).where(audit_row.c.action.like("rota.%"))
        return found[0], found[1], len(connection.execute(rota_actions).all())


def test_a_calendar_is_tried_before_it_is_followed(
    installation: Installation, example: Organisation, tmp_path: Path
) -> None:
    (tmp_path / "on-call.ics").write_bytes(calendar(f"{ONE}\n{LEE}", f"{ONE}\nSUMMARY:Dr Who"))
    demo, address = replace(installation, demo=True), f"file://{tmp_path}/on-call.ics\n"
    tried = run(demo, "follow", MAPLE, "--dry-run", typed=address)
    assert "it can be followed: 1 shift of our people, 1 event of nobody we know" in tried.output
    assert rows(installation) == (0, 0, 0)
    followed = run(demo, "follow", MAPLE, typed=address)
    assert followed.exit_code == 0
    assert "on-call.ics" not in followed.output
    assert rows(installation) == (1, 0, 1)
    assert f"{MAPLE} follows a calendar, read never: well" in run(installation, "list").output
    assert "address_sealed" not in run(installation, "list", "--json").output
    assert "would follow no calendar" in run(installation, "unfollow", MAPLE, "--dry-run").output
    assert rows(installation) == (1, 0, 1)
    assert run(installation, "unfollow", MAPLE).output == f"{MAPLE} follows no calendar\n"
    assert rows(installation) == (0, 0, 2)
    assert example.rotas


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        (MAPLE, "http://calendar.example/x\n", "its address does not begin with https://"),
        (MAPLE, "file:///etc/passwd\n", "its address does not begin with https://"),
        ("maple", "", "there is no rota maple"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    installation: Installation, example: Organisation, name: str, typed: str, why: str
) -> None:
    result = run(installation, "follow", name, typed=typed)
    assert result.exit_code == 1
    assert why in result.output
    assert rows(installation) == (0, 0, 0)
    assert example.rotas


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("unreachable", "nothing answers at that address; look for a typing error"),
        ("refused", "its server says no; ask whoever keeps the calendar for its secret address"),
        ("private-address", "it is in a network of our own"),
        ("redirected-too-often", "it leads from one address to the next"),
        ("too-big", "it has more than 2 MB"),
        ("too-slow", "it takes more than 20 seconds"),
    ],
)
def test_why_a_calendar_cannot_be_fetched_is_told_in_words(
    installation: Installation, example: Organisation, monkeypatch: pytest.MonkeyPatch, why: str, told: str
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise Unfetched(why)

    monkeypatch.setattr(rota_calendar_command, "fetch_calendar", fail)
    result = run(installation, "follow", MAPLE, "--dry-run", typed="https://calendar.example/x\n")
    assert (result.exit_code, rows(installation)) == (1, (0, 0, 0))
    assert f"that calendar cannot be followed: {told}" in result.output
    assert example.rotas


def test_an_address_is_shown_once_and_taken_back(installation: Installation, example: Organisation) -> None:
    assert run(installation, "publish", "--person", "dr-lee", "--dry-run").output == "an address would be made\n"
    assert rows(installation) == (0, 0, 0)
    shown = run(installation, "publish", "--person", "dr-lee").output
    name, token = re.fullmatch(r"(\w+): /rota-calendars/(\w+)\.ics\n", shown).groups()  # type: ignore[union-attr]
    listed = json.loads(run(installation, "list", "--json").output)
    assert [(one["kind"], one["id"], one["subject"]) for one in listed] == [("address", name, "dr-lee")]
    assert token not in run(installation, "list", "--json").output
    assert "would be taken back" in run(installation, "unpublish", name, "--dry-run").output
    assert "taken back" in run(installation, "unpublish", name).output
    assert json.loads(run(installation, "list", "--json").output) == []
    assert run(installation, "publish").exit_code == 2
    assert "no person 'dr-li'" in run(installation, "publish", "--person", "dr-li").output
    assert example.rotas
