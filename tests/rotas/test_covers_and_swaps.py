"""Covers hold at once, swaps once both agree; each can be taken back, and all of it is on the record."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from ivr.audit.tables import audit_row
from ivr.core.clock import SteppedClock
from ivr.directory.organisation import Organisation
from ivr.installation.command_line import Installation
from ivr.oncall.rota_command import rota as command
from ivr.oncall.tables import text_trouble
from ivr.rotas.duties import list_on_duty, list_shifts
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import rota_cover, rota_swap
from routing.rota import next_on_call, on_call
from routing.zones import to_utc
from tests.calls.office import CONFIG
from tests.directory.conftest import AT

pytestmark = pytest.mark.sqlite_first

MAPLE = "maple-physicians"
MONDAY = "2026-11-16 08:00 America/Chicago"
TUESDAY = "2026-11-17 08:00 America/Chicago"
NEXT_MONDAY, NEXT_TUESDAY = "2026-11-23 08:00 America/Chicago", "2026-11-24 08:00 America/Chicago"
GIVES, TAKES = ("--gives", MONDAY, TUESDAY), ("--takes", NEXT_MONDAY, NEXT_TUESDAY)


def chicago(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text[:16]), "America/Chicago")


def run(installation: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), obj=installation)


def done(installation: Installation, *arguments: str) -> str:
    result = run(installation, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(installation: Installation, *arguments: str) -> str:
    result = run(installation, *arguments)
    assert result.exit_code == 1, result.output
    return result.output


def made(output: str) -> str:
    return re.findall(r"as (\w+)$", output.strip())[0]


def responsible(installation: Installation, organisation: Organisation, at: datetime) -> str:
    with installation.database.read() as connection:
        return on_call(with_live_rotas(connection, organisation, at).rotas[MAPLE], at)


def actions(installation: Installation) -> list[tuple[str, str | None]]:
    with installation.database.read() as connection:
        wanted = select(audit_row.c.action, audit_row.c.object_id).where(audit_row.c.action.like("rota.%"))
        return [tuple(row) for row in connection.execute(wanted.order_by(audit_row.c.sequence))]  # type: ignore[misc]


def test_a_cover_holds_at_once_until_its_end_and_is_on_the_record(
    installation: Installation, example: Organisation
) -> None:
    until = "2026-11-01 20:00 America/Chicago"
    output = done(installation, "cover", MAPLE, "dr-okafor", "--until", until, "--why", "ill")
    assert "maple-physicians: dr-okafor for whoever is on call from Sun 2026-11-01 06:00 until Sun 2026-11-01" in output
    assert "dr-okafor has no PIN and cannot accept a page; let them run: sunline pin set dr-okafor" in output
    moments = [AT, chicago(until) - timedelta(seconds=1), chicago(until)]
    assert [responsible(installation, example, at) for at in moments] == ["dr-okafor", "dr-okafor", "dr-lee"]
    assert actions(installation) == [("rota.cover", made(output))]


def test_whoever_is_covered_stays_in_line_behind(installation: Installation, example: Organisation) -> None:
    done(installation, "cover", MAPLE, "dr-patel", "--until", MONDAY)
    with installation.database.read() as connection:
        rota = with_live_rotas(connection, example, AT).rotas[MAPLE]
    assert (on_call(rota, AT), next_on_call(rota, AT)) == ("dr-patel", "dr-okafor")


def test_a_cover_for_one_person_holds_only_where_they_are_on_call(
    installation: Installation, example: Organisation
) -> None:
    done(installation, "cover", MAPLE, "dr-patel", "--instead-of", "dr-okafor", "--until", NEXT_TUESDAY)
    moments = ["2026-11-01 12:00", "2026-11-05 12:00", "2026-11-10 12:00", "2026-11-17 12:00"]
    found = [responsible(installation, example, chicago(at)) for at in moments]
    assert found == ["dr-lee", "dr-patel", "dr-patel", "dr-lee"]


def test_the_cover_made_last_holds_and_the_rest_of_the_other_remains(
    installation: Installation, example: Organisation
) -> None:
    done(installation, "cover", MAPLE, "dr-patel", "--until", "2026-11-02 08:00 America/Chicago")
    clock = installation.clock
    assert isinstance(clock, SteppedClock)
    clock.advance(timedelta(minutes=1))
    part = ("--from", "2026-11-01 18:00 America/Chicago", "--until", "2026-11-01 20:00 America/Chicago")
    done(installation, "cover", MAPLE, "dr-okafor", *part)
    moments = ["2026-11-01 17:00", "2026-11-01 18:00", "2026-11-01 20:00"]
    found = [responsible(installation, example, chicago(at)) for at in moments]
    assert found == ["dr-patel", "dr-okafor", "dr-patel"]


def test_a_cover_can_be_ended_and_undone(installation: Installation, example: Organisation) -> None:
    name = made(done(installation, "cover", MAPLE, "dr-okafor", "--until", MONDAY))
    assert "would end" in done(installation, "uncover", name, "--dry-run")
    assert responsible(installation, example, AT) == "dr-okafor"
    done(installation, "uncover", name)
    assert responsible(installation, example, AT) == "dr-lee"
    assert "no cover" in refused(installation, "uncover", name)
    assert actions(installation) == [("rota.cover", name), ("rota.uncover", name)]


def test_what_was_covered_until_it_was_ended_stays_told(installation: Installation, example: Organisation) -> None:
    name = made(done(installation, "cover", MAPLE, "dr-okafor", "--until", MONDAY))
    clock = installation.clock
    assert isinstance(clock, SteppedClock)
    clock.advance(timedelta(hours=2))
    done(installation, "uncover", name)
    with installation.database.read() as connection:
        shifts = list_shifts(connection, example, "dr-okafor", AT, AT + timedelta(hours=6))
    assert [(shift.start, shift.end) for shift in shifts] == [(AT, AT + timedelta(hours=2))]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((MAPLE, "dr-garza", "--until", MONDAY), "dr-garza has no licence that is valid in IL"),
        ((MAPLE, "dr-li", "--until", MONDAY), "the organisation has no person 'dr-li'"),
        (("maple", "dr-lee", "--until", MONDAY), "there is no rota maple; name one of: maple-physicians"),
        ((MAPLE, "dr-lee", "--until", "2026-10-01T00:00Z"), "over before it begins"),
        ((MAPLE, "dr-lee", "--until", "2028-10-01T00:00Z"), "longer than a year"),
        ((MAPLE, "dr-lee", "--instead-of", "dr-lee", "--until", MONDAY), "stands in for themselves"),
        (
            (MAPLE, "dr-lee", "--until", "2026-11-02"),
            "dr-lee is on call on maple-physicians for all of that time anyway",
        ),
        (
            (MAPLE, "dr-patel", "--instead-of", "dr-okafor", "--until", "2026-11-02"),
            "dr-okafor is not on call on maple-physicians in that time, so that nobody would stand in for them",
        ),
        ((MAPLE, "dr-lee", "--until", MONDAY, "--why", "Jane Roe is ILL"), "--why must be a short phrase"),
    ],
)
def test_a_cover_that_must_not_be_is_refused(
    installation: Installation, example: Organisation, arguments: tuple[str, ...], why: str
) -> None:
    assert example.rotas[MAPLE]
    assert why in refused(installation, "cover", *arguments)
    assert actions(installation) == []


def test_a_day_alone_is_midnight_on_the_clocks_of_the_rota_and_that_is_said(
    installation: Installation, example: Organisation
) -> None:
    told = done(installation, "cover", MAPLE, "dr-patel", "--from", "2026-11-05", "--until", "2026-11-06")
    assert told.splitlines()[:2] == [
        "2026-11-05 is read as Thu 2026-11-05 00:00 America/Chicago, on the clocks of the rota",
        "2026-11-06 is read as Fri 2026-11-06 00:00 America/Chicago, on the clocks of the rota",
    ]
    moments = [chicago(f"2026-11-0{text}") for text in ("4 23:59", "5 00:00", "5 23:59", "6 00:00")]
    assert [responsible(installation, example, at) for at in moments] == [
        *("dr-okafor", "dr-patel", "dr-patel", "dr-okafor"),
    ]
    assert done(installation, "now", MAPLE, "--at", "2026-11-05").splitlines() == [
        f"{MAPLE}: 2026-11-05 is read as Thu 2026-11-05 00:00 America/Chicago, on the clocks of the rota",
        f"{MAPLE}: dr-patel until Fri 2026-11-06 00:00 America/Chicago; next dr-lee",
    ]
    shifts = done(installation, "shifts", "dr-patel", "--from", "2026-11-05", "--until", "2026-11-06")
    assert "from Thu 2026-11-05 00:00 until Fri 2026-11-06 00:00 America/Chicago" in shifts
    asked = done(installation, "ask-swap", MAPLE, "dr-patel", "--as", "dr-lee", "--gives", "2026-11-17", "2026-11-18")
    assert "2026-11-17 is read as Tue 2026-11-17 00:00 America/Chicago" in asked
    (row,) = json.loads(done(installation, "now", MAPLE, "--at", "2026-11-05", "--json"))
    assert row["on_call"] == "dr-patel"


def test_a_swap_is_listed_as_one_and_not_as_two_covers(installation: Installation, example: Organisation) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES, *TAKES))
    done(installation, "confirm-swap", asked, "--as", "dr-okafor")
    listed, counts = done(installation, "list").splitlines()
    assert listed.startswith(f"{asked}, {MAPLE}: dr-okafor for dr-lee from Mon 2026-11-16 08:00")
    assert "; dr-lee for dr-okafor from Mon 2026-11-23 08:00" in listed
    assert listed.endswith(", a swap that both agreed to")
    assert counts == "0 covers, 1 swap agreed to, 0 swaps without an answer"
    assert [(one["kind"], one["id"]) for one in json.loads(done(installation, "list", "--json"))] == [("swap", asked)]
    assert example.rotas


def test_a_try_changes_nothing(installation: Installation, example: Organisation) -> None:
    assert "dr-okafor for whoever" in done(installation, "cover", MAPLE, "dr-okafor", "--until", MONDAY, "--dry-run")
    assert responsible(installation, example, AT) == "dr-lee"
    assert actions(installation) == []


def test_a_swap_holds_only_once_the_other_agrees(installation: Installation, example: Organisation) -> None:
    # Dr Lee has the week of the 16th, Dr Okafor that of the 23rd.
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES, *TAKES))
    moments = [chicago("2026-11-16 12:00"), chicago("2026-11-23 12:00")]
    assert [responsible(installation, example, at) for at in moments] == ["dr-lee", "dr-okafor"]
    assert "dr-okafor was asked, not dr-lee" in refused(installation, "confirm-swap", asked, "--as", "dr-lee")
    assert "would hold" in done(installation, "confirm-swap", asked, "--as", "dr-okafor", "--dry-run")
    assert [responsible(installation, example, at) for at in moments] == ["dr-lee", "dr-okafor"]
    done(installation, "confirm-swap", asked, "--as", "dr-okafor")
    assert [responsible(installation, example, at) for at in moments] == ["dr-okafor", "dr-lee"]
    assert "waits for an answer" in refused(installation, "confirm-swap", asked, "--as", "dr-okafor")
    assert [action for action, _ in actions(installation)] == [
        "rota.swap-ask",
        "rota.cover",
        "rota.cover",
        "rota.swap-confirm",
    ]


def test_a_swap_both_agreed_to_can_be_undone_by_either(installation: Installation, example: Organisation) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES, *TAKES))
    done(installation, "confirm-swap", asked, "--as", "dr-okafor")
    assert "between dr-lee and dr-okafor" in refused(installation, "withdraw-swap", asked, "--as", "dr-patel")
    done(installation, "withdraw-swap", asked, "--as", "dr-okafor")
    moments = [chicago("2026-11-16 12:00"), chicago("2026-11-23 12:00")]
    assert [responsible(installation, example, at) for at in moments] == ["dr-lee", "dr-okafor"]
    assert "no swap" in refused(installation, "withdraw-swap", asked, "--as", "dr-lee")


def test_half_of_a_swap_cannot_be_undone(installation: Installation, example: Organisation) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES, *TAKES))
    done(installation, "confirm-swap", asked, "--as", "dr-okafor")
    assert f"sunline rota withdraw-swap {asked}" in refused(installation, "uncover", f"{asked}-1")
    moments = [chicago("2026-11-16 12:00"), chicago("2026-11-23 12:00")]
    assert [responsible(installation, example, at) for at in moments] == ["dr-okafor", "dr-lee"]


def test_a_swap_that_is_taken_back_cannot_be_agreed_to(installation: Installation, example: Organisation) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES))
    done(installation, "withdraw-swap", asked, "--as", "dr-lee")
    assert "no swap" in refused(installation, "confirm-swap", asked, "--as", "dr-okafor")
    assert responsible(installation, example, chicago("2026-11-16 12:00")) == "dr-lee"


def test_a_shift_that_was_given_away_meanwhile_cannot_be_swapped(
    installation: Installation, example: Organisation
) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES))
    done(installation, "cover", MAPLE, "dr-patel", "--from", MONDAY, "--until", TUESDAY)
    assert "dr-lee is not on call on maple-physicians for all" in refused(
        installation, "confirm-swap", asked, "--as", "dr-okafor"
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("dr-okafor", "--as", "dr-lee", *TAKES[:0], "--gives", NEXT_MONDAY, NEXT_TUESDAY), "dr-lee is not on call"),
        (("dr-garza", "--as", "dr-lee", *GIVES), "dr-garza has no licence"),
        (("dr-lee", "--as", "dr-lee", *GIVES), "nobody swaps with themselves"),
        (("dr-okafor", "--as", "dr-lee", *GIVES, "--takes", MONDAY, TUESDAY), "dr-okafor is not on call"),
    ],
)
def test_a_swap_of_what_is_not_theirs_is_refused(
    installation: Installation, example: Organisation, arguments: tuple[str, ...], why: str
) -> None:
    assert example.rotas[MAPLE]
    assert why in refused(installation, "ask-swap", MAPLE, *arguments)


def test_two_confirmations_at_once_make_one_swap(installation: Installation, example: Organisation) -> None:
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES))
    with installation.database.write() as connection:
        agreed = update(rota_swap).where(rota_swap.c.id == asked).values(agreed_at=AT, agreed_by="other")
        connection.execute(agreed)
    assert "no swap" in refused(installation, "confirm-swap", asked, "--as", "dr-okafor")
    with installation.database.read() as connection:
        assert connection.execute(select(rota_cover)).all() == []
    assert example.rotas


def test_lists_tell_who_is_on_call_who_is_next_and_what_is_open(
    installation: Installation, example: Organisation
) -> None:
    assert example.rotas
    assert done(installation, "now") == (
        "maple-physicians: dr-lee until Mon 2026-11-02 08:00 America/Chicago; next dr-okafor\n"
        "riverside-physicians: dr-nguyen until Mon 2026-11-02 08:00 America/Chicago; next dr-garza\n"
    )
    asked = made(done(installation, "ask-swap", MAPLE, "dr-okafor", "--as", "dr-lee", *GIVES))
    covered = made(done(installation, "cover", MAPLE, "dr-patel", "--until", MONDAY, "--why", "ill"))
    listed = json.loads(done(installation, "list", "--json"))
    assert [(one["kind"], one["id"]) for one in listed] == [("cover", covered), ("swap", asked)]
    told = done(installation, "list")
    assert "by rosa: ill" in told
    assert "waits for dr-okafor" in told
    found = json.loads(done(installation, "now", MAPLE, "--json"))
    assert [(one["on_call"], one["next"], one["until"]) for one in found] == [
        ("dr-patel", "dr-okafor", "2026-11-16T14:00:00Z")
    ]
    assert "there is no rota maple" in refused(installation, "now", "maple")
    shifts = json.loads(done(installation, "shifts", "dr-lee", "--until", "2026-11-30T00:00Z", "--json"))
    assert [(one["rota"], one["from"]) for one in shifts] == [(MAPLE, "2026-11-16T14:00:00Z")]
    assert "1 shift" in done(installation, "shifts", "dr-lee", "--until", "2026-11-30T00:00Z")


def test_rotas_that_are_not_loaded_are_told_with_the_covers_that_stand(
    installation: Installation, example: Organisation, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    file = folder / "oncall.yaml"
    file.write_text(file.read_text("utf-8").replace("people: [dr-lee, dr-okafor]", "people: [dr-patel]"), "utf-8")
    new = ("--config", str(folder))
    far = ("--from", "2026-11-30T14:00Z", "--until", "2026-12-07T14:00Z")
    assert "1 shift" in done(installation, "shifts", "dr-patel", *far, *new)
    assert "0 shifts" in done(installation, "shifts", "dr-patel", *far)
    assert f"{MAPLE}: dr-patel until" in done(installation, "now", MAPLE, "--at", "2026-11-30T15:00Z", *new)
    done(installation, "cover", MAPLE, "dr-okafor", "--until", MONDAY)
    assert f"{MAPLE}: dr-okafor until" in done(installation, "now", MAPLE, *new)


def test_what_pages_show_is_what_paging_asks(installation: Installation, example: Organisation) -> None:
    done(installation, "cover", MAPLE, "dr-patel", "--until", MONDAY)
    with installation.database.read() as connection:
        shown = {one.rota: one.on_call for one in list_on_duty(connection, example, AT)}
    assert shown[MAPLE] == responsible(installation, example, AT) == "dr-patel"


def test_whoever_asks_who_is_on_call_hears_to_whom_texts_do_not_arrive(
    installation: Installation, example: Organisation
) -> None:
    rows = {"dr-lee": "+13125550181", "dr-patel": "+13125550183"}
    for person, number in rows.items():
        with installation.database.write() as connection:
            row = {"number": number, "person_id": person, "code": 21610, "since": AT}
            connection.execute(text_trouble.insert().values(row))
    told = done(installation, "now").splitlines()
    assert told[2:] == [
        f"texts to dr-lee do not arrive: it has opted out by STOP, since {AT:%Y-%m-%d %H:%M} UTC; "
        "their telephone is rung all the same"
    ]
    assert [one["untexted"] for one in json.loads(done(installation, "now", "--json"))] == [["dr-lee"], []]
