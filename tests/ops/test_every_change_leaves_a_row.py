"""Every command and every button that changes something leaves a row in the audit trail; the others change nothing.

A new command or a new action of a page must be entered here, among those that change something or those that do not.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import Row

from callflows.lifecycles.tables import PAGE
from ivr import cli
from ivr.audit.tables import audit_row
from ivr.calls import legs
from ivr.calls.places import Place
from ivr.calls.tables import call, leg
from ivr.closures import register
from ivr.closures.register import Closure
from ivr.core.instants import parse_instant
from ivr.core.state_machines import fire
from ivr.directory import revisions
from ivr.directory.organisation import read_folder
from ivr.features import installed_tables
from ivr.morning_summaries.register import write_down
from ivr.oncall.page_again import AGAIN_AFTER
from ivr.oncall.tables import page
from ivr.ops import schema
from ivr.rotas import addresses, covers, feeds
from ivr.rotas.swaps import Swap, ask_swap
from ivr.web.pages import FOR_TWILIO
from recordings_vault.tables import vault_recording
from routing.spans import Span
from tests.clinicians import buttons
from tests.ops.conftest import Account, Run
from tests.ops.test_twilio_connect import NUMBER
from tests.web.line import CONFIG, NIGHT, PIN, Line, wav

NEW_PIN, NEW_PASSWORD = "914703", "another six words in a row"
LAST_BUT_ONE = "9c40a7d1b3e8"
PATIENT = "id,name,date_of_birth,zip\nX-9,Ana Example,1988-02-29,60699\n"


@dataclass(frozen=True)
class Ready:
    """An installation in which each command has something to change."""

    line: Line
    recording: str
    closure: str
    folder: Path
    patients: Path


@dataclass(frozen=True)
class Act:
    """A command, what is typed, and the row that it must leave."""

    action: str
    arguments: Callable[[Ready], tuple[str, ...]]
    typed: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()


def plain(*arguments: str) -> Callable[[Ready], tuple[str, ...]]:
    return lambda ready: arguments


def of_a_night(ready: Ready) -> tuple[str, ...]:
    with ready.line.work() as work:
        write_down(work, Place("maple"), Span(NIGHT - timedelta(hours=8), NIGHT))
    return "report", "morning-summary", "--practice", "maple"


def of_recording(command: str, *more: str) -> Callable[[Ready], tuple[str, ...]]:
    return lambda ready: ("vault", command, ready.recording, *more)


WHY = ("--reason", "wish of the patient")
# Far ahead, because these commands go by the clock of the machine; Dr Lee has that week.
_GIVES = ("2098-12-10T14:00:00Z", "2098-12-11T14:00:00Z")
_COVER = ("rota", "cover", "maple-physicians", "dr-okafor", "--from", _GIVES[0], "--until", _GIVES[1])
_SWAP = ("rota", "ask-swap", "maple-physicians", "dr-okafor", "--as", "dr-lee", "--gives", *_GIVES)
CHANGES = {
    "accounts add": Act("staff.add", plain("accounts", "add", "rosa", "--role", "agent"), (NEW_PASSWORD,) * 2),
    "accounts password": Act("staff.password", plain("accounts", "password", "agent"), (NEW_PASSWORD,) * 2),
    "accounts disable": Act("staff.disable", plain("accounts", "disable", "agent")),
    "codes make": Act("organisation-code.make", plain("codes", "make", "riverside", "mercy")),
    "codes withdraw": Act("organisation-code.withdraw", plain("codes", "withdraw", "riverside", "lakeside")),
    "pin set": Act("pin.set", plain("pin", "set", "dr-lee"), (NEW_PIN,) * 2),
    "rota follow": Act("rota.follow", plain("rota", "follow", "maple-physicians"), ("https://calendar.example/x",)),
    "rota unfollow": Act("rota.unfollow", plain("rota", "unfollow", "maple-physicians")),
    "rota publish": Act("rota.publish", plain("rota", "publish", "--person", "dr-lee")),
    "rota unpublish": Act("rota.unpublish", plain("rota", "unpublish", "published")),
    "rota drill": Act("rota.drill", plain("rota", "drill", "--rota", "maple-physicians", "--person", "dr-lee")),
    "rota cover": Act("rota.cover", plain(*_COVER)),
    "rota uncover": Act("rota.uncover", plain("rota", "uncover", "covered")),
    "rota ask-swap": Act("rota.swap-ask", plain(*_SWAP)),
    "rota confirm-swap": Act("rota.swap-confirm", plain("rota", "confirm-swap", "swapped", "--as", "dr-okafor")),
    "rota withdraw-swap": Act("rota.swap-withdraw", plain("rota", "withdraw-swap", "swapped", "--as", "dr-lee")),
    "closure begin": Act(
        "closure.begin",
        plain(*["closure", "begin", "maple", "--until", "2099-01-01T00:00Z", "--message", "weather", "--why", "snow"]),
    ),
    "closure end": Act("closure.end", lambda ready: ("closure", "end", ready.closure)),
    "agents away": Act("agent.sign-out", plain("agents", "away", "thandi")),
    "agents ready": Act("agent.ready", plain("agents", "ready", "mateus")),
    "patients import": Act(
        "patients.import", lambda ready: ("patients", "import", str(ready.patients), "--practice", "maple")
    ),
    "load": Act("config.load", lambda ready: ("load", str(ready.folder), "--yes"), environ=(("SUNLINE_MODE", "demo"),)),
    "twilio connect": Act("twilio.connect", plain("twilio", "connect", NUMBER)),
    "key rotate": Act("key.rotate", plain("key", "rotate", "maple")),
    "key reseal": Act("key.reseal", plain("key", "reseal"), environ=(("SUNLINE_SEALS", "by-row"),)),
    "record": Act("call.record", lambda ready: ("record", ready.line.rows(call)[0].id)),
    "report morning-summary": Act("morning-summary.read", of_a_night),
    "vault hold": Act("vault.hold", of_recording("hold", *WHY)),
    "vault release": Act("vault.release", of_recording("release", *WHY)),
    "vault destroy": Act("vault.destroy", of_recording("destroy", *WHY, "--before-retention", "--yes")),
    "vault rotate": Act("vault.rotate", plain("vault", "rotate", "maple")),
    "vault retire": Act("vault.retire", plain("vault", "retire", "maple", "--yes")),
    "vault verify": Act("vault.verify", of_recording("verify")),
    "vault custody": Act("vault.custody", of_recording("custody")),
    "vault list": Act("vault.list", plain("vault", "list")),
    "vault unmatched": Act("vault.unmatched", plain("vault", "unmatched")),
    "retention": Act("vault.destroy", plain("retention", "--yes")),
    "migrate": Act("database.migrate", plain("migrate")),
}
LOOKS = {
    "accounts list": ("accounts", "list"),
    "agents list": ("agents", "list"),
    "codes list": ("codes", "list"),
    "audit head": ("audit", "head"),
    "audit verify": ("audit", "verify"),
    "closure list": ("closure", "list"),
    "rota list": ("rota", "list"),
    "rota now": ("rota", "now"),
    "rota shifts": ("rota", "shifts", "dr-lee"),
    "waits": ("waits",),
}
"""Commands that only look, each as it is run here."""
ELSEWHERE = {
    "key new": "makes a file before there is a database",
    "hours": "looks at a folder or at what is in force; tests/closures",
    "hearing train": "changes this checkout, whose history tells who did it; what it leaves elsewhere: tests/hearing",
    "hearing test": "reads a file",
    "hearing explain": "looks at words that are typed",
    "explain": "looks at decisions; tests/queue",
    "protocol show": "reads a file",
    "protocol sign": "writes a file, which load puts in force and leaves a row of; tests/directory",
    "preflight": "looks; tests/house/test_preflight.py holds that it touches nothing",
    "check": "reads a folder",
    "coverage": "reads a folder",
    "staffing": "reads a folder",
    "replay": "reads recorded calls",
    "flows check": "reads this checkout",
    "flows draw": "writes pictures where it is told",
    "flows explore": "reads this checkout",
    "flows freeze": "changes this checkout, whose history tells who did it",
    "worker": "a process: what it carries out was recorded when it was wanted",
    "clock": "a process",
    "rehearse": "an installation of its own, thrown away",
    "simulate": "an installation of its own, thrown away",
    "demo": "an installation of its own, thrown away",
}
"""Commands that change nothing of an installation, and why."""


def commands(command: click.Command, *path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from commands(below, *path, name)


def stored(line: Line) -> dict[str, list[Row[Any]]]:
    tables = [table for metadata in installed_tables() for table in metadata.sorted_tables]
    return {table.name: line.rows(table) for table in tables}


def actions(line: Line) -> list[tuple[str, str]]:
    return [(row.action, row.outcome) for row in line.rows(audit_row)]


def changed_configuration(folder: Path) -> Path:
    shutil.copytree(CONFIG, folder)
    file = folder / "practices" / "maple.yaml"
    file.write_text(file.read_text("utf-8").replace("Maple Family Medicine", "Maple Family Practice"), "utf-8")
    return folder


@pytest.fixture
def ready(line: Line, tmp_path: Path) -> Ready:
    recording = line.recording(line.new_call()[0], wav(1))
    patients, now = tmp_path / "patients.csv", line.clock.now()
    patients.write_text(PATIENT, "utf-8")
    weather = Closure("maple", None, Span(now, now + timedelta(days=10_000)), {}, "snow")
    with line.database.write() as connection:
        register.begin_closure(connection, "standing", weather, now, "rosa")
    return Ready(line, recording, "standing", changed_configuration(tmp_path / "changed"), patients)


def _prepare_rota(name: str, ready: Ready) -> None:
    file, now = ready.folder / "oncall.yaml", ready.line.clock.now()
    file.write_text(re.sub(r"expires: [0-9-]+", "expires: 2099-12-31", file.read_text("utf-8")), "utf-8")
    organisation, gives = read_folder(ready.folder, at=now), Span(*(parse_instant(one) for one in _GIVES))
    with ready.line.database.write() as connection:
        revisions.apply(connection, organisation, now, "rosa")
        if name == "rota unfollow":
            cipher, address = ready.line.services.cipher, "https://calendar.example/x"
            feeds.follow(connection, cipher, "maple-physicians", address, now, "rosa")
        elif name == "rota unpublish":
            addresses.publish(connection, organisation, "published", "person", "dr-lee", now, "rosa")
        elif name == "rota uncover":
            covers.cover(connection, organisation, "covered", "maple-physicians", "dr-okafor", gives, now, "rosa")
        elif name in ("rota confirm-swap", "rota withdraw-swap"):
            swap = Swap("maple-physicians", "dr-lee", gives, "dr-okafor")
            ask_swap(connection, organisation, "swapped", swap, now, "rosa")


def prepare(name: str, ready: Ready, run: Run, account: Account) -> None:
    """Bring about what the command undoes or needs."""
    if name == "vault release":
        run("vault", "hold", ready.recording, *WHY)
    elif name == "retention":
        with ready.line.database.write() as connection:
            connection.execute(vault_recording.update().values(retention_until=NIGHT - timedelta(days=3650)))
    elif name == "agents ready":
        run("agents", "away", "mateus")
    elif name == "codes withdraw":
        run("codes", "make", "riverside", "lakeside")
    elif name.startswith("rota "):
        _prepare_rota(name, ready)
    elif name == "migrate":
        schema.downgrade(f"sqlite:///{ready.line.path}", LAST_BUT_ONE)
    account.own(NUMBER)


def test_every_command_is_entered_here() -> None:
    assert sorted(commands(cli.main)) == sorted([*CHANGES, *LOOKS, *ELSEWHERE])


@pytest.mark.parametrize("name", CHANGES)
def test_a_command_that_changes_something_leaves_a_row(
    ready: Ready, run: Run, account: Account, at_the_network: dict[str, str], name: str
) -> None:
    act = CHANGES[name]
    prepare(name, ready, run, account)
    before = len(actions(ready.line))
    environ = dict(act.environ) | (at_the_network if name.startswith("twilio") else {})
    result = run(*act.arguments(ready), answers=act.typed, **environ)
    assert result.exit_code == 0, result.output
    assert actions(ready.line)[-1] == (act.action, "ok")
    assert len(actions(ready.line)) > before
    assert ready.line.rows(audit_row)[-1].actor not in ("", "unknown")


@pytest.mark.parametrize("name", LOOKS)
def test_a_command_that_only_looks_changes_nothing(ready: Ready, run: Run, name: str) -> None:
    before = stored(ready.line)
    result = run(*LOOKS[name])
    assert result.exit_code == 0, result.output
    assert stored(ready.line) == before


def test_what_was_refused_half_way_is_told_as_such(ready: Ready, run: Run, account: Account) -> None:
    run("vault", "hold", ready.recording, *WHY)
    refused = run("vault", "destroy", ready.recording, *WHY, "--before-retention", "--yes")
    assert refused.exit_code == 1
    assert actions(ready.line)[-2:] == [("vault.destroy", "asked"), ("vault.destroy", "refused")]


# --- the pages ------------------------------------------------------------------------------------


def sign_in(line: Line) -> None:
    assert line.client().sign_in("supervisor").status_code == 303


def sign_in_wrongly(line: Line) -> None:
    assert line.client().sign_in("supervisor", NEW_PASSWORD).status_code == 403


def sign_out(line: Line) -> None:
    line.client("supervisor").post("/sign-out", form="/calls")


def handle_message(line: Line) -> None:
    path = f"/messages/{line.message(wav(1)).id}"
    line.client("supervisor").post(f"{path}/handled", form=path)


def press(line: Line, act: str, **fields: str) -> None:
    """A supervisor presses a button about a call in which nobody talks: nothing is done, which leaves its row too."""
    path = f"/calls/{line.new_call()[0]}/identity"
    line.client("supervisor").post(f"{path}/{act}", form="/calls", **fields)


def text_code(line: Line) -> None:
    press(line, "code")


def type_code(line: Line) -> None:
    press(line, "code/given", code="123456")


def tick_list(line: Line) -> None:
    press(line, "check", result="proved")


def choose_zone(line: Line) -> None:
    line.client("supervisor").post("/time-zone", form="/calls", zone="Asia/Manila")


def link(line: Line) -> str:
    line.ill_caller()
    return f"/oncall/{line.one(page).token}"


def enter_pin(line: Line) -> None:
    line.client().post(link(line), pin=PIN)


def ring(line: Line) -> None:
    path, browser = link(line), line.client()
    browser.post(path, pin=PIN)
    line.clock.advance(AGAIN_AFTER)
    browser.post(f"{path}/ring", form=path)


def leave(line: Line) -> None:
    path, browser = link(line), line.client()
    browser.post(path, pin=PIN)
    browser.post(f"{path}/leave", form=path)


def hang_up(line: Line) -> None:
    (caller,) = line.rows(leg, role="caller")
    with line.work() as work:
        legs.note_status(work, caller.id, "completed", None)


def report_talk(line: Line) -> None:
    path, browser = link(line), line.client()
    browser.post(path, pin=PIN)
    paged = line.one(page)
    with line.work() as work:
        legs.lock_call(work, paged.call_id)
        fire(work, PAGE, page, paged.id, "accept")
    hang_up(line)
    browser.post(f"{path}/talked", form=path)


def close_care(line: Line) -> None:
    path = f"/open-care/{line.ill_caller()}/cared-for-elsewhere"
    hang_up(line)
    line.client("supervisor").post(path, form="/open-care")


PROVING = {
    "verification.text_code": ("patient.code", text_code),
    "verification.check_code": ("patient.code", type_code),
    "verification.decide": ("patient.check", tick_list),
}
"""Buttons that need somebody in a talk; what comes of them there is tried in tests/verification."""

BUTTONS = {
    "sign_in.sign_in": ("sign-in", sign_in),
    "sign_in.sign_out": ("sign-out", sign_out),
    "viewer_zone.choose_zone": ("account.time-zone", choose_zone),
    "messages.mark_handled": ("message.handle", handle_message),
    "oncall.sign_in": ("oncall.sign-in", enter_pin),
    "oncall.ring_clinician": ("oncall.ring", ring),
    "oncall.sign_out": ("oncall.sign-out", leave),
    "open_care.report_talk": ("oncall.talked", report_talk),
    "open_care.report_outcome": ("open-care.report", close_care),
    **buttons.BUTTONS,
}


def test_every_action_of_a_page_is_entered_here(line: Line) -> None:
    rules = [rule for rule in line.app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}]
    assert sorted(rule.endpoint for rule in rules if rule.endpoint.partition(".")[0] not in FOR_TWILIO) == sorted(
        [*BUTTONS, *PROVING]
    )


@pytest.mark.parametrize("name", BUTTONS)
def test_an_action_of_a_page_leaves_a_row(line: Line, name: str) -> None:
    action, act = BUTTONS[name]
    act(line)
    assert actions(line)[-1] == (action, "ok")


@pytest.mark.parametrize("name", PROVING)
def test_an_attempt_to_prove_a_caller_leaves_a_row_where_nothing_comes_of_it(line: Line, name: str) -> None:
    action, act = PROVING[name]
    act(line)
    assert (action, "no-talk") in actions(line)


def test_signing_in_that_fails_or_comes_too_early_leaves_a_row_each_time(line: Line) -> None:
    for _ in range(7):
        sign_in_wrongly(line)
    assert actions(line) == [("sign-in", "denied")] * 5 + [("sign-in", "too-early")] * 2
