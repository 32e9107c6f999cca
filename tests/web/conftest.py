from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.core.database import Database
from ivr.privacy.master import LocalMaster
from tests.conftest import PostgresServer
from tests.web.line import NIGHT, Line, furnish, furnished_folder


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A furnished line, to be copied: hashing passwords takes long on purpose."""
    return furnished_folder(tmp_path_factory.mktemp("furnished"), sqlite_template)


@pytest.fixture
def line(tmp_path: Path, furnished: Path) -> Iterator[Line]:
    """The example organisation's line, with an account for every role."""
    made = Line(tmp_path, furnished)
    yield made
    made.database.dispose()


@pytest.fixture(scope="session")
def furnished_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, postgres_template: str
) -> Iterator[tuple[str, Path]]:
    """The name of a furnished PostgreSQL database, to be copied, and the folder of its master key."""
    folder, name = tmp_path_factory.mktemp("furnished-postgres"), postgres_server.create(postgres_template)
    database = Database(postgres_server.url(name))
    furnish(database, LocalMaster(folder / "master.key", create=True), NIGHT)
    database.dispose()
    yield name, folder
    postgres_server.drop(name)


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    """The same line, on each backend chosen by ``--database``."""
    if request.config.getoption("--database") not in (request.param, "both"):
        pytest.skip(f"only {request.config.getoption('--database')} was asked for")
    if request.param == "sqlite":
        made = Line(tmp_path, request.getfixturevalue("furnished"))
        yield made
        made.database.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template, key = request.getfixturevalue("furnished_postgres")
    name = server.create(template)
    made = Line(tmp_path, key, server.url(name))
    yield made
    made.database.dispose()
    server.drop(name)
