from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from ivr.directory.organisation import read_folder
from rehearsals.world import World
from tests.calls.office import CONFIG, NIGHT
from tests.conftest import PostgresServer
from tests.morning_summaries.mornings import MONDAY_NIGHT
from tests.ops.conftest import furnished, line, run
from tests.web.conftest import any_line, furnished_postgres

__all__ = ["any_line", "furnished", "furnished_postgres", "line", "run"]

Opener = Callable[..., World]


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def open_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Makes a world with some words added to Maple's file, on each backend chosen by ``--database``."""
    if request.config.getoption("--database") not in (request.param, "both"):
        pytest.skip(f"only {request.config.getoption('--database')} was asked for")
    with ExitStack() as opened:

        def make(added: str = "", at: datetime = MONDAY_NIGHT) -> World:
            folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
            file = folder / "practices" / "maple.yaml"
            file.write_text(f"{file.read_text('utf-8')}\n{added}\n", "utf-8")
            url = None
            if request.param == "postgresql":
                server: PostgresServer = request.getfixturevalue("postgres_server")
                name = server.create()
                opened.callback(server.drop, name)
                url = server.url(name)
            return opened.enter_context(World(read_folder(folder, at=NIGHT), at, database_url=url))

        yield make
