"""A furnished installation with the example organisation, on a database of choice, with a Redis server of its own."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.rig.postgres import new_database
from ivr.core.services import Services
from ivr.core.settings import read_settings
from ivr.directory.organisation import read_folder
from ivr.features import installed_features
from ivr.installation.building import build_services
from ivr.ops.embedded_redis import embedded_redis
from ivr.patients.importing import carry_out, plan_import, read_patients
from ivr.patients.sealing import seal_patients
from rehearsals import provisioning

ROOT = Path(__file__).parents[2]
PUBLIC_URL = "https://sunline.example"
AT = datetime(2026, 10, 6, 15, tzinfo=UTC)
"""When the example organisation is read: any day on which it is valid."""
BACKENDS = ("SQLite", "PostgreSQL")
PATIENT = (
    "id,name,date_of_birth,zip,phone,mrn,language,state,phone_since,deceased\n"
    "e1,Ana Ruiz,1980-03-14,60601,+13125550142,7703,en-US,IL,2020-01-02,\n"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Services in this process, and the environment in which other processes find the same installation."""

    services: Services
    environment: Mapping[str, str]
    folder: Path


@contextmanager
def installed(backend: str, **settings: str) -> Iterator[Installation]:
    """An installation in production mode unless ``settings`` say otherwise; all of it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="sunline-bench-") as name, embedded_redis(Path(name)) as redis_url:
        folder = Path(name)
        url = _furnished(folder, backend)
        environment = _environment(folder, url, redis_url) | settings
        services = build_services(read_settings(environment), installed_features())
        try:
            _take_in_patient(services, folder)
            yield Installation(services, _kept() | environment, folder)
        finally:
            services.database.dispose()
            if services.redis is not None:
                services.redis.close()


def _furnished(folder: Path, backend: str) -> str:
    organisation = read_folder(ROOT / "config", at=AT, allow_unsigned=True)
    url = new_database() if backend == "PostgreSQL" else None
    return provisioning.provision_organisation(folder, organisation, url)


def _environment(folder: Path, database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_DATABASE_URL": database_url,
        "SUNLINE_REDIS_URL": redis_url,
        "SUNLINE_PUBLIC_URL": PUBLIC_URL,
        "SUNLINE_MASTER_KEY": f"file:{provisioning.master_key_file(folder)}",
        "SUNLINE_SESSION_SECRET": secrets.token_hex(32),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


def _kept() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLINE_", "TWILIO_"))}
    return kept | {"PYTHONPATH": str(ROOT)}


def _take_in_patient(services: Services, folder: Path) -> None:
    file = folder / "patients.csv"
    file.write_text(PATIENT, "utf-8")
    sealed = seal_patients(services.cipher, "maple", read_patients(file, AT))
    with services.database.write() as connection:
        carry_out(connection, plan_import(connection, sealed, AT, services.ids))
