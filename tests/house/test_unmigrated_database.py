"""A database that was never migrated, or is behind: every command and process says so in one line, with the mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ivr import cli
from ivr.app import create_app
from ivr.core.settings import CannotStart, read_settings
from ivr.ops import processes, schema

CONFIG = Path(__file__).parents[2] / "config"
OF_NO_INSTALLATION = frozenset(
    {
        *(
            "hearing",
            "key",
            "coverage",
            "staffing",
            "flows",
            "check",
            "migrate",
            "twilio",
            "rehearse",
            "simulate",
            "demo",
        ),
        "protocol",
    }
)
"""They work with a folder or with the phone network, or make their own database."""
TELLS_OF_IT_AS_A_RISK = frozenset({"preflight"})
REASON = ("--reason", "a claim")

COMMANDS = (
    ("audit", "head"),
    ("audit", "verify"),
    ("patients", "import", "FILE", "--practice", "maple"),
    ("accounts", "add", "rosa", "--role", "agent", "--generate"),
    ("accounts", "disable", "rosa"),
    ("accounts", "list"),
    ("accounts", "password", "rosa", "--generate"),
    ("codes", "list"),
    ("codes", "make", "riverside", "lakeside"),
    ("codes", "withdraw", "riverside", "lakeside"),
    ("hours",),
    ("closure", "begin", "maple", "--until", "2026-12-01T08:00Z", "--why", "weather"),
    ("closure", "end", "c1"),
    ("closure", "list"),
    ("explain", "0" * 24),
    ("record", "0" * 24),
    ("waits",),
    ("agents", "away", "ana"),
    ("agents", "list"),
    ("agents", "ready", "ana"),
    ("pin", "set", "dr-lee"),
    ("rota", "ask-swap", "maple-physicians", "dr-okafor", "--as", "dr-lee", "--gives", "2098-12-10", "2098-12-11"),
    ("rota", "confirm-swap", "s1", "--as", "dr-okafor"),
    ("rota", "withdraw-swap", "s1", "--as", "dr-okafor"),
    ("rota", "cover", "maple-physicians", "dr-okafor", "--until", "2098-12-10"),
    ("rota", "uncover", "c1"),
    ("rota", "drill", "--rota", "maple-physicians", "--person", "dr-lee"),
    ("rota", "follow", "maple-physicians"),
    ("rota", "unfollow", "maple-physicians"),
    ("rota", "publish", "--person", "dr-lee"),
    ("rota", "unpublish", "a1"),
    ("rota", "list"),
    ("rota", "now"),
    ("rota", "shifts", "dr-lee"),
    ("vault", "custody", "x"),
    ("vault", "destroy", "x", *REASON),
    ("vault", "hold", "x", *REASON),
    ("vault", "list"),
    ("vault", "release", "x", *REASON),
    ("vault", "retire", "x"),
    ("vault", "rotate", "x"),
    ("vault", "unmatched"),
    ("vault", "verify"),
    ("report", "morning-summary", "--practice", "maple"),
    ("retention",),
    ("replay", "--config", "CONFIG", "--against", "CONFIG", "--day", "2026-11-02"),
    ("load", "CONFIG"),
    ("worker",),
    ("clock",),
)


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation whose database is an empty file."""
    (tmp_path / "patients.csv").write_text("id,name\n", "utf-8")
    yield {
        "SUNLINE_MODE": "demo",
        "SUNLINE_DATA_DIR": str(tmp_path),
        "SUNLINE_TWILIO_API_URL": "http://127.0.0.1:9",
        "SUNLINE_REDIS_URL": "redis://127.0.0.1:9",
    }
    processes._services.cache_clear()


def everything() -> Iterator[tuple[str, ...]]:
    """Every command with its subcommands that needs an installation."""
    for name in cli.known_commands():
        if name in OF_NO_INSTALLATION | TELLS_OF_IT_AS_A_RISK:
            continue
        command = cli.main.get_command(click.Context(cli.main), name)
        yield from ((name, one) for one in command.commands) if isinstance(command, click.Group) else ((name,),)


def test_every_command_of_an_installation_is_asked() -> None:
    asked = {command[: len(one)] for command in COMMANDS for one in everything() if command[: len(one)] == one}
    assert asked == set(everything())


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(one[:2]) for one in COMMANDS])
def test_a_command_names_the_mend_in_one_line(
    command: tuple[str, ...], environ: dict[str, str], tmp_path: Path
) -> None:
    stands_for = {"FILE": str(tmp_path / "patients.csv"), "CONFIG": str(CONFIG)}
    processes._services.cache_clear()
    arguments = [stands_for.get(one, one) for one in command]
    result = CliRunner().invoke(cli.main, arguments, env=environ, input="258036\n258036\n")
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    told = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(told) == 1, result.output
    assert told[0].endswith("sunline migrate")


def test_a_new_installation_is_migrated_though_nothing_of_it_is_there_yet(
    environ: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "not" / "there"
    new = environ | {"SUNLINE_DATA_DIR": str(folder)}
    done = CliRunner().invoke(cli.main, ["migrate"], env=new)
    assert (done.exit_code, done.output) == (0, "The database is up to date.\n"), done.output
    assert CliRunner().invoke(cli.main, ["accounts", "list"], env=new).exit_code == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_column_that_is_missing_is_told_the_same_way(environ: dict[str, str], tmp_path: Path) -> None:
    settings = read_settings(environ)
    schema.upgrade(settings.database_url)
    schema.downgrade(settings.database_url, "-1")
    for command in ("worker", "clock"):
        processes._services.cache_clear()
        result = CliRunner().invoke(cli.main, [command], env=environ)
        assert result.exit_code == 1
        assert "does not have the tables of this version; bring it up to date with: sunline migrate" in result.stderr


def test_the_first_web_process_of_an_installation_does_not_start(environ: dict[str, str]) -> None:
    with pytest.raises(CannotStart, match="bring it up to date with: sunline migrate"):
        create_app(read_settings(environ))


def test_a_later_web_process_says_so_and_still_answers_callers(
    environ: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fallback.xml").write_text("<Response/>", "utf-8")
    app = create_app(read_settings(environ))
    told = [line for line in "".join(capfd.readouterr()).splitlines() if "database_behind" in line]
    assert ["run_sunline_migrate" in line for line in told] == [True]
    assert app.extensions["sunline-fallback"] == "<Response/>"
