"""Every command that lists or reports something gives the same to programs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest

from ivr import cli
from recordings_vault.tables import vault_recording
from tests.ops.conftest import Run
from tests.web.line import CONFIG, NIGHT, Line, wav

AS = "--json"

MORNING = "date,start,calls\n2026-11-02,09:00,6\n2026-11-02,09:30,4\n"
AT = ("--at", "2026-11-02 12:00 UTC")

LISTS: dict[str, set[str]] = {
    "accounts list": {"name", "role", "active"},
    "agents list": set(),
    "audit verify": {"rows", "head", "problems"},
    "check": {"severity", "file", "line", "what", "mend"},
    "closure list": set(),
    "codes list": {"practice", "organisation", "name", "kind", "code_made_at"},
    "coverage": {"places", "services", "languages", "states", "hours", "times", "mend"},
    "explain": {"at", "outcome", "chosen", "needed", "configuration", "ranked", "refused", "same"},
    "flows check": {"flow", "version", "state", "safe", "continues", "otherwise", "refused"},
    "flows explore": {"flow", "as_met_by", "states", "answers", "longest", "safe", "known", "unsafe_path", "seconds"},
    "hearing test": {"style", "language", "what", "share", "low", "high", "hits", "total"},
    "hours": {"practice", "location", "zone", "open", "reason", "until", "opens"},
    "load": {"file", "place", "before", "after"},
    "preflight": {"severity", "what", "mend"},
    "protocol show": {"protocol", "version", "patients", "state", "signed_by", "signed_on", "review_by", "fingerprint"},
    "record": {"part", "item", "value", "missing"},
    "rehearse": {"file", "title", "passed", "expected", "found", "seconds", "took"},
    "replay": {"group", "what", "before", "after"},
    "report morning-summary": {"practice", "location", "from", "until", "part", "at", "call", "what"},
    "retention": {"kind", "id", "done"},
    "rota list": set(),
    "rota now": {"rota", "on_call", "beside", "next", "until", "untexted"}
    | {"unreached_since", "backup", "next_unreached"},
    "rota shifts": {"rota", "from", "until", "responsible"},
    "simulate": {"reason", "offered", "answered", "served", "abandoned", "stranded", "talk_mean"}
    | {"wait_p50", "wait_p90", "wait_p99", "within_20s", "within_30s"},
    "staffing": {"from", "calls", "erlang_a", "people", "all", "in_time", "mean_wait", "nobody_awake_for"},
    "vault list": {"id", "practice", "state", "seconds", "kept_until", "legal_hold"},
    "vault custody": {"sequence", "at", "actor", "action", "outcome", "purpose"},
    "vault unmatched": set(),
    "vault verify": {"id", "outcome", "sound"},
    "waits": set(),
}
"""What the first of the list has on the furnished line; nothing where nothing is listed."""
ELSEWHERE = {
    "explain": "tests/queue/test_decisions.py",
    "flows check": "tests/flows/test_commands.py",
    "flows explore": "tests/flows/test_commands.py",
    "record": "tests/ops/test_record_command.py",
    "rehearse": "tests/rehearsals/test_command.py",
    "report morning-summary": "tests/morning_summaries/test_report_command.py",
    "simulate": "tests/rehearsals/test_simulation.py",
}
"""Lists that need more than the furnished line, and where they are held against the table."""
DO = {
    "accounts add",
    "accounts disable",
    "accounts password",
    "agents away",
    "agents ready",
    "audit head",
    "clock",
    "closure begin",
    "closure end",
    "codes make",
    "codes withdraw",
    "demo",
    "flows draw",
    "flows freeze",
    "hearing explain",
    "hearing train",
    "key new",
    "key reseal",
    "key rotate",
    "migrate",
    "patients import",
    "pin set",
    "protocol sign",
    "rota ask-swap",
    "rota confirm-swap",
    "rota cover",
    "rota drill",
    "rota follow",
    "rota publish",
    "rota unfollow",
    "rota unpublish",
    "rota uncover",
    "rota withdraw-swap",
    "twilio connect",
    "vault destroy",
    "vault hold",
    "vault release",
    "vault retire",
    "vault rotate",
    "worker",
}
"""Commands that do something and say so in a line, or print one value. A new command is entered here or above."""


def commands() -> Iterator[tuple[str, click.Command]]:
    for name in cli.known_commands():
        command = cli.main.get_command(click.Context(cli.main), name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {one}", inner) for one, inner in command.commands.items())
        elif command is not None:
            yield name, command


def test_every_command_that_lists_or_reports_has_the_option_and_no_other() -> None:
    able = {name for name, command in commands() if any(one.name == "as_json" for one in command.params)}
    assert able == set(LISTS)


def test_every_command_is_known_to_list_or_to_do_something() -> None:
    assert sorted(name for name, _ in commands()) == sorted([*LISTS, *DO])


def test_the_option_is_one_for_all() -> None:
    options = (one for _, command in commands() for one in command.params if isinstance(one, click.Option))
    helps = {one.help for one in options if AS in one.opts}
    assert helps == {"Print a JSON list, with an object for each."}


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ELSEWHERE])
def test_a_list_is_json_with_the_same_keys_for_each(line: Line, run: Run, tmp_path: Path, name: str) -> None:
    recording_id = line.recording(line.new_call()[0], wav(1))
    more = arguments(recording_id, tmp_path)
    if name == "retention":
        with line.database.write() as connection:
            connection.execute(vault_recording.update().values(retention_until=NIGHT - timedelta(days=3650)))
    result = run(*name.split(), *more.get(name, ()), AS, **ENVIRONMENT.get(name, {}))
    found = json.loads(result.stdout)
    assert isinstance(found, list)
    assert set(found[0] if found else {}) == LISTS[name], result.output
    assert {frozenset(one) for one in found[:3]} <= {frozenset(LISTS[name])} or name == "hours"


ENVIRONMENT = {"load": {"SUNLINE_MODE": "demo"}}


def arguments(recording_id: str, folder: Path) -> dict[str, tuple[str, ...]]:
    """What each command is asked about."""
    (folder / "morning.csv").write_text(MORNING, "utf-8")
    shutil.copytree(CONFIG, folder / "changed")
    maple = folder / "changed" / "practices" / "maple.yaml"
    maple.write_text(maple.read_text("utf-8").replace("Maple Family Medicine", "Maple Family Practice"), "utf-8")
    arrivals, schedule = str(folder / "morning.csv"), ("--config", str(CONFIG))
    against = ("--against", str(CONFIG), "--day", "2026-11-02", "--runs", "1")
    held = folder / "held.yaml"
    held.write_text("language: en-US\nemergent: {heart: [my chest is crushing]}\n", "utf-8")
    return {
        "hearing test": (str(held),),
        "check": (str(CONFIG), *AT, "--quick", "--days", "366"),
        "coverage": (str(CONFIG), *AT, "--days", "9", "--people", "3"),
        "load": (str(folder / "changed"), "--dry-run"),
        "protocol show": (str(CONFIG / "protocols" / "adult-red-flags.yaml"),),
        "replay": (arrivals, *schedule, *against),
        "rota shifts": ("dr-lee",),
        "staffing": (arrivals, *schedule, "--on", "2026-11-24", "--calls", "200"),
        "vault custody": (recording_id,),
    }


def test_loading_as_json_asks_nothing(run: Run) -> None:
    refused = run("load", str(CONFIG), AS)
    assert refused.exit_code == 2
    assert "give --dry-run or --yes with it" in refused.output


def test_the_exit_status_says_the_same_with_and_without(line: Line, run: Run) -> None:
    line.recording(line.new_call()[0], wav(1))
    line.database.dispose()
    for recording in (line.path.parent / "recordings").rglob("*"):
        if recording.is_file():
            recording.write_bytes(b"altered")
    assert [run("vault", "verify", *more).exit_code for more in ((), (AS,))] == [1, 1]
