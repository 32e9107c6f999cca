"""``python -m phonesim``: serve a stand-in for Twilio in real time, and use one that runs."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from phonesim.client import SimClient
from phonesim.configuration import FILE, Configuration, number_and_url, read_configuration
from phonesim.errors import PhonesimError
from phonesim.load.command import load
from phonesim.reading import Read, Reader
from phonesim.serving import build, served
from phonesim.terminal import ACTS, act, catalogue, told
from phonesim.tree import Item
from phonesim.values import counted
from phonesim.web.applications import HttpApplication

LOOK_SECONDS = 0.3
Command = TypeVar("Command", bound=Callable[..., Any])
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
running = click.option(
    "--at", "url", default="http://127.0.0.1:8100", show_default=True, envvar="PHONESIM_URL", help="The one that runs."
)


class TextOnly(click.Group):
    """Commands whose arguments are text: a byte that is not UTF-8 is told at the door, with its place."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for place, argument in enumerate(args, start=1):
            if any("\ud800" <= character <= "\udfff" for character in argument):
                raise click.UsageError(f"argument {place} has a byte that is not UTF-8; set the terminal to UTF-8", ctx)
        return super().parse_args(ctx, args)


@click.group(cls=TextOnly)
def main() -> None:
    """A stand-in for Twilio and the phones around it.

    Serve it beside your application, then use it from /desk in a browser, from here (phone, watch), or over HTTP.
    """


def as_written(read: Read) -> Callable[[str], Any]:
    """Reads an option as the same thing is read in a configuration file; a wrong one is refused with the mend."""

    def text(value: str) -> Any:
        try:
            return read(Item(value, 0), Reader(Path()))
        except ValueError as expected:
            raise click.BadParameter(f"{value!r} cannot be read; write {expected}") from expected

    return text


def written(option: str, help: str, **more: Any) -> Callable[[Command], Command]:
    """An option that replaces the key of its name in a configuration file."""
    return click.option(f"--{option}", type=as_written(FILE[option]), help=help, **more)


@main.command()
@click.option("--config", type=A_FILE, help="A configuration file (YAML); the options below replace what it says.")
@written("account", "Account SID; default: AC and 32 zeros.")
@written("host", "Address to listen on; default: 127.0.0.1.")
@written("port", "Port for everything; 0 picks one; default: 8100.")
@click.option(
    "--number",
    "numbers",
    multiple=True,
    type=as_written(number_and_url),
    metavar="+1...=URL",
    help="A number and its voice URL; repeatable.",
)
@written("rate", "Virtual seconds per real second; default: 1.")
@written("start", "Virtual start, such as 2026-11-01T07:30:00+00:00; default: now.", metavar="ISO")
@click.option("--name", "names", multiple=True, help="A name by which browsers may ask for the desk; repeatable.")
@written("debugger", "Where alerts are sent, as Twilio's debugger webhook.", metavar="URL")
@written("seed", "Seed of identifiers and faults; default: 1.")
@click.option("--fault", "faults", multiple=True, metavar="NAME[=VALUE]", help="Switch a fault on; repeatable.")
def serve(config: Path | None, numbers: tuple[tuple[str, str], ...], **given: Any) -> None:
    """Serve until Ctrl-C. The auth token comes from the environment variable PHONESIM_AUTH_TOKEN."""
    with explained():
        wanted = read_configuration(config) if config else Configuration()
        wanted = replace(wanted, **{name: value for name, value in given.items() if value not in (None, ())})
        more = {number: {"voice_url": url} for number, url in numbers}
        wanted = replace(wanted, numbers={**wanted.numbers, **more})
        application = HttpApplication()
        server = served(build(wanted, os.environ, application, datetime.now(UTC)), wanted)
    click.echo(
        f"phonesim serves {server.url} (phones at /desk, REST under /2010-04-01, control under /sim/); Ctrl-C ends it"
    )
    server.run()
    application.close()


@main.command()
@click.argument("config", type=A_FILE)
def check(config: Path) -> None:
    """Tell whether CONFIG can be served: exit status 0, or 1 with every problem's file, line and mend."""
    with explained():
        wanted = read_configuration(config)
    click.echo(f"{config} is fine: {counted(len(wanted.numbers), 'number')}, {counted(len(wanted.phones), 'phone')}")
    missing = [name for name in (wanted.token, *wanted.api_keys.values()) if name not in os.environ]
    if missing:
        click.echo(f"before serving it, set {', '.join(missing)} in the environment")


@main.command()
@click.option("--on", multiple=True, metavar="NAME[=VALUE]", help="Switch a fault of a running one on; repeatable.")
@click.option("--off", multiple=True, metavar="NAME", help="Mend a fault of a running one, or all; repeatable.")
@running
def faults(on: tuple[str, ...], off: tuple[str, ...], url: str) -> None:
    """List the kinds of faults, or switch some in a running one.

    A fault is NAME[=VALUE][ on WORDS][ N times]: "rest-failing=500 on POST /Messages 2 times" strikes the first two
    requests that have both words in their method and path.
    """
    if not on and not off:
        return click.echo("\n".join(catalogue()))
    with explained(), using(url) as sim:
        if "all" in off:
            sim.switch_off_all()
        sim.switch_off(*(name for name in off if name != "all"))
        sim.switch_on(*on)
        click.echo("on: " + (", ".join(fault["name"] for fault in sim.faults() if fault["on"]) or "none"))
    return None


@main.command()
@click.argument("address")
@click.argument("action", type=click.Choice(list(ACTS)))
@click.argument("words", nargs=-1)
@running
def phone(address: str, action: str, words: tuple[str, ...], url: str) -> None:
    """Use the phone with this ADDRESS.

    dial +1..., press 12#, say WORDS, text +1... WORDS, answer, decline, hang-up, lose-line, behave BEHAVIOUR.
    """
    with explained(), using(url) as sim:
        click.echo(act(sim, address, action, words))


@main.command()
@click.option("--once", is_flag=True, help="Show what has happened so far, and end.")
@running
def watch(once: bool, url: str) -> None:
    """Show what happens, as it happens, until Ctrl-C; alerts with their level and code."""
    after = 0
    with explained(), using(url) as sim:
        while True:
            read = sim.trace(after)
            after = read["next"]
            for line in filter(None, map(told, read["trace"])):
                click.echo(line)
            if once:
                return
            threading.Event().wait(LOOK_SECONDS)


main.add_command(load)


@contextmanager
def explained() -> Iterator[None]:
    """Say what is wrong in a line or more, with exit status 1."""
    try:
        yield
    except PhonesimError as problem:
        raise click.ClickException(str(problem)) from problem


@contextmanager
def using(url: str) -> Iterator[SimClient]:
    """A client of a running stand-in."""
    sim = SimClient(url)
    try:
        yield sim
    finally:
        sim.close()


if __name__ == "__main__":
    main()
