"""``python -m phonesim serve``: the network on a local port, in real time."""

import os
from datetime import UTC, datetime

import click

from phonesim.errors import PhonesimError
from phonesim.live import Server
from phonesim.load.command import load
from phonesim.network import Network
from phonesim.web.applications import HttpApplication

TOKEN = "PHONESIM_AUTH_TOKEN"


@click.group()
def main() -> None:
    """A stand-in for Twilio and the phones around it."""


@main.command()
@click.option("--account", default="AC" + "0" * 32, show_default=True, help="Account SID.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, help="Port for the REST and control APIs; 0 picks one.")
@click.option("--number", "numbers", multiple=True, metavar="+1...=URL", help="A number and its voice URL; repeatable.")
@click.option("--rate", default=1.0, show_default=True, help="Virtual seconds per real second.")
@click.option("--start", default=None, metavar="ISO", help="Virtual start, for example 2026-11-01T07:30:00+00:00.")
@click.option("--name", "names", multiple=True, help="A name by which browsers may ask for the desk; repeatable.")
@click.option("--debugger", default="", metavar="URL", help="Where alerts are sent, as Twilio's debugger webhook.")
@click.option("--seed", default=1, show_default=True, help="Seed of identifiers and faults.")
def serve(
    account: str, host: str, port: int, numbers: tuple[str, ...], rate: float, start: str | None,
    names: tuple[str, ...], debugger: str, seed: int,
) -> None:  # fmt: skip
    """Serve until Ctrl-C. The auth token comes from the environment variable PHONESIM_AUTH_TOKEN."""
    token = os.environ.get(TOKEN)
    if not token:
        raise click.ClickException(f"set {TOKEN} to the auth token that webhooks are signed with")
    try:
        net = Network(account, token, HttpApplication(), _instant(start), seed)
        net.debugger.url = debugger
        for number in numbers:
            net.add_number(*_split(number))
        server = Server(net, host, port, rate, names)
    except PhonesimError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(
        f"phonesim serves {server.url} (phones at /desk, REST under /2010-04-01, control under /sim/); Ctrl-C ends it"
    )
    server.run()


main.add_command(load)


def _split(number: str) -> tuple[str, str]:
    address, equals, url = number.partition("=")
    if not equals or not url:
        raise click.BadParameter(f"{number!r}: write --number +13125550100=https://host/voice/incoming")
    return address, url


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise click.BadParameter(f"{text!r} is not an ISO 8601 instant") from problem
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
