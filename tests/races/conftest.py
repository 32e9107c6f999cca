from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.directory.organisation import read_folder
from rehearsals import provisioning
from tests.calls.office import CONFIG, NIGHT
from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world
from tests.conftest import PostgresServer
from tests.races.place import Place

__all__ = ["any_office", "any_world", "furnished_postgres", "office", "world"]


@pytest.fixture
def postgres_place(
    postgres_server: PostgresServer, furnished_postgres: tuple[str, Path], redis_url: str
) -> Iterator[Place]:
    """The example organisation on PostgreSQL."""
    template, key = furnished_postgres
    name = postgres_server.create(template)
    yield Place(postgres_server.url(name), str(key), redis_url)
    postgres_server.drop(name)


@pytest.fixture
def sqlite_place(tmp_path: Path, redis_url: str) -> Place:
    """The example organisation on SQLite."""
    return Place(provisioning.provision_organisation(tmp_path, read_folder(CONFIG, at=NIGHT)), str(tmp_path), redis_url)


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """On each backend chosen by ``--database``."""
    if request.config.getoption("--database") not in (request.param, "both"):
        pytest.skip(f"only {request.config.getoption('--database')} was asked for")
    found: Place = request.getfixturevalue("sqlite_place" if request.param == "sqlite" else "postgres_place")
    return found
