"""`sunline replay`: a recorded day through another schedule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from ivr.calls.event_tables import event
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import Installation
from ivr.workforce.demand import Wish, mix_of
from ivr.workforce.random_arrivals import lognormal, rings
from ivr.workforce.recorded_arrivals import read_arrivals, recorded
from ivr.workforce.replay import Day, Person, people_of, play_day
from ivr.workforce.replay_command import replay
from tests.directory.conftest import AT, EXAMPLE, Folder, folder, installation

pytestmark = pytest.mark.sqlite_first

__all__ = ["folder", "installation"]

ZONE = "America/Chicago"
ON = ("--on", "2026-11-24")
MIDNIGHT = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Organisation:
    return read_folder(EXAMPLE, at=AT, allow_unsigned=True)


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day with thirty calls in each half-hour from nine to three, and ten at night."""
    hours = "".join(f"2026-11-02,{hour:02}:{minute:02},30\n" for hour in range(9, 15) for minute in (0, 30))
    file = tmp_path / "arrivals.csv"
    file.write_text(f"date,start,calls\n2026-11-02,02:00,10\n{hours}", "utf-8")
    return file


def run(file: Path | None, new: Path, *more: str, given: Installation | None = None) -> Result:
    arguments = [
        *([str(file)] if file else []),
        "--config",
        str(new),
        "--against",
        str(EXAMPLE),
        "--runs",
        "2",
        *ON,
        *more,
    ]
    return CliRunner().invoke(replay, arguments, obj=given)


def played(people: Sequence[Person], organisation: Organisation) -> Day:
    return play_day(people, organisation, MIDNIGHT, lognormal("handling", 185.0, 1.0), rings("rings", 8.0, 0.0))


def figure(result: Result, name: str) -> list[str]:
    """The middle under both schedules, without how far the runs go apart."""
    line = next(line for line in result.output.splitlines() if name in line)
    return re.sub(r" \([^)]*\)", "", line).split()[-2:]


def test_the_same_schedule_serves_the_same_callers_the_same(day: Path) -> None:
    result = run(day, EXAMPLE, "--day", "2026-11-02")
    assert result.exit_code == 0
    for name in ("callers who waited", "never answered", "answered within 20 s", "promise of 120 s broken"):
        before, after = figure(result, name)
        assert before == after


def test_a_pool_that_goes_home_early_shows_before_it_is_adopted(day: Path, folder: Folder) -> None:
    folder.replace(
        "operator.yaml", 'bogota, shift: {mon-sun: ["06:00-18:00"]}', 'bogota, shift: {mon-sun: ["06:00-12:00"]}'
    )
    result = run(day, folder.path, "--day", "2026-11-02")
    waited, promised = figure(result, "callers who waited"), figure(result, "promised a call-back")
    assert int(waited[1]) < int(waited[0])
    assert int(promised[1]) > int(promised[0])
    assert "es-US" in result.output
    assert "points between languages, in time" in result.output


def test_whoever_would_wait_for_nobody_is_promised_a_call_back_at_once(day: Path) -> None:
    organisation = read_folder(EXAMPLE, at=AT, allow_unsigned=True)
    people = people_of(read_arrivals(day, ZONE), organisation, mix_of(organisation, {}), 400.0)
    found = played(people, organisation)
    assert len(people) == 370
    assert len(found.waited) + len(found.promised) == 370
    assert {person.wish.service for person in found.promised} == {"prescriptions", "billing"}
    assert all(person.at < 3 * 3600 or person.at > 5 * 3600 for person in found.promised)


def test_a_day_that_this_installation_recorded_is_replayed_with_what_callers_wanted(
    installation: Installation,
) -> None:
    told = {"service": "scheduling", "language": "es-US", "urgency": "routine"}
    rows = [
        {
            "at": datetime(2026, 11, 2, 16, minute, tzinfo=UTC),
            "kind": kind,
            "practice_id": "maple",
            "call_id": "c",
            "data": told,
        }
        for minute, kind in ((5, "queued"), (6, "answered"), (9, "queued"))
    ]
    with installation.database.write() as connection:
        connection.execute(insert(event), rows)
    with installation.database.read() as connection:
        found = recorded(connection, datetime(2026, 11, 2).date(), "America/Chicago")
    assert [(one.wall.hour, one.wall.minute, one.service, one.language) for one in found] == [
        (10, 5, "scheduling", "es-US"),
        (10, 9, "scheduling", "es-US"),
    ]
    result = run(None, EXAMPLE, "--day", "2026-11-02", given=installation)
    assert figure(result, "callers who waited") == ["2", "2"]


def test_a_day_without_calls_is_said(installation: Installation) -> None:
    result = run(None, EXAMPLE, "--day", "2026-11-02", given=installation)
    assert result.exit_code == 1
    assert "recorded no call on 2026-11-02; name another day, or a file" in result.output


def test_without_an_interpreter_callers_wait_for_whoever_speaks_their_language(day: Path, folder: Folder) -> None:
    organisation = read_folder(EXAMPLE, at=AT, allow_unsigned=True)
    folder.replace("operator.yaml", "languages: [es-US], keys", "languages: [fil-PH], keys")
    without = read_folder(folder.path, at=AT, allow_unsigned=True)
    people = people_of(read_arrivals(day, ZONE), organisation, mix_of(organisation, {}), 400.0)
    spoken = [
        {outcome.agent for person, outcome in played(people, one).waited
         if outcome.agent and person.wish.language == "es-US" and "es-US" not in one.agents[outcome.agent].languages}
        for one in (organisation, without)
    ]  # fmt: skip
    assert spoken[0]
    assert not spoken[1]


def test_phones_that_ring_longer_and_are_missed_keep_callers_waiting(day: Path) -> None:
    waits = []
    for ringing in (("--ring", "0"), ("--ring", "19"), ("--ring", "0", "--missed", "0.3")):
        before, after = figure(run(day, EXAMPLE, "--day", "2026-11-02", *ringing), "answered within 20 s")
        assert before == after
        waits.append(float(before.rstrip("%")))
    assert waits[0] > max(waits[1:])


def test_callers_wait_for_whoever_took_their_last_call_but_not_for_long(example: Organisation) -> None:
    wish = Wish("maple", "loop", "scheduling", "en-US")
    stranger, friend = (Person(12 * 3600.0, wish, 400.0, known=known) for known in ("", "andres"))
    chosen = [played([person], example).waited[0][1].agent for person in (stranger, friend)]
    assert chosen[0] != chosen[1] == "andres"


def test_the_urgent_are_answered_first_and_kept_for_two_minutes_at_most(example: Organisation) -> None:
    wish = Wish("maple", "loop", "scheduling", "en-US")
    crowd = [Person(43200.0 + number, wish, 9000.0) for number in range(30)]
    last = Person(43300.0, wish, 9000.0, "urgent")
    routine, urgent = (
        {person.urgency: outcome for person, outcome in played([*crowd, one], example).waited if person.at == last.at}
        for one in (replace(last, urgency="routine"), last)
    )
    assert urgent["urgent"].waited < routine["routine"].waited
    assert urgent["urgent"].waited <= 120
