"""Bringing a database to the shape that this version of Sunline needs, and seeing whether it has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, make_url

from ivr.core.database import Database
from ivr.core.private_files import make_folder
from ivr.features import installed_tables

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
    file = make_url(url).database
    if url.startswith("sqlite:") and file:
        make_folder(Path(file).parent)
    command.upgrade(configuration(url, scripts), revision)


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


def differences(connection: Connection) -> list[Any]:
    """What the tables of this version have and the database has not, or the other way round."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, cast(MetaData, installed_tables())))
