"""A rota follows a calendar: read on a round, its last good copy goes on whatever happens, and trouble is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.audit.tables import audit_row
from ivr.calls.event_tables import event
from ivr.core.services import Services
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.oncall import calendar_round
from ivr.rotas import addresses, feeds
from ivr.rotas.calendar_reading import read_calendar
from ivr.rotas.covers import CoverRefused, cover
from ivr.rotas.duties import list_shifts
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import rota_address, rota_feed
from routing.rota import in_line, on_call, turns
from routing.spans import Span
from tests.rotas.test_calendars_of_others import calendar
from tests.web.line import NIGHT, Line

MAPLE = "maple-physicians"
PATEL = "DTSTART:20261112T060000Z\nDTEND:20261113T140000Z\nSUMMARY:Dr Patel"
THEN = datetime(2026, 11, 12, 12, tzinfo=UTC)
"""Dr Okafor is on call by the rota, Dr Patel by the calendar."""


def follow(line: Line, folder: Path, text: bytes, rota: str = MAPLE) -> Path:
    path = folder / f"{rota}.ics"
    path.write_bytes(text)
    with line.database.write() as connection:
        feeds.follow(connection, line.services.cipher, rota, f"file://{path}", line.clock.now(), "rosa", files=True)
    return path


def in_development(line: Line) -> Services:
    """The services, where files may be followed."""
    return replace(line.services, settings=replace(line.services.settings, mode="demo"))


def in_force(line: Line) -> Organisation:
    with line.database.read() as connection:
        return load(connection)


def read_again(line: Line, after: timedelta = calendar_round.AGAIN) -> None:
    line.clock.advance(after)
    calendar_round.read_calendars(in_development(line), "")


def responsible(line: Line, at: datetime = THEN) -> str:
    with line.database.read() as connection:
        return on_call(with_live_rotas(connection, in_force(line), at).rotas[MAPLE], at)


def alerts(line: Line) -> list[str]:
    return [row.data["what"] for row in line.rows(event) if row.kind == "alert"]


def test_a_round_reads_one_calendar_so_that_other_rounds_wait_for_no_more_and_each_has_its_turn(
    line: Line, tmp_path: Path
) -> None:
    for rota in (MAPLE, "riverside-physicians"):
        follow(line, tmp_path, calendar(PATEL), rota)
    first = line.clock.now() + calendar_round.EVERY
    for tried in ([first], [first, first + calendar_round.EVERY], [first, first + calendar_round.EVERY]):
        read_again(line, calendar_round.EVERY)
        assert sorted(row.tried_at for row in line.rows(rota_feed) if row.tried_at is not None) == tried
    line.clock.advance(first + calendar_round.AGAIN - line.clock.now())
    read_again(line, timedelta())
    assert min(row.tried_at for row in line.rows(rota_feed)) == first + calendar_round.EVERY


def test_a_rota_follows_its_calendar_from_the_first_round_on(line: Line, tmp_path: Path) -> None:
    follow(line, tmp_path, calendar(PATEL))
    assert responsible(line) == "dr-okafor"
    carry_out_due_rounds(in_development(line))
    assert responsible(line) == "dr-patel"
    assert alerts(line) == []
    [row] = line.rows(rota_feed)
    assert (row.problem, row.unknown, len(row.shifts)) == (None, 0, 1)


def test_whoever_has_the_shift_by_the_rota_is_next_and_a_cover_goes_before_the_calendar(
    line: Line, tmp_path: Path
) -> None:
    follow(line, tmp_path, calendar(PATEL))
    read_again(line)
    with line.database.write() as connection:
        organisation = in_force(line)
        assert in_line(with_live_rotas(connection, organisation, THEN).rotas[MAPLE], THEN)[:2] == (
            "dr-patel",
            "dr-okafor",
        )
        span = Span(THEN, THEN + timedelta(hours=5))
        cover(connection, organisation, "c", MAPLE, "dr-lee", span, NIGHT, "rosa")
    assert responsible(line) == "dr-lee"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"<html>Please sign in</html>", "rota-calendar-unreadable"),
        (calendar(), "rota-calendar-empty"),
        (calendar(PATEL.replace("Dr Patel", "Dr Who")), "rota-calendar-empty"),
        (calendar(f"{PATEL}\nRRULE:FREQ=SECONDLY"), "rota-calendar-repeats-too-often"),
        (b"x" * (2 * 1024 * 1024 + 1), "rota-calendar-too-big"),
        (None, "rota-calendar-unreachable"),
    ],
)
def test_what_cannot_be_read_keeps_the_last_good_copy_and_is_told_once_a_day(
    line: Line, tmp_path: Path, text: bytes | None, what: str
) -> None:
    path = follow(line, tmp_path, calendar(PATEL))
    read_again(line)
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text)
    read_again(line)
    read_again(line)
    assert responsible(line) == "dr-patel"
    assert alerts(line) == [what]
    path.write_bytes(calendar(PATEL.replace("Patel", "Lee")))
    read_again(line)
    assert responsible(line) == "dr-lee"


def test_a_calendar_without_a_good_copy_for_a_day_is_stale(line: Line, tmp_path: Path) -> None:
    path = follow(line, tmp_path, calendar(PATEL))
    read_again(line)
    path.unlink()
    read_again(line, timedelta(hours=23))
    assert alerts(line) == ["rota-calendar-unreachable"]
    read_again(line, timedelta(hours=2))
    assert alerts(line) == ["rota-calendar-unreachable", "rota-calendar-stale"]


def test_events_that_name_nobody_are_told_of(line: Line, tmp_path: Path) -> None:
    follow(line, tmp_path, calendar(PATEL, PATEL.replace("Dr Patel", "Dr Who")))
    read_again(line)
    assert responsible(line) == "dr-patel"
    assert alerts(line) == ["rota-calendar-names-nobody"]


def test_a_calendar_that_never_comes_to_an_end_is_given_up(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "LONGEST_READING", 0.01)
    follow(line, tmp_path, calendar(PATEL))
    read_again(line)
    assert alerts(line) == ["rota-calendar-too-slow"]


def test_one_broken_calendar_does_not_keep_others_from_being_read(line: Line, tmp_path: Path) -> None:
    follow(line, tmp_path, calendar(PATEL))
    broken = {"rota_id": "a-rota", "address_sealed": b"x", "shifts": [], "unknown": 0, "made_by": "rosa"}
    with line.database.write() as connection:
        for name in ("a-rota-that-is-gone", "riverside-physicians"):
            connection.execute(rota_feed.insert().values(**broken | {"rota_id": name}, made_at=NIGHT))
    read_again(line)
    read_again(line, calendar_round.EVERY)
    assert responsible(line) == "dr-patel"
    assert alerts(line) == ["rota-calendar-broken"]


def test_what_was_read_for_another_calendar_is_not_taken(line: Line, tmp_path: Path) -> None:
    follow(line, tmp_path, calendar(PATEL))
    [before] = line.rows(rota_feed)
    line.clock.advance(timedelta(minutes=1))
    follow(line, tmp_path, calendar(PATEL))
    with line.database.write() as connection:
        assert not feeds.keep(connection, before, feeds.Copy([["x"]]), line.clock.now())
        feeds.unfollow(connection, MAPLE, line.clock.now(), "rosa")
        with pytest.raises(CoverRefused, match="follows no calendar"):
            feeds.unfollow(connection, MAPLE, line.clock.now(), "rosa")
    assert [row.action for row in line.rows(audit_row)][-3:] == ["rota.follow", "rota.follow", "rota.unfollow"]


def test_the_address_is_sealed_and_nothing_of_the_calendar_is_kept_but_shifts(line: Line, tmp_path: Path) -> None:
    follow(line, tmp_path, calendar(f"{PATEL}\nDESCRIPTION:Jane Roe, 555-0100\nLOCATION:Ward 7"))
    read_again(line)
    [row] = line.rows(rota_feed)
    assert "on-call.ics" not in repr(row)
    assert "Roe" not in repr(row)
    assert "Ward" not in repr(row)


# --- and the other way round -----------------------------------------------------------------------------------------


def published(line: Line, kind: addresses.Kind, subject: str) -> str:
    with line.database.write() as connection:
        return addresses.publish(connection, in_force(line), "a1", kind, subject, line.clock.now(), "rosa")


def test_what_is_published_reads_back_as_the_same_shifts(line: Line) -> None:
    token = published(line, "rota", MAPLE)
    answer = line.app.test_client().get(f"/rota-calendars/{token}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    names = {person.id: [person.name] for person in in_force(line).people.values()}
    start, end = NIGHT + timedelta(days=1), NIGHT + timedelta(days=150)
    found = read_calendar(answer.data, "UTC", names, start, end).shifts
    expected = []
    for turn in turns(in_force(line).rotas[MAPLE], NIGHT - addresses.BACK, NIGHT + addresses.AHEAD):
        if expected and expected[-1][2] == (turn.person,):
            expected[-1] = (expected[-1][0], turn.end, (turn.person,))
        else:
            expected.append((turn.start, turn.end, (turn.person,)))
    assert list(found) == [one for one in expected if one[1] > start and one[0] < end]


def test_the_shifts_of_a_person_are_read_with_the_covers_that_stand(line: Line) -> None:
    token = published(line, "person", "dr-patel")
    with line.database.write() as connection:
        organisation = in_force(line)
        span = Span(NIGHT, NIGHT + timedelta(hours=5))
        cover(connection, organisation, "c", MAPLE, "dr-patel", span, NIGHT, "rosa")
        assert [(one.start, one.end) for one in list_shifts(connection, organisation, "dr-patel", *span)] == [span]
    body = line.app.test_client().get(f"/rota-calendars/{token}.ics").data.decode()
    assert body.count("BEGIN:VEVENT") == 1
    assert "Dr Patel on call\\, maple-physicians" in body


def test_an_address_that_was_taken_back_or_never_made_is_nothing(line: Line) -> None:
    token = published(line, "rota", MAPLE)
    with line.database.write() as connection:
        addresses.unpublish(connection, "a1", line.clock.now(), "rosa")
        with pytest.raises(CoverRefused, match="no address a1 stands"):
            addresses.unpublish(connection, "a1", line.clock.now(), "rosa")
    for path in (token, "0" * 48, "a%00"):
        assert line.app.test_client().get(f"/rota-calendars/{path}.ics").status_code == 404
    with line.database.write() as connection, pytest.raises(CoverRefused, match="there is no rota maple"):
        addresses.publish(connection, in_force(line), "a2", "rota", "maple", line.clock.now(), "rosa")


def test_the_secret_of_an_address_is_not_stored(line: Line) -> None:
    token = published(line, "rota", MAPLE)
    assert token not in repr(line.rows(rota_address))
    assert token not in repr(line.rows(audit_row))


def test_a_calendar_that_is_published_holds_through_the_change_of_clocks(line: Line) -> None:
    token = published(line, "rota", "riverside-physicians")
    body = line.app.test_client().get(f"/rota-calendars/{token}.ics").data
    assert b"DTSTART:20261102T140000Z" in body
