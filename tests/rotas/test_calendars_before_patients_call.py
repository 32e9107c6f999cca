"""A calendar that is not read any more, or that nobody follows, is a risk that is told before patients call."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ivr.core.preflight import Examined
from ivr.directory.revisions import load
from ivr.oncall.preflight import check_calendars, check_pins
from ivr.oncall.tables import pin
from ivr.rotas import feeds
from ivr.rotas.covers import cover
from routing.spans import Span
from tests.web.line import NIGHT, Line

MAPLE = "maple-physicians"


def told(line: Line, after: timedelta) -> list[str]:
    with line.database.read() as connection:
        examined = Examined(line.services.settings, connection, load(connection), NIGHT + after)
        return [finding.what for finding in (*check_calendars(examined), *check_pins(examined))]


def test_a_calendar_that_was_never_read_or_whose_rota_is_gone_is_a_risk(line: Line, tmp_path: Path) -> None:
    assert told(line, timedelta()) == []
    with line.database.write() as connection:
        for rota in (MAPLE, "gone"):
            feeds.follow(connection, line.services.cipher, rota, "https://calendar.example/x", NIGHT, "rosa")
    assert told(line, timedelta(hours=1)) == ["a rota gone follows a calendar, and there is no such rota"]
    assert told(line, timedelta(hours=25))[1:] == [f"the calendar of {MAPLE} has had no good copy ever (untried)"]


def test_whoever_stands_in_without_a_pin_is_a_risk(line: Line) -> None:
    with line.database.write() as connection:
        connection.execute(pin.delete().where(pin.c.person_id == "dr-reyes"))
    before = told(line, timedelta())
    with line.database.write() as connection:
        span = Span(NIGHT, NIGHT + timedelta(hours=5))
        cover(connection, load(connection), "c", "riverside-physicians", "dr-reyes", span, NIGHT, "rosa")
    assert told(line, timedelta()) == ["dr-reyes may be paged and has no PIN"]
    assert before in ([], ["dr-reyes may be paged and has no PIN"])
