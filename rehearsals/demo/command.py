"""``sunline demo``."""

from __future__ import annotations

import os
import signal
import threading
from datetime import datetime
from pathlib import Path
from shlex import quote

import click
from sqlalchemy import func, select

from callflows.lifecycles.tables import PROVIDER_DELETED
from ivr.accounts.accounts_store import open_demo_account
from ivr.calls.tables import call
from ivr.core.counting import counted
from ivr.core.urls import Urls
from ivr.jobs.tables import outbox
from ivr.oncall.pin_rules import DEMO_PIN
from ivr.recordings.tables import recording
from phonesim.client import SimClient
from recordings_vault.tables import vault_recording
from rehearsals.demo import scenes
from rehearsals.demo.director import Director, directing
from rehearsals.demo.installation import ROOT, Demo, installed
from rehearsals.demo.processes import running
from rehearsals.demo.stage import RATE, Stage
from rehearsals.demo.telling import Teller
from routing.zones import to_utc

NIGHT = datetime(2026, 11, 24, 1, 0)
"""01:00 in Chicago on a Tuesday; the demo's date never moves, so that the demo never rots."""
CALLERS = {"the caller": scenes.CALLER, "the second caller": scenes.SECOND_CALLER}

PORT = click.IntRange(1, 65535)


@click.command("demo")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port of the web pages and webhooks.")
@click.option("--network-port", type=PORT, default=8100, show_default=True, help="Port of the phone network stand-in.")
@click.option(
    "--config",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "config",
    help="The configuration to call; default: the example organisation.",
)
@click.option(
    "--exit/--stay",
    "leave",
    default=None,
    help="End after the calls (also: DEMO_EXIT=1), or let you call and look; default: stay.",
)
def demo(port: int, network_port: int, config: Path, leave: bool | None) -> None:
    """Two calls through a whole installation on this machine, shown as they happen; then its pages.

    With a configuration that has not the example's practice, its agent Ana and its number, the pages and phones alone.
    """
    start = to_utc(NIGHT, "America/Chicago")
    with installed(port, network_port, start, config) as installation:
        heading("Starting web, worker, clock, Redis and a phone network on this machine")
        with running(installation, start, RATE) as sim, directing(installation, sim, scenes.PATIENTS) as director:
            click.echo(f"The phones: {installation.network_url}/desk (watch these calls there; then call by hand)")
            if scenes.can_be_played(installation.organisation):
                play(installation, sim, director)
                tell_settings(installation)
            else:
                connect(installation, sim)
                click.echo("The two calls to the example's practice are left out: this configuration has it not.")
            if not _leaves(leave):
                stay(installation, sim)


def play(installation: Demo, sim: SimClient, director: Director) -> None:
    """Play both calls, then say what the vault holds."""
    connect(installation, sim)
    stage = Stage(sim, Teller(installation.services, installation.organisation, CALLERS))
    heading("First call. It is 01:00 in Chicago: who is awake?")
    director.seat(scenes.CALLER)
    scenes.answered_in_manila(stage, installation)
    heading("Second call. Chest tightness at night: the first clinician on call does not answer")
    director.seat(scenes.SECOND_CALLER)
    scenes.second_clinician(stage, installation)
    stage.until("the recordings to be in the vault", lambda: _all_stored(installation))
    heading("The recordings in the vault")
    _show_vault(installation)


def tell_settings(installation: Demo) -> None:
    """Say with which settings commands look at the data of the demo, and a command for each kind of question."""
    with installation.services.database.read() as connection:
        first, *_, last = connection.execute(select(call.c.id).order_by(call.c.created_at)).scalars()
    heading("The same from another terminal; the data stay until the next demo")
    click.echo(f"  export SUNLINE_MODE=demo SUNLINE_DATA_DIR={quote(str(installation.folder))}")
    click.echo(f"  sunline explain {first}   # why the agent of the first call was asked")
    click.echo(f"  sunline record {last}    # what was asked, heard, said and done in the second")
    click.echo("  sunline vault list    # the recordings; sunline vault verify looks at every byte")


def connect(installation: Demo, sim: SimClient) -> None:
    """Let calls to every number of the organisation reach Sunline."""
    for number in installation.organisation.numbers:
        sim.add_number(number, **_addresses(installation))
    sim.add_number(installation.organisation.operator.outbound_number or scenes.PRACTICE, **_addresses(installation))


def stay(installation: Demo, sim: SimClient) -> None:
    """Let real time pass until Ctrl-C."""
    sim.set_rate(1.0)
    with installation.services.database.write() as connection:
        name, password = open_demo_account(connection, installation.services.cipher, installation.services.clock.now())
    heading("The pages")
    click.echo(f"Open {installation.network_url}/desk to call by hand. Every clinician's PIN is {DEMO_PIN}, then #")
    click.echo(f"Open {installation.pages_url}/calls and sign in as {name} with the password {password}")
    click.echo("Ctrl-C ends the demo.")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


def heading(text: str) -> None:
    """A line that stands out."""
    click.echo()
    click.secho(text, bold=True)


def _leaves(leave: bool | None) -> bool:
    return os.environ.get("DEMO_EXIT") == "1" if leave is None else leave


def _addresses(installation: Demo) -> dict[str, str]:
    urls = Urls(installation.pages_url)
    return {
        "voice_url": urls.incoming(),
        "voice_fallback_url": urls.fallback(),
        "status_callback": urls.number_status(),
    }


def _all_stored(installation: Demo) -> bool:
    with installation.services.database.read() as connection:
        under_way = (
            select(func.count()).select_from(recording).where(recording.c.state.not_in((PROVIDER_DELETED, "absent")))
        )
        failed = select(func.count()).select_from(outbox).where(outbox.c.state == "failed")
        if connection.execute(failed).scalar_one():
            raise click.ClickException("an effect failed for good; the logs are in var/demo")
        return connection.execute(under_way).scalar_one() == 0


def _show_vault(installation: Demo) -> None:
    with installation.services.database.read() as connection:
        rows = connection.execute(select(vault_recording).order_by(vault_recording.c.stored_at)).all()
    if not rows:
        raise click.ClickException("the vault is empty: no recording arrived; the logs are in var/demo")
    for row in rows:
        checked = installation.services.vault.custody(row.recording_id)
        click.echo(
            f"  {row.recording_id}  {row.duration_seconds:6.0f} s  {row.length / 1e6:6.2f} MB  "
            f"{counted(row.channels, 'channel')}  {row.state}, "
            f"{counted(len(checked), 'custody entry', 'custody entries')}"
        )
