"""A practice that cannot open: put in force, told in every language, kept to, and over by itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Row, select

from ivr.audit.tables import audit_row
from ivr.closures import register
from ivr.closures.closure_command import closure as command
from ivr.closures.hours_command import hours
from ivr.closures.register import Closure
from ivr.closures.tables import closure
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import Installation
from ivr.ops.configuration_commands import load_organisation
from routing.hours import is_open, next_open, state
from routing.spans import Span
from routing.zones import to_utc
from tests.directory.conftest import AT, EXAMPLE

pytestmark = pytest.mark.sqlite_first

ENGLISH, SPANISH = "We cannot open: a pipe broke.", "No podemos abrir: se rompió una tubería."
WORDS = ("--say", "en-US", ENGLISH, "--say", "es-US", SPANISH)
WHY = ("--why", "water main broken")
UNTIL = ("--until", "2026-11-03 12:00 America/Chicago")


def chicago(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), "America/Chicago")


@pytest.fixture
def example(installation: Installation) -> Organisation:
    """The example organisation, in force on a Sunday morning."""
    organisation = read_folder(EXAMPLE, at=AT)
    load_organisation(installation, organisation, AT, seen=None)
    return organisation


def run(installation: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), obj=installation)


def begun(installation: Installation, *arguments: str) -> str:
    result = run(installation, "begin", *arguments)
    assert result.exit_code == 0, result.output
    return re.findall(r"in force as (\w+)", result.output)[0]


def rows(installation: Installation) -> list[Row[tuple[object, ...]]]:
    with installation.database.read() as connection:
        return list(connection.execute(select(closure)))


def audited(installation: Installation) -> list[tuple[str, str | None, str | None, str | None]]:
    with installation.database.read() as connection:
        found = connection.execute(select(audit_row).order_by(audit_row.c.sequence))
        return [(row.action, row.practice_id, row.object_id, row.reason) for row in found]


def words(installation: Installation, place: tuple[str, str], language: str, at: datetime) -> str:
    with installation.database.read() as connection:
        return register.find_words(connection, *place, language, at)


def test_a_closure_is_in_force_at_once_and_over_by_itself(installation: Installation, example: Organisation) -> None:
    begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    monday, until = chicago("2026-11-02T09:00"), chicago("2026-11-03T12:00")
    with installation.database.read() as connection:
        hours = register.live_calendar(connection, example, "maple", "loop", monday)
        after = register.live_calendar(connection, example, "maple", "loop", until)
    assert is_open(example.calendar("maple", "loop"), monday)
    assert state(hours, monday).reason == "emergency"
    assert next_open(hours, monday) == chicago("2026-11-03T13:00")
    assert after is example.calendar("maple", "loop")


def test_callers_are_told_in_their_language_while_it_lasts(installation: Installation, example: Organisation) -> None:
    begun(installation, "maple", "--from", "2026-11-02 08:00 America/Chicago", *UNTIL, *WORDS, *WHY)
    place, monday = ("maple", "loop"), chicago("2026-11-02T08:00")
    assert words(installation, place, "en-US", monday) == ENGLISH
    assert words(installation, place, "es-US", monday) == SPANISH
    assert words(installation, place, "en-US", monday - timedelta(seconds=1)) == ""
    assert words(installation, place, "en-US", chicago("2026-11-03T12:00")) == ""
    assert words(installation, ("riverside", "downtown"), "en-US", monday) == ""


def test_one_location_may_close_alone(installation: Installation, example: Organisation) -> None:
    begun(installation, "riverside", "--location", "westside", *UNTIL, *WORDS, *WHY)
    monday = chicago("2026-11-02T10:00")
    with installation.database.read() as connection:
        opened = [
            is_open(register.live_calendar(connection, example, "riverside", location, monday), monday)
            for location in ("downtown", "westside")
        ]
    assert opened == [True, False]
    assert words(installation, ("riverside", "downtown"), "en-US", monday) == ""


def test_the_newest_of_two_closures_speaks(installation: Installation, example: Organisation) -> None:
    begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    installation.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    begun(installation, "maple", *UNTIL, "--message", "weather", "--why", "ice storm")
    assert words(installation, ("maple", "loop"), "en-US", chicago("2026-11-02T09:00")).endswith("weather.")


def test_an_ended_closure_is_as_if_it_had_never_been(installation: Installation, example: Organisation) -> None:
    name = begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    tried = run(installation, "end", name, "--dry-run")
    assert "would keep its usual hours" in tried.output
    assert words(installation, ("maple", "loop"), "en-US", AT) == ENGLISH
    assert run(installation, "end", name).exit_code == 0
    assert words(installation, ("maple", "loop"), "en-US", AT) == ""
    again = run(installation, "end", name)
    assert (again.exit_code, "no closure" in again.output) == (1, True)
    (row,) = rows(installation)
    assert (row.ended_by, row.ended_at) == ("rosa", AT)


def test_who_closed_and_why_is_on_the_record(installation: Installation, example: Organisation) -> None:
    name = begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    run(installation, "end", name)
    assert audited(installation)[1:] == [
        ("closure.begin", "maple", name, "water main broken"),
        ("closure.end", "maple", name, None),
    ]


def test_a_dry_run_says_what_would_be_and_keeps_nothing(installation: Installation, example: Organisation) -> None:
    result = run(installation, "begin", "maple", *UNTIL, *WORDS, *WHY, "--dry-run")
    assert result.output.splitlines() == [
        "maple, loop: closed from Sun 2026-11-01 06:00 to Tue 2026-11-03 12:00 America/Chicago",
        f"  en-US: {ENGLISH}",
        f"  es-US: {SPANISH}",
    ]
    assert (rows(installation), len(audited(installation))) == ([], 1)


def test_the_list_shows_what_stands(installation: Installation, example: Organisation) -> None:
    name = begun(installation, "riverside", *UNTIL, "--message", "utilities", *WHY)
    listed = run(installation, "list").output
    assert f"{name}, by rosa: water main broken" in listed
    assert "riverside, westside: closed from" in listed
    assert "es-US: No podemos abrir porque no hay luz o agua." in listed
    installation.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    assert run(installation, "list").output == "0 closures\n"


def test_a_closure_of_a_place_that_is_gone_hides_no_other(installation: Installation, example: Organisation) -> None:
    gone = Closure("birch", None, Span(AT, AT + timedelta(days=1)), {}, "flood")
    with installation.database.write() as connection:
        register.begin_closure(connection, "older", gone, AT - timedelta(hours=1), "rosa")
    begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    listed = run(installation, "list").output
    assert "older, by rosa: flood\nthe organisation has no practice 'birch'" in listed
    assert f"en-US: {ENGLISH}" in listed
    assert listed.endswith("2 closures\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("maple", *UNTIL, *WORDS[:3], *WHY), 'no words in es-US; add --say es-US "..."'),
        (("maple", *UNTIL, *WORDS, "--say", "fr-CA", "Nous sommes fermés.", *WHY), "does not speak fr-CA"),
        (("maple", *UNTIL, *WHY), "give either --message or --say, once for each language: en-US, es-US"),
        (("maple", *UNTIL, *WORDS, "--message", "weather", *WHY), "give either --message or --say"),
        (("maple", "--until", "2026-10-31", *WORDS, *WHY), "over before it begins; give a later --until"),
        (("maple", "--from", "2026-11-05", *UNTIL, *WORDS, *WHY), "over before it begins"),
        (("maple", *WORDS, *WHY), "Missing option '--until'"),
        (("birch", *UNTIL, *WORDS, *WHY), "no practice 'birch'"),
        (("maple", "--location", "lake", *UNTIL, *WORDS, *WHY), "no location of maple 'lake'"),
        (("maple", *UNTIL, *WORDS, "--why", "Evelyn Carter called 312-555-0143!"), "a short phrase in small letters"),
    ],
)
def test_a_closure_that_cannot_be_meant_is_refused_with_the_mend(
    installation: Installation, example: Organisation, arguments: tuple[str, ...], told: str
) -> None:
    for last in ((), ("--dry-run",)):
        result = run(installation, "begin", *arguments, *last)
        assert result.exit_code != 0
        assert told in result.output
    assert rows(installation) == []


def hours_at(installation: Installation, text: str) -> list[str]:
    result = CliRunner().invoke(hours, ["--at", f"{text} America/Chicago"], obj=installation)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_hours_tell_who_is_open_and_how_deep_in_a_shift_people_are(
    installation: Installation, example: Organisation
) -> None:
    told = hours_at(installation, "2026-11-03 22:10")
    assert "maple, loop: closed, opens Wed 2026-11-04 08:00 America/Chicago" in told
    assert "manila, Wed 2026-11-04 12:10 Asia/Manila: 3 of 4 at work" in told
    assert "  ana: at work, 43% through, 5 h 10 min from the nearer edge" in told
    assert "  benjie: on a break, 43% through, 5 h 10 min from the nearer edge" in told
    assert not any(line.startswith("  grace") for line in told)


def test_hours_know_of_closures(installation: Installation, example: Organisation) -> None:
    monday = "2026-11-02 09:00"
    assert "maple, loop: open, until Mon 2026-11-02 12:00 America/Chicago" in hours_at(installation, monday)
    begun(installation, "maple", *UNTIL, *WORDS, *WHY)
    assert "maple, loop: closed (emergency), opens Tue 2026-11-03 13:00 America/Chicago" in hours_at(
        installation, monday
    )
