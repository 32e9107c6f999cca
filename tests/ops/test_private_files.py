"""What is kept on this machine is for its owner only, whatever the user's umask."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.core.database import Database
from ivr.core.private_files import is_private, make_folder
from ivr.ops import schema
from ivr.ops.checks.setup import check_files
from ivr.webhooks import fallback
from tests.web.line import Line, environment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def careless() -> Iterator[None]:
    """A user who lets everybody read what they make."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if not is_private(path)]


@pytest.mark.usefixtures("careless")
def test_a_new_database_and_its_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "more" / "sunline.db"
    schema.upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE probe (id INTEGER)")
        assert file.with_name("sunline.db-wal").exists()
        assert open_to_others(tmp_path) == []
    database.dispose()


def test_another_process_that_closes_the_database_leaves_the_log_that_is_in_use(tmp_path: Path) -> None:
    file = tmp_path / "sunline.db"
    database = Database(f"sqlite:///{file}")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE probe (id INTEGER)")
    with (
        database.read(),
        database.read() as second,
    ):  # the second one is opened beside the first
        other = f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('INSERT INTO probe VALUES (1)')"
        subprocess.run([sys.executable, "-c", f"{other}; c.commit(); c.close()"], check=True)
        assert second.exec_driver_sql("SELECT count(*) FROM probe").scalar_one() == 1
    assert file.with_name("sunline.db-wal").exists()
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO probe VALUES (2)")
    database.dispose()
    told = f"import sqlite3; print(*sqlite3.connect({str(file)!r}).execute('SELECT id FROM probe ORDER BY id'))"
    read = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert read.stdout.split() == ["(1,)", "(2,)"]


@pytest.mark.usefixtures("careless")
def test_the_fallback_document_is_written_for_its_owner_only(line: Line, tmp_path: Path) -> None:
    fallback.prepare(line.services)
    assert is_private(tmp_path / fallback.FILE)


@pytest.mark.usefixtures("careless")
def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    make_folder(tmp_path / "shared" / "private")
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755
    assert is_private(tmp_path / "shared" / "private")


@pytest.mark.parametrize("begun", ["import wsgi", "from ivr import cli; cli.main = lambda: None; cli.run()"])
def test_every_process_begins_by_making_only_private_files(line: Line, tmp_path: Path, begun: str) -> None:
    code = f"import os\nos.umask(0)\ntry:\n    {begun}\nexcept AttributeError:\n    pass\nopen('probe', 'w').close()"
    environ = {**os.environ, **environment(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, check=True)
    assert is_private(tmp_path / "probe")


@pytest.mark.parametrize("name", ["sunline.db", "recordings"])
def test_what_is_open_to_others_is_told_with_its_mend(line: Line, tmp_path: Path, name: str) -> None:
    assert list(check_files(line.services.settings)) == []
    (tmp_path / name).chmod(0o755)
    (finding,) = check_files(line.services.settings)
    assert finding.mend == f"run: chmod -R go= {tmp_path / name}"
