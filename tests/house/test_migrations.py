"""The history of the database ends exactly where the tables are, and a step back and forth loses nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from ivr.core.database import Database
from ivr.ops import schema

ROOT = Path(__file__).parents[2]
PROBES = {
    "probe_parents": """
def upgrade():
    op.create_table("probe_parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "probe_child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["probe_parent.id"], name="fk_probe", ondelete="CASCADE"),
    )
    op.execute("INSERT INTO probe_parent VALUES (1)")
    op.execute("INSERT INTO probe_child VALUES (1, 1)")


def downgrade():
    op.drop_table("probe_child")
    op.drop_table("probe_parent")
""",
    "probe_rebuild": """
def upgrade():
    with op.batch_alter_table("probe_parent", recreate="auto") as batch:
        batch.add_column(sa.Column("name", sa.Text))
        batch.create_unique_constraint("uq_probe_parent_name", ["name"])


def downgrade():
    with op.batch_alter_table("probe_parent", recreate="auto") as batch:
        batch.drop_constraint("uq_probe_parent_name", type_="unique")
        batch.drop_column("name")
""",
    "probe_orphan": """
def upgrade():
    op.execute("INSERT INTO probe_child VALUES (2, 404)")


def downgrade():
    op.execute("DELETE FROM probe_child WHERE id = 2")
""",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each backend."""
    address: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return address


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The real history, followed by steps made up to try how steps are run."""
    folder = tmp_path / "history"
    shutil.copytree(schema.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    previous = heads(folder)
    for name, body in PROBES.items():
        lines = f'revision = "{name}"\ndown_revision = {previous!r}\n'
        (folder / "versions" / f"{name}.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n{lines}{body}"
        )
        previous = name
    return folder


def heads(folder: Path) -> str | None:
    return ScriptDirectory.from_config(schema.configuration("", folder)).get_current_head()


@contextmanager
def look(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.read() as connection:
            yield connection
    finally:
        database.dispose()


def test_the_history_ends_exactly_where_the_tables_are(url: str) -> None:
    schema.upgrade(url)
    with look(url) as connection:
        assert schema.differences(connection) == []
        assert schema.is_current(connection)


def test_every_module_with_a_table_is_part_of_the_models() -> None:
    sources = [path for package in ("ivr", "recordings_vault") for path in (ROOT / package).rglob("*.py")]
    with_table = [path for path in sources if re.search(r"= Table\(", path.read_text("utf-8"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in with_table]
    code = (
        "import sys; from ivr.features import installed_tables; installed_tables()\n"
        "print([name for name in sys.argv[1:] if name not in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *names], cwd=ROOT, capture_output=True, text=True, check=True)
    assert names != []
    assert done.stdout.strip() == "[]"


def test_a_database_without_its_history_is_not_current(url: str) -> None:
    with look(url) as connection:
        assert not schema.is_current(connection)
        assert schema.differences(connection) != []


def test_running_the_history_twice_changes_nothing(url: str) -> None:
    schema.upgrade(url)
    schema.upgrade(url)
    with look(url) as connection:
        assert schema.is_current(connection)


def test_the_whole_history_can_be_undone(url: str) -> None:
    schema.upgrade(url)
    schema.downgrade(url, "base")
    with look(url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_two_releases_at_once_do_not_harm_each_other(postgres_url: str) -> None:
    code = "import sys; from ivr.ops.schema import upgrade; upgrade(sys.argv[1])"
    releases = [subprocess.Popen([sys.executable, "-c", code, postgres_url], cwd=ROOT) for _ in range(2)]
    assert [release.wait() for release in releases] == [0, 0]
    with look(postgres_url) as connection:
        assert schema.is_current(connection)


def test_a_step_forth_and_back_and_forth_keeps_every_row(url: str, scripts: Path) -> None:
    schema.upgrade(url, "probe_rebuild", scripts)
    schema.downgrade(url, "probe_parents", scripts)
    schema.upgrade(url, "probe_rebuild", scripts)
    with look(url) as connection:
        assert connection.execute(text("SELECT parent FROM probe_child")).scalars().all() == [1]
        assert connection.execute(text("SELECT id, name FROM probe_parent")).all() == [(1, None)]


def test_a_step_that_leaves_a_row_referring_to_nothing_is_refused(url: str, scripts: Path) -> None:
    with pytest.raises((RuntimeError, IntegrityError)):
        schema.upgrade(url, "probe_orphan", scripts)


def test_a_step_that_cannot_get_its_lock_gives_up(postgres_url: str, scripts: Path) -> None:
    schema.upgrade(postgres_url, "probe_parents", scripts)
    with look(postgres_url) as busy:
        busy.execute(text("LOCK TABLE probe_parent IN ACCESS SHARE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"):
            schema.upgrade(postgres_url, "probe_rebuild", scripts)


def test_the_address_of_a_database_passes_through_no_file() -> None:
    config: Config = schema.configuration("postgresql+psycopg://user:secret@127.0.0.1/calls")
    assert config.config_file_name is None
    assert config.get_main_option("sqlalchemy.url") is None
