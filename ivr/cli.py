"""The ``sunline`` command. A command's module is imported only when that command is used."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import Any

import click

from ivr.core.settings import CannotStart

ENTRY_POINTS = "sunline.commands"

COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": ("ivr.ops.configuration_commands:check", "Is a configuration valid, covered and safe?"),
    "load": ("ivr.ops.configuration_commands:load", "Load a configuration; the difference is shown first."),
    "patients": ("ivr.ops.configuration_commands:patients", "Import patients from CSV or FHIR."),
    "hours": ("ivr.closures.hours_command:hours", "Who is open, who is at work, and until when?"),
    "closure": ("ivr.closures.closure_command:closure", "Close a practice at once, with a message for its callers."),
    "explain": ("ivr.queue.explain_command:explain", "Why did a call wait, and why was this agent asked?"),
    "waits": ("ivr.queue.waits_command:waits", "How true were the waits that callers were told?"),
    "agents": ("ivr.queue.agents_command:agents_command", "Who is set aside or away, and who is ready again?"),
    "coverage": ("ivr.workforce.coverage_command:coverage", "Are enough people awake to answer, at every instant?"),
    "staffing": ("ivr.workforce.staffing_command:staffing", "How many people does each pool need, by half-hour?"),
    "replay": ("ivr.workforce.replay_command:replay", "What would another schedule have done to a day?"),
    "flows": ("ivr.flows.commands:flows", "Draw, explore and compare the call flows."),
    "rehearse": ("", "Run scripted calls in virtual time."),
    "simulate": ("", "Let thousands of callers use it, in virtual time."),
    "demo": ("", "Everything on this machine, with one scripted call."),
    "vault": ("ivr.recordings.vault_commands:vault", "Custody of recordings: verify, hold, destroy."),
    "audit": ("ivr.audit.command:audit", "Prove that the audit log is whole."),
    "key": ("ivr.privacy.key_command:key", "Make the master key of an installation."),
    "staff": ("ivr.accounts.staff_command:staff", "Accounts for the pages: add, password, disable, list."),
    "pin": ("ivr.oncall.pin_command:pin", "Set the PIN of a clinician."),
    "twilio": ("ivr.ops.twilio_command:twilio", "Point a phone number at this server."),
    "doctor": ("ivr.ops.preflight_command:doctor", "Is this installation fit for patients?"),
    "migrate": ("ivr.ops.processes:migrate", "Bring the database up to date."),
    "worker": ("ivr.ops.processes:worker", "Carry out effects and jobs."),
    "clock": ("ivr.ops.processes:clock", "Fire what is due."),
}
"""Name, then where the command is and what it does. A command without a place is found by entry point."""


class CommandMissing(click.ClickException):
    """A command that is known but not part of this installation."""


class LazyGroup(click.Group):
    """A group that knows the names and purposes of its commands without importing them."""

    own_process = False
    """Whether log lines of a command leave the process like those of every other; a test has a say in its own."""

    def invoke(self, ctx: click.Context) -> Any:
        if self.own_process:
            import_module("ivr.privacy.logging").configure(json=False, level=logging.WARNING)
        try:
            return super().invoke(ctx)
        except CannotStart as reason:
            raise click.ClickException(str(reason)) from reason

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return load_command(cmd_name, COMMANDS[cmd_name][0] or _entry_points().get(cmd_name, ""))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])


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
    main()


if __name__ == "__main__":
    run()
