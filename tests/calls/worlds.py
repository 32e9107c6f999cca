"""Fixtures: an installation and the phone network around it, at half past one at night."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.directory.organisation import read_folder
from rehearsals import provisioning
from rehearsals.world import World
from tests.calls.office import CONFIG, NIGHT, Office
from tests.conftest import PostgresServer


@pytest.fixture
def world() -> Iterator[World]:
    """On SQLite."""
    with World(CONFIG, NIGHT) as made:
        yield made


@pytest.fixture
def office(world: World) -> Office:
    """The installation on SQLite, to be sent webhooks by hand."""
    return Office(world)


@pytest.fixture(scope="session")
def furnished_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The name of a furnished PostgreSQL database, to be copied, and the folder of its master key."""
    folder, name = tmp_path_factory.mktemp("furnished"), postgres_server.create()
    provisioning.provision_organisation(folder, read_folder(CONFIG, at=NIGHT), postgres_server.url(name))
    yield name, folder
    postgres_server.drop(name)


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """On each backend chosen by ``--database``."""
    if request.config.getoption("--database") not in (request.param, "both"):
        pytest.skip(f"only {request.config.getoption('--database')} was asked for")
    if request.param == "sqlite":
        with World(CONFIG, NIGHT) as made:
            yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template, key = request.getfixturevalue("furnished_postgres")
    name = server.create(template)

    def copied(folder: Path, *_: object) -> str:
        shutil.copytree(key, folder, dirs_exist_ok=True)
        return server.url(name)

    monkeypatch.setattr(provisioning, "provision_organisation", copied)  # copying a database is faster than filling one
    with World(CONFIG, NIGHT) as made:
        yield made
    server.drop(name)


@pytest.fixture
def any_office(any_world: World) -> Office:
    """The installation on each backend, to be sent webhooks by hand."""
    return Office(any_world)
