"""SQL: the truth. One metadata, one way to open a transaction, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, MetaData, Table, create_engine, event, func, select
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator

from ivr.core.private_files import make_file
from ivr.core.writers_turn import WritersTurn

TIMEOUT_SECONDS = 2
"""Longest wait for a connection, a lock, or the turn of a writer of SQLite: a database that does not answer is away,
and our fallback answers."""

TURN_SECONDS = 3
"""Longest wait of a statement on PostgreSQL, and of a writer of SQLite who has its turn for a program that takes none.
Others will be done, and a caller who is sent to the fallback document meanwhile has lost the conversation; but Twilio
waits for 4 s only (ivr/core/urls.py)."""

BRIEF_LOCK_SECONDS = 0.4
"""Longest wait for a lock or a turn of a transaction that begins again without it: all tries take less than 4 s.

Whoever does not begin again waits for ``TIMEOUT_SECONDS``.
"""

IDLE_SECONDS = 5
"""Longest pause between two statements of a brief transaction, shorter than a lease (ivr/jobs/leases.py): what was
decided before a process was stopped is never committed after others took over."""

PASSING = frozenset({"40P01", "55P03"})
"""What PostgreSQL calls a statement that met others: a deadlock, no lock to be had in time. ``TurnNotHad`` says the
latter on SQLite."""

POOL = 8
"""Connections a process keeps: one for each thread of a web process that answers calls."""

MORE = 16
"""How many more it opens for a while. The threads of pages cannot have all of them, even with two each."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_TURN_TAKEN = "turn taken"


class Instant(TypeDecorator[datetime]):
    """A UTC instant. Refuses naive values on the way in, always gives aware ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone; give it as UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def upsert(connection: Connection, table: Table) -> SqliteInsert | PostgresInsert:
    """An INSERT into ``table`` that may say what to do on conflict; both databases write it alike."""
    return postgres_insert(table) if connection.dialect.name == "postgresql" else sqlite_insert(table)


def look_again(connection: Connection) -> None:
    """Let a connection for looking see what was committed since it first looked.

    One that writes sees it anyway: on SQLite nobody else commits meanwhile, on PostgreSQL each statement looks anew.
    """
    if _only_looks(connection):
        connection.rollback()


def is_passing(problem: BaseException) -> bool:
    """Tell whether a statement only came at a bad moment, others being in its way: asked again, it may well succeed."""
    return isinstance(problem, OperationalError) and getattr(problem.orig, "sqlstate", None) in PASSING


def take_turn(connection: Connection, what: str) -> None:
    """Be the only transaction that has its turn at ``what``, until it ends. Writers of SQLite are alone anyway."""
    connection.info[_TURN_TAKEN] = True
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def has_taken_turn(connection: Connection) -> bool:
    """Whether this transaction of :meth:`Database.write` has taken a turn, which is locked until it ends."""
    return _TURN_TAKEN in connection.info


def lock_tables(connection: Connection, tables: Iterable[Table]) -> None:
    """Be the only transaction that locks anything in the tables, one after the other, until it ends. Others may look.

    Writers of SQLite are alone anyway.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


class Database:
    """Opens transactions. ``write`` is exclusive and short; ``read`` never blocks a writer."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.engine = _engine(self.url)
        writers_wait = self.url.get_backend_name() == "sqlite"
        file = Path(f"{self.url.database}.turn") if _is_file(self.url) else None
        self._turn = WritersTurn(file) if writers_wait else None

    @contextmanager
    def write(self, *, brief: bool = False) -> Iterator[Connection]:
        """One write transaction, committed at the end and rolled back on any exception.

        A ``brief`` one gives up soon where others hold what it locks, because it will begin again; where this process
        is stopped in it for ``IDLE_SECONDS``, PostgreSQL ends it, so that it keeps nobody waiting nor commits. Raises
        OperationalError where others hold it for too long (:func:`is_passing`).
        """
        turn = self._turn.held(BRIEF_LOCK_SECONDS if brief else TIMEOUT_SECONDS) if self._turn else nullcontext()
        with turn, self.engine.begin() as connection:
            connection.info.pop(_TURN_TAKEN, None)
            if brief and connection.dialect.name == "postgresql":
                connection.exec_driver_sql(
                    f"SET LOCAL lock_timeout = {BRIEF_LOCK_SECONDS * 1000:.0f};"
                    f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_SECONDS * 1000:.0f}"
                )
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for looking; nothing done on it is kept."""
        with self.engine.connect().execution_options(sunline_reads=True) as connection:
            yield connection

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        limits = {"timeout": TURN_SECONDS, "check_same_thread": False}
        engine = create_engine(url, hide_parameters=True, connect_args=limits, **(_pool() if _is_file(url) else {}))
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    options = f"-c statement_timeout={TURN_SECONDS * 1000} -c lock_timeout={TIMEOUT_SECONDS * 1000}"
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": TIMEOUT_SECONDS, "options": options},
        **_pool(),
    )


def _make_private(_dialect: Dialect, _record: object, arguments: list[Any], _options: object) -> None:
    """Make a database that is not there yet before SQLite does, which would let everybody read it.

    Its log and its index take over the mode of the file.
    """
    file = str(arguments[0])
    if file and file != ":memory:" and not file.startswith("file:"):
        with suppress(OSError):  # SQLite itself says what is wrong with the place
            make_file(Path(file))


def _pool() -> dict[str, Any]:
    return {"pool_size": POOL, "max_overflow": MORE, "pool_timeout": TIMEOUT_SECONDS}


def _is_file(url: URL) -> bool:
    return url.database not in (None, "", ":memory:")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if _only_looks(connection) else "BEGIN IMMEDIATE")


def _only_looks(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("sunline_reads", False))
