"""The ``sunline`` command: quick to list, clear when something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import bench.__main__
import phonesim.__main__
from ivr import cli
from ivr.core.command import SECTIONS
from ivr.core.settings import SettingsError

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False).output


@pytest.mark.parametrize("name", cli.known_commands())
def test_the_list_of_commands_says_what_each_is_for(name: str) -> None:
    (line,) = [line for line in run("--help").splitlines() if line.split()[:1] == [name]]
    assert len(line.split()) > 3


@pytest.mark.parametrize("name", cli.known_commands())
def test_every_command_is_there_and_explains_itself(name: str) -> None:
    command = cli.main.get_command(click.Context(cli.main), name)
    assert command is not None
    assert command.help


def test_listing_the_commands_imports_none_of_them() -> None:
    code = (
        "import sys\n"
        "from ivr.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'sqlalchemy', 'flask', 'twilio', 'redis', 'tink', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(f'imported {sorted(heavy)}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("module", ["ivr.cli", "phonesim"])
@pytest.mark.parametrize("arguments", [("check", "\udcff"), ("\udcff",), ("hearing", "explain", "\udcff")])
def test_an_argument_that_is_not_utf_8_is_told_at_the_door(module: str, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"argument {len(arguments)} has a byte that is not UTF-8; set the terminal to UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_goes_wrong_beside_a_command_is_one_line_that_quotes_nothing() -> None:
    code = (
        "import click, logging, structlog\n"
        "from ivr import cli\n"
        "@click.command()\n"
        "def preflight():\n"
        "    logging.getLogger('alembic').info('as planned')\n"
        "    try:\n"
        "        int('Evelyn Carter')\n"
        "    except ValueError as problem:\n"
        "        structlog.get_logger().warning('redis_unavailable', exc_info=problem)\n"
        "cli.load_command = lambda name, place: preflight\n"
        "cli.run()\n"
    )
    asked = [sys.executable, "-c", code, "preflight"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (0, "", 1)
    assert "redis_unavailable" in done.stderr
    assert "Evelyn" not in done.stderr


@pytest.mark.parametrize(("old", "new"), [("doctor", "preflight"), ("staff", "accounts")])
def test_an_old_name_still_answers_and_says_the_new_one(old: str, new: str) -> None:
    told = CliRunner().invoke(cli.main, [old, "--help"])
    assert told.exit_code == 0
    assert told.stderr == f"`sunline {old}` is now `sunline {new}`.\n"
    assert told.stdout.replace(f" {old} ", f" {new} ") == run(new, "--help")
    assert old not in [line.split()[0] for line in run("--help").splitlines() if line.startswith("  ")]


def test_every_command_is_in_a_section_of_the_list() -> None:
    assert {one.section for one in cli.known_commands().values()} == set(SECTIONS)


def test_an_unknown_command_is_refused() -> None:
    assert "No such command 'dance'" in run("dance")
    assert "No such command 'rehers'; did you mean rehearse?" in run("rehers")


def test_a_command_whose_module_is_missing_says_so() -> None:
    with pytest.raises(cli.CommandMissing, match="`dance` is not part of this installation: No module named"):
        cli.load_command("dance", "ivr.dancing:dance")


def test_a_command_without_any_place_says_so() -> None:
    with pytest.raises(cli.CommandMissing, match="no such entry point"):
        cli.load_command("dance", "")


def test_something_that_is_no_command_says_so() -> None:
    with pytest.raises(cli.CommandMissing, match="is not a command"):
        cli.load_command("dance", "ivr.cli:load_command")


def test_commands_from_outside_are_found_in_a_source_checkout() -> None:
    assert cli.declared_commands(ROOT / "pyproject.toml").keys() == {"rehearse", "simulate", "demo"}


def test_without_a_source_checkout_there_are_no_commands_from_outside(tmp_path: Path) -> None:
    assert cli.declared_commands(tmp_path / "pyproject.toml") == {}


def test_settings_that_cannot_be_used_are_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def start() -> None:
        raise SettingsError(["SUNLINE_MODE: cannot be read; give production or demo"])

    monkeypatch.setattr(cli, "load_command", lambda _name, _place: start)
    result = CliRunner().invoke(cli.main, ["preflight"])
    assert (result.exit_code, result.output) == (1, "Error: SUNLINE_MODE: cannot be read; give production or demo\n")


def test_whoever_has_set_nothing_is_led_to_the_settings_and_to_the_demo_that_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bare = {name: None for name in os.environ if name.startswith(("SUNLINE_", "TWILIO_"))}
    told = CliRunner().invoke(cli.main, ["record", "CALL"], env=bare).output.splitlines()
    assert told[-1] == "docs/settings.md says what each setting is for"
    (tmp_path / "var" / "demo").mkdir(parents=True)
    told = CliRunner().invoke(cli.main, ["record", "CALL"], env=bare).output.splitlines()
    assert told[-1] == "to look at the demo: export SUNLINE_MODE=demo SUNLINE_DATA_DIR=var/demo"


def options(command: click.Command, path: str) -> Iterator[tuple[str, click.Parameter]]:
    """Every option and argument of a command and of those below it."""
    yield from ((f"{path} {one.opts[0]}", one) for one in command.params)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from options(below, f"{path} {name}")


NUMBERS = {
    name: option
    for root in (cli.main, phonesim.__main__.main, bench.__main__.main)
    for name, option in options(root, str(root.callback and root.callback.__module__.partition(".")[0]))
    if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType) and "--seed" not in option.opts
}
"""Options that take a number. Any whole number is a seed."""


def test_options_that_take_numbers_are_found() -> None:
    assert {
        "ivr staffing --within",
        "ivr coverage --people",
        "phonesim load --for",
        "ivr demo --port",
    } <= NUMBERS.keys()


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-1", "1e400", "9" * 400])
def test_no_option_takes_a_number_that_makes_no_sense(name: str, text: str) -> None:
    with pytest.raises(click.BadParameter):
        NUMBERS[name].type.convert(text, NUMBERS[name], None)


MAY_BE_NOTHING = {"ivr staffing --ring", "ivr replay --ring", "ivr staffing --missed", "ivr replay --missed"}


@pytest.mark.parametrize("name", sorted(NUMBERS.keys() - MAY_BE_NOTHING))
def test_zero_is_refused_where_it_makes_no_sense(name: str) -> None:
    with pytest.raises(click.BadParameter):
        NUMBERS[name].type.convert("0", NUMBERS[name], None)


def every_command() -> Iterator[tuple[str, ...]]:
    """Each command and each of its parts, by the words that are typed."""
    for name in cli.known_commands():
        yield (name,)
        command = cli.main.get_command(click.Context(cli.main), name)
        if isinstance(command, click.Group):
            yield from ((name, part) for part in command.commands)


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_help_needs_no_installation_and_cuts_no_sentence_off(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("SUNLINE_", "TWILIO_"))]:
        monkeypatch.delenv(name)
    told = run(*words, "--help")
    assert told.startswith(f"Usage: main {' '.join(words)} ")
    assert "..." not in told.partition("Commands:")[2]
    assert "%Y" not in told
