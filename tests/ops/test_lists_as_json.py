"""Every command that lists something gives the same to programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import pytest

from ivr import cli
from tests.ops.conftest import Run
from tests.web.line import CONFIG, Line, wav

LISTS = {
    "accounts list": {"name", "role", "active"},
    "agents list": set[str](),
    "closure list": set[str](),
    "coverage": {"places", "services", "languages", "states", "hours", "times", "mend"},
    "hours": {"practice", "location", "zone", "open", "reason", "until", "opens"},
    "preflight": {"severity", "what", "mend"},
    "vault list": {"id", "practice", "state", "seconds", "kept_until", "legal_hold"},
    "vault custody": {"sequence", "at", "actor", "action", "outcome", "purpose"},
    "vault unmatched": set[str](),
    "waits": set[str](),
}
"""What the first of the list has on the furnished line; nothing where nothing is listed."""


def commands() -> Iterator[tuple[str, click.Command]]:
    for name in cli.known_commands():
        command = cli.main.get_command(click.Context(cli.main), name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {one}", inner) for one, inner in command.commands.items())
        elif command is not None:
            yield name, command


def test_every_command_that_lists_has_the_option() -> None:
    able = {name for name, command in commands() if any("--json" in one.opts for one in command.params)}
    assert able == set(LISTS)
    assert {name for name, _ in commands() if name.endswith(" list")} <= able


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_json_with_the_same_keys_for_each(line: Line, run: Run, name: str) -> None:
    recording_id = line.recording(line.new_call()[0], wav(1))
    more = {"coverage": (str(CONFIG), "--at", "2026-11-02 12:00 UTC", "--days", "9", "--people", "3")}
    more["vault custody"] = (recording_id,)
    result = run(*name.split(), *more.get(name, ()), "--json")
    found = json.loads(result.stdout)
    assert set(found[0] if found else {}) == LISTS[name], result.output
