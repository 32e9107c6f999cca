"""``python -m phonesim``: serve a stand-in for Twilio in real time, and use one that runs."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from phonesim.client import SimClient
from phonesim.configuration import Configuration, read_configuration
from phonesim.errors import PhonesimError
from phonesim.load.command import load
from phonesim.serving import build, served
from phonesim.terminal import ACTS, act, catalogue, told
from phonesim.web.applications import HttpApplication

LOOK_SECONDS = 0.3
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
running = click.option(
    "--at", "url", default="http://127.0.0.1:8100", show_default=True, envvar="PHONESIM_URL", help="The one that runs."
)


@click.group()
def main() -> None:
    """A stand-in for Twilio and the phones around it.

    Serve it beside your application, then use it from /desk in a browser, from here (phone, watch), or over HTTP.
    """


@main.command()
@click.option("--config", type=A_FILE, help="A configuration file (YAML); the options below replace what it says.")
@click.option("--account", help="Account SID; default: AC and 32 zeros.")
@click.option("--host", help="Address to listen on; default: 127.0.0.1.")
@click.option("--port", type=int, help="Port for everything; 0 picks one; default: 8100.")
@click.option("--number", "numbers", multiple=True, metavar="+1...=URL", help="A number and its voice URL; repeatable.")
@click.option("--rate", type=float, help="Virtual seconds per real second; default: 1.")
@click.option("--start", metavar="ISO", help="Virtual start, such as 2026-11-01T07:30:00+00:00; default: now.")
@click.option("--name", "names", multiple=True, help="A name by which browsers may ask for the desk; repeatable.")
@click.option("--debugger", metavar="URL", help="Where alerts are sent, as Twilio's debugger webhook.")
@click.option("--seed", type=int, help="Seed of identifiers and faults; default: 1.")
@click.option("--fault", "faults", multiple=True, metavar="NAME[=VALUE]", help="Switch a fault on; repeatable.")
def serve(config: Path | None, numbers: tuple[str, ...], start: str | None, **given: Any) -> None:
    """Serve until Ctrl-C. The auth token comes from the environment variable PHONESIM_AUTH_TOKEN."""
    with explained():
        wanted = read_configuration(config) if config else Configuration()
        wanted = replace(wanted, **{name: value for name, value in given.items() if value not in (None, ())})
        more = {number: {"voice_url": url} for number, url in map(_split, numbers)}
        wanted = replace(wanted, numbers={**wanted.numbers, **more}, start=_instant(start) or wanted.start)
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
    click.echo(f"{config} is fine: {len(wanted.numbers)} numbers, {len(wanted.phones)} phones")
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
    """Use the phone with this ADDRESS: dial +1..., press 12#, say WORDS, answer, decline, hang-up, behave BEHAVIOUR."""
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


def _split(number: str) -> tuple[str, str]:
    address, equals, url = number.partition("=")
    if not equals or not url:
        raise click.BadParameter(f"{number!r}: write --number +13125550100=https://host/voice/incoming")
    return address, url


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise click.BadParameter(f"{text!r} is not an ISO 8601 instant") from problem
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
