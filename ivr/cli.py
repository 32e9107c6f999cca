"""The ``sunline`` command. A command's module is imported only when that command is used."""

from __future__ import annotations

import logging
import tomllib
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any

import click

from ivr.core.command import CONFIGURATION, FEATURES, INSTALLATION, SECTIONS, Command
from ivr.core.private_files import keep_private
from ivr.core.settings import NOT_SET, CannotStart, SettingsError
from ivr.features import installed_commands, installed_features

ENTRY_POINTS = "sunline.commands"

ELSEWHERE = (
    Command("rehearse", "", "Run scripted calls in virtual time.", CONFIGURATION),
    Command("simulate", "", "Let thousands of callers use it, in virtual time.", CONFIGURATION),
    Command("demo", "", "Everything on this machine, with two scripted calls.", INSTALLATION),
)
"""Commands that are found by entry point."""

DEMO = Path("var", "demo")
"""Where a demo that was started here has its data."""


def known_commands() -> dict[str, Command]:
    """Every command by name, without importing any."""
    return dict(installed_commands()) | {one.name: one for one in ELSEWHERE}


class CommandMissing(click.ClickException):
    """A command that is known but not part of this installation."""


class LazyGroup(click.Group):
    """A group that knows the names and purposes of its commands without importing them."""

    own_process = False
    """Whether log lines of a command leave the process like those of every other; a test has a say in its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for place, argument in enumerate(args, start=1):
            if not _is_text(argument):
                mend = "set the terminal to UTF-8, and rename a file whose name is in another encoding"
                raise click.UsageError(f"argument {place} has a byte that is not UTF-8; {mend}", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        ctx.meta[FEATURES] = installed_features
        if self.own_process:
            import_module("ivr.privacy.logging").configure(json=False, level=logging.WARNING)
        try:
            return super().invoke(ctx)
        except CannotStart as reason:
            raise click.ClickException(str(reason) + _where_settings_are_told_of(reason)) from reason
        except Exception as error:
            if trouble := _trouble_with_database(error):
                raise click.ClickException(trouble) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(known_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = known_commands()
        renamed = {old: one.name for one in known.values() for old in one.formerly}
        if cmd_name in renamed:
            click.echo(f"`sunline {cmd_name}` is now `sunline {renamed[cmd_name]}`.", err=True)
        command = known.get(renamed.get(cmd_name, cmd_name))
        if command is None:
            return None
        return load_command(command.name, command.place or _entry_points().get(command.name, ""))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as unknown:
            near = get_close_matches(args[0], known_commands(), n=3)
            if near:
                told = f"{unknown.message.rstrip('.')}; did you mean {' or '.join(near)}?"
                raise click.UsageError(told, ctx) from unknown
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed, widest = known_commands().values(), max(map(len, known_commands()))
        for section in SECTIONS:
            with formatter.section(section):
                formatter.write_dl([(one.name.ljust(widest), one.purpose) for one in listed if one.section == section])


def _where_settings_are_told_of(reason: CannotStart) -> str:
    """For whoever has set nothing yet: the page of settings, and where a demo left its data, what looks at them."""
    if not (isinstance(reason, SettingsError) and any(NOT_SET in problem for problem in reason.problems)):
        return ""
    demo = f"\nto look at the demo: export SUNLINE_MODE=demo SUNLINE_DATA_DIR={DEMO}" if DEMO.is_dir() else ""
    return f"\ndocs/settings.md says what each setting is for{demo}"


def _is_text(argument: str) -> bool:
    """Whether an argument can be written down again: Python keeps a byte that is no text as half a character."""
    return not any("\ud800" <= character <= "\udfff" for character in argument)


def _trouble_with_database(error: Exception) -> str | None:
    """The database's own error in words; None for any other. Nothing is imported for a command that works."""
    if not any(kind.__module__.startswith("sqlalchemy.") for kind in type(error).__mro__):
        return None
    words: str = import_module("ivr.core.database_trouble").explain_trouble(error)
    return words


def load_command(name: str, place: str) -> click.Command:
    """The command at ``place`` (``module:attribute``); raises CommandMissing with the reason."""
    module, _, attribute = place.partition(":")
    try:
        command = getattr(import_module(module), attribute) if place else None
    except (ImportError, AttributeError) as missing:
        raise CommandMissing(f"`{name}` is not part of this installation: {missing}") from missing
    if not isinstance(command, click.Command):
        reason = f"{place} is not a command" if place else "no such entry point"
        raise CommandMissing(f"`{name}` is not part of this installation: {reason}")
    return command


def _entry_points() -> dict[str, str]:
    """Places of commands that live outside this package, from the source checkout and the installation."""
    installed = {point.name: point.value for point in entry_points(group=ENTRY_POINTS)}
    return declared_commands(Path(__file__).parents[1] / "pyproject.toml") | installed


def declared_commands(project: Path) -> dict[str, str]:
    """The entry points that a ``pyproject.toml`` declares; none where there is no such file."""
    if not project.is_file():
        return {}
    declared: dict[str, str] = tomllib.loads(project.read_text("utf-8"))["project"]["entry-points"][ENTRY_POINTS]
    return declared


def _show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    try:
        click.echo(f"Sunline {version('sunline')}")
    except PackageNotFoundError:
        click.echo("Sunline, from a source checkout")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def main() -> None:
    """Sunline: a healthcare phone line that follows the sun."""


def run() -> None:
    """The command line as a process of its own."""
    main.own_process = True
    keep_private()
    main()


if __name__ == "__main__":
    run()
