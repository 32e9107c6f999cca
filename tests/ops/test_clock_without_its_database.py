"""The clock process is started before its database is there, as after a power cut."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ivr.core.database import Database
from ivr.jobs.tables import timer
from tests.web.line import Line, environment

pytestmark = [pytest.mark.faults]

SWEEP, WATCH = "sweep_vault", "watch_coverage"


def is_set(database: Database, kind: str) -> bool:
    with database.read() as connection:
        return connection.execute(timer.select().where(timer.c.kind == kind)).first() is not None


def next_line(process: subprocess.Popen[str], word: str) -> bool:
    assert process.stdout is not None
    return any(word in line for line in process.stdout)


def test_what_goes_on_by_itself_begins_once_the_database_is_there(line: Line, tmp_path: Path) -> None:
    later = tmp_path / "later"
    settings = {**environment(tmp_path), "SUNLINE_DATABASE_URL": f"sqlite:///{later}/sunline.db"}
    command = [sys.executable, "-m", "ivr.cli", "clock"]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env={**os.environ, **settings}, **told) as process:  # type: ignore[call-overload]
        try:
            assert next_line(process, "not_begun_yet")
            away = tmp_path / "away"
            away.mkdir(mode=0o700)
            line.database.dispose()
            for file in tmp_path.glob("sunline.db*"):
                file.rename(away / file.name)
            away.rename(later)
            reader = threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True)
            reader.start()
            there, looking = Database(settings["SUNLINE_DATABASE_URL"]), threading.Event()
            while not (is_set(there, WATCH) and is_set(there, SWEEP)):
                assert process.poll() is None
                looking.wait(0.05)
            there.dispose()
        finally:
            process.kill()
