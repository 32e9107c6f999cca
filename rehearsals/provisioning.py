"""Provisioning an installation: its tables, keys, configuration and PINs, made once a process and then copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, insert, inspect
from sqlalchemy.exc import SQLAlchemyError

from ivr.accounts.passwords import hash_password
from ivr.calls.configuration import NO_PRACTICE
from ivr.core.database import Database
from ivr.directory import revisions
from ivr.directory.checks import checked
from ivr.directory.organisation import Organisation, organisation_of
from ivr.features import installed_tables
from ivr.oncall import pin_rules
from ivr.oncall.pins import make_row
from ivr.oncall.tables import pin
from ivr.ops.embedded_redis import embedded_redis
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from recordings_vault import KeyRing
from rehearsals.errors import RehearsalError

PIN, WRONG_PIN = pin_rules.REHEARSED_PIN, pin_rules.WRONG_PIN
"""Everybody's PIN in a rehearsal, and what is keyed by mistake."""

SET_UP = datetime(2026, 1, 1, tzinfo=UTC)
"""The instant at which everything is made, so that worlds of different days begin alike."""

MEMORY = Path("/dev/shm")
"""A file system in memory, where there is one."""


class NotEmpty(RehearsalError):
    """The database belongs to something else."""


class NoDatabase(RehearsalError):
    """There is no such database."""


_kept = ExitStack()
atexit.register(_kept.close)


@cache
def start_redis() -> str:
    """Start the one real Redis server of this process and return its address. It stops with the process."""
    return _kept.enter_context(embedded_redis(_folder("redis")))


def read_organisation(folder: Path, at: datetime, *, allow_unsigned: bool = False) -> Organisation:
    """Read the organisation in ``folder``, checked as of the day of ``at``, again only when a file has changed.

    That day is only played: a protocol that was signed today may be heard in a call of last month.
    """
    files = sorted(folder.rglob("*.yaml"))
    seen = tuple((str(file), sha256(file.read_bytes()).hexdigest()) for file in files)
    return _read(folder, at.replace(hour=0, minute=0, second=0, microsecond=0), allow_unsigned, seen)


def provision_organisation(folder: Path, organisation: Organisation, url: str | None = None) -> str:
    """Fill a database for the organisation and put its master key into ``folder``; return the database's address.

    Without ``url`` the database is a file in ``folder``, else the one at ``url``. Raises NotEmpty when it has tables.
    """
    if url is not None:
        _refuse_tables(url)
        _fill(url, folder, organisation)
        return url
    tables = frozenset(name for metadata in installed_tables() for name in metadata.tables)
    shutil.copytree(_template(organisation.to_json(), tables), folder, dirs_exist_ok=True)
    return _file(folder)


def drop_tables(database: Database) -> None:
    """Remove every table that provisioning made."""
    for metadata in reversed(installed_tables()):
        metadata.drop_all(database.engine)


def master_key_file(folder: Path) -> Path:
    """Return the path of the master key in ``folder``."""
    return folder / "master.key"


@lru_cache(maxsize=32)
def _read(folder: Path, day: datetime, allow_unsigned: bool, _seen: tuple[tuple[str, str], ...]) -> Organisation:
    draft, _ = checked(folder, day, allow_unsigned=allow_unsigned, signed_later=True)
    return organisation_of(draft.body())


@cache
def _template(body: str, _tables: frozenset[str]) -> Path:
    folder = _folder("template")
    _fill(_file(folder), folder, Organisation.from_json(body))
    return folder


def _fill(url: str, folder: Path, organisation: Organisation) -> None:
    database = Database(url)
    try:
        for metadata in installed_tables():
            metadata.create_all(database.engine)
        cipher = PracticeCipher(_make_keys(database, LocalMaster(master_key_file(folder), create=True), organisation))
        with database.write() as connection:
            revisions.apply(connection, organisation, SET_UP, "rehearsal")
            _set_pins(connection, cipher, organisation.people)
    finally:
        database.dispose()


def _refuse_tables(url: str) -> None:
    if _tables(url):
        raise NotEmpty("the database has tables; a rehearsal needs one of its own that is empty")


def _tables(url: str) -> list[str]:
    """Return the names of its tables. Raises NoDatabase without the address, which may hold a password."""
    try:
        database = Database(url)
        try:
            return inspect(database.engine).get_table_names()
        finally:
            database.dispose()
    except (SQLAlchemyError, ImportError) as problem:
        mend = "name one that is there: postgresql+psycopg://... or sqlite:///FILE"
        raise NoDatabase(f"the database cannot be used ({type(problem).__name__}); {mend}") from None


def _set_pins(connection: Connection, cipher: PracticeCipher, people: Iterable[str]) -> None:
    # Hashing a PIN is slow on purpose, so everybody shares one hash, sealed for each.
    hashed = hash_password(PIN)
    connection.execute(insert(pin), [make_row(cipher, person, hashed, SET_UP) for person in people])


def _make_keys(database: Database, master: LocalMaster, organisation: Organisation) -> KeyStore:
    answers = KeyStore(database, master)
    recordings = KeyRing(write=database.write, read=database.read, master=master)
    for practice in (*organisation.practices, NO_PRACTICE):
        answers.ensure(practice, SET_UP)
        recordings.create(practice, at=SET_UP)
    return answers


def _file(folder: Path) -> str:
    return f"sqlite:///{folder / 'sunline.db'}"


def temporary_folder(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """Make a temporary folder, in memory where the machine offers that."""
    return tempfile.TemporaryDirectory(prefix=f"sunline-{purpose}-", dir=MEMORY if MEMORY.is_dir() else None)


def _folder(purpose: str) -> Path:
    return Path(_kept.enter_context(temporary_folder(purpose)))
