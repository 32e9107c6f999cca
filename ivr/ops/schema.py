"""Bringing a database to the shape that this version of Sunline needs, and seeing whether it has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import structlog
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.database import Database
from ivr.core.database_trouble import MIGRATE
from ivr.core.private_files import make_folder
from ivr.core.settings import CannotStart
from ivr.features import installed_tables
from ivr.jobs.tables import timer

log = structlog.get_logger(__name__)
SCRIPTS = Path(__file__).parents[2] / "migrations"


def configuration(url: str, scripts: Path = SCRIPTS) -> Config:
    """Alembic's configuration for the database at ``url``; the address never passes through a file."""
    config = Config(toml_file=None, attributes={"url": url})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("timezone", "UTC")
    return config


def upgrade(url: str, revision: str = "head", scripts: Path = SCRIPTS) -> None:
    """Run every migration up to ``revision``. Safe to run twice, and by two processes at once.

    The folder of an SQLite database is made where it is missing.
    """
    make_database_folder(url)
    command.upgrade(configuration(url, scripts), revision)


def make_database_folder(url: str) -> None:
    """Make the folder of an SQLite database where it is missing, so that a new database can be looked at."""
    file = make_url(url).database
    if url.startswith("sqlite:") and file:
        make_folder(Path(file).parent)


def downgrade(url: str, revision: str, scripts: Path = SCRIPTS) -> None:
    """Undo migrations down to ``revision``, for a release that is taken back."""
    command.downgrade(configuration(url, scripts), revision)


def find_revision(url: str) -> str | None:
    """Which migration the database at ``url`` was brought to last; None before the first."""
    database = Database(url)
    try:
        with database.read() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        database.dispose()


def is_current(connection: Connection) -> bool:
    """True when every migration of this version has been run."""
    wanted = set(ScriptDirectory.from_config(configuration("")).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == wanted


def is_behind(connection: Connection) -> bool:
    """True before the first migration, and while one of this version has not been run.

    A database that a newer version has migrated is not behind: the older one goes on beside it.
    """
    if not inspect(connection).has_table(timer.name):
        return True
    scripts = ScriptDirectory.from_config(configuration(""))
    found, known = MigrationContext.configure(connection).get_current_heads(), set(scripts.get_heads())
    older = {one.revision for one in scripts.walk_revisions()} - known
    return bool(set(found) & older)


def require_migrated(database: Database) -> None:
    """Raise CannotStart for a database that is behind. One that cannot be reached may yet come: it is waited for."""
    try:
        with database.read() as connection:
            behind = is_behind(connection)
    except SQLAlchemyError as error:
        log.error("database_unavailable", exc_info=error)
        return
    if behind:
        raise CannotStart(f"the database does not have the tables of this version; {MIGRATE}")


def differences(connection: Connection) -> list[Any]:
    """What the tables of this version have and the database has not, or the other way round."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, cast(MetaData, installed_tables())))
