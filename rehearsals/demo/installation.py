"""Everything that the demo's processes share: folder, environment, database, organisation, people."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from ivr.core.demo_clock import DemoClock
from ivr.core.services import Services
from ivr.core.settings import read_settings
from ivr.directory.organisation import Organisation, read_folder
from ivr.features import installed_features
from ivr.installation.building import build_services
from ivr.installation.command_line import Installation
from ivr.oncall.pin_rules import DEMO_PIN
from ivr.oncall.pins import set_pin
from ivr.ops.configuration_commands import load_organisation
from ivr.ops.embedded_redis import embedded_redis
from ivr.ops.schema import upgrade
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import open_master
from recordings_vault import KeyRing

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo installation that is ready to be called."""

    services: Services
    organisation: Organisation
    environment: Mapping[str, str]
    pages_url: str
    network_url: str
    folder: Path


@contextmanager
def installed(
    port: int, network_port: int, start: datetime, config: Path, folder: Path = ROOT / "var" / "demo"
) -> Iterator[Demo]:
    """Set everything up in a new folder, with a real Redis. What is in the folder stays until the next demo."""
    for wanted in (port, network_port):
        refuse_used_port(wanted)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    with embedded_redis(folder) as redis_url:
        environment = _environment(folder, redis_url, port, network_port)
        upgrade(read_settings(environment).database_url)
        services = build_services(read_settings(environment), installed_features())
        # Before any process looks at it: what they compute first, such as coverage, is of the demo's day.
        DemoClock(services.database).set(start)
        organisation = _load(services, config, start)
        yield Demo(
            services, organisation, environment, f"http://{HOST}:{port}", f"http://{HOST}:{network_port}", folder
        )


def refuse_used_port(port: int) -> None:
    """Say clearly that a port is in use, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as taken:
            raise click.ClickException(
                f"port {port} is in use by another program; end that program, or choose another port "
                "(sunline demo --port, --network-port)"
            ) from taken


def _environment(folder: Path, redis_url: str, port: int, network_port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLINE_", "TWILIO_"))}
    scripts = str(Path(sys.executable).parent)
    return kept | {
        "PATH": f"{scripts}{os.pathsep}{kept.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "SUNLINE_MODE": "demo",
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_REDIS_URL": redis_url,
        "SUNLINE_PUBLIC_URL": f"http://{HOST}:{port}",
        "SUNLINE_TWILIO_API_URL": f"http://{HOST}:{network_port}",
        # Enough for a demo that runs ten times as fast as life.
        "SUNLINE_OUTBOUND_RATE": "1",
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


def _load(services: Services, config: Path, start: datetime) -> Organisation:
    organisation = read_folder(config, at=start, allow_unsigned=True)
    database, master = services.database, open_master(services.settings.master_key)
    ring = KeyRing(write=database.write, read=database.read, master=master)
    installation = Installation(database, KeyStore(database, master), services.clock, "demo", True, ring)
    load_organisation(installation, organisation, start, None)
    with database.write() as connection:
        for person in organisation.people:
            set_pin(connection, services.cipher, person, DEMO_PIN, start)
    return organisation


def set_clock(demo: Demo, shown_at: datetime, rate: float) -> None:
    """Let every process of the demo show ``shown_at`` from now on, ``rate`` times as fast as real time."""
    DemoClock(demo.services.database).set(shown_at, rate)
