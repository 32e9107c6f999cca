"""Sees which rows each transaction locks, on either database, and says where one breaks the order of locks.

It listens to every engine. Before a statement that locks (UPDATE, DELETE, INSERT, SELECT ... FOR UPDATE) it asks the
database on the same connection which rows are meant and to whom they belong, and holds that against
``ivr/core/lock_order.py``. Statements are the same on SQLite, where writers are alone, so that a test on SQLite finds
what would be a deadlock on PostgreSQL; but for the turns (``take_turn``), which are taken there only.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Insert, Select, Table, Update, and_, bindparam, event, select, true, tuple_
from sqlalchemy.engine import Engine
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter

from ivr.audit.tables import audit_row
from ivr.calls.tables import call
from ivr.core.database import lock_tables
from ivr.core.lock_order import NEWEST_FIRST, ORDER
from ivr.jobs.tables import timer
from ivr.queue.tables import agent_state

RANK = {name: number for number, name in enumerate(ORDER)}
HELD = "locks held"
ASKS = "lock_recorder_asks"
OURS = ("/ivr/", "/recordings_vault/")
"""Where our own modules are."""
BELONGS = {"call_id": "call", "user_id": "staff_user", "coverage_id": "coverage"}
"""Columns that name an owner."""
OF_AGENTS = ("rested", "wrapped_up", "shift_over")
"""Timers that belong to an agent."""


class Lock(NamedTuple):
    """A row that is locked, by table and key."""

    table: str
    key: str


EVERYTHING = Lock("everything", "")
"""Held by whoever has locked whole tables."""


class Wanted(NamedTuple):
    """A row that is about to be locked, to whom it belongs, its place among those of its table, and whether it is
    waited for."""

    lock: Lock
    owner: Lock | None
    place: Any
    waits: bool = True


@dataclass
class Held:
    """What a transaction has locked so far: all of it; in order that which no owner stands for; and both as they were
    at each savepoint that is open."""

    locks: set[Lock] = field(default_factory=set)
    ordered: list[tuple[int, Any, Lock]] = field(default_factory=list)
    before: list[Held] = field(default_factory=list)

    def copied(self) -> Held:
        return Held(set(self.locks), list(self.ordered), list(self.before))


class Recorder:
    """Listens while it is installed; ``broken`` says where the order was broken."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def install(self) -> None:
        for name in _EVENTS:
            event.listen(Engine, name, getattr(self, f"_{name}"), **_MAY_CHANGE.get(name, {}))

    def remove(self) -> None:
        for name in _EVENTS:
            event.remove(Engine, name, getattr(self, f"_{name}"))

    def lock_tables(self, connection: Connection, tables: Iterable[Table]) -> None:
        """In place of the real one, which does nothing on SQLite."""
        lock_tables(connection, tables)
        connection.info[HELD].locks.add(EVERYTHING)

    # --- what SQLAlchemy tells

    def _begin(self, connection: Connection) -> None:
        connection.info[HELD] = Held()

    _commit = _rollback = _begin

    def _savepoint(self, connection: Connection, _name: str | None) -> None:
        connection.info[HELD].before.append(connection.info[HELD].copied())

    def _rollback_savepoint(self, connection: Connection, _name: str, _context: None) -> None:
        connection.info[HELD] = connection.info[HELD].before[-1]

    def _release_savepoint(self, connection: Connection, _name: str, _context: None) -> None:
        connection.info[HELD].before.pop()

    def _before_execute(
        self, connection: Connection, statement: Any, several: Any, given: Any, options: Mapping[str, Any]
    ) -> tuple[Any, Any, Any]:
        if options.get(ASKS) or HELD not in connection.info:
            return statement, several, given
        found = [wanted for values in several or [given or {}] for wanted in _locks(connection, statement, values)]
        for wanted in found:
            self._note(connection.info[HELD], wanted)
        return _only_these(connection, statement, found), several, given

    # --- the order

    def _note(self, held: Held, wanted: Wanted) -> None:
        lock, owner, place, waits = wanted
        if held.locks & {lock, EVERYTHING}:
            return
        held.locks.add(lock)
        if owner in held.locks or not _is_ours():
            return
        rank = RANK["row"] if owner is not None else RANK.get(lock.table, RANK["row"])
        before = [taken for taken in held.ordered if owner is not None or taken[:2] >= (rank, place)]
        held.ordered.append((rank, place, lock))
        if before and waits:
            whose = f" without its {owner.table}" if owner is not None else ""
            self.broken.append(f"{lock.table}{whose} after {before[-1][2].table}, at {_place()}")


STATEMENTS = 1000
"""How many statements it remembers the locks of: those of our modules are made once and executed again and again."""
_EVENTS = ("begin", "commit", "rollback", "savepoint", "rollback_savepoint", "release_savepoint", "before_execute")
_MAY_CHANGE = {"before_execute": {"retval": True}}


# --- what a statement locks


def _locks(connection: Connection, statement: Any, values: Mapping[str, Any]) -> Iterator[Wanted]:
    if isinstance(statement, Insert):
        yield from _inserted(connection, statement, values)
    elif isinstance(statement, Update | Delete):
        if not _is_held(connection, statement.table, statement, values):
            rows, waits = _changed_rows(statement)
            yield from _matching(connection, statement.table, rows, values, waits)
    elif isinstance(statement, Select):
        yield from _turns(statement)
        if statement._for_update_arg is not None:
            passes_over = _passes_over(statement)
            for table in _locked_tables(statement):
                if passes_over or not _is_held(connection, table, statement, values):
                    yield from _matching(connection, table, statement, values, not passes_over)


@lru_cache(maxsize=STATEMENTS)
def _changed_rows(statement: Update | Delete) -> tuple[Select[Any], bool]:
    """The rows that a statement changes, and whether it waits for whoever has locked them."""
    where = _where(statement)
    return select().where(where), not any(_passes_over(part) for part in visitors.iterate(where))


def _is_held(connection: Connection, table: Table, statement: Any, values: Mapping[str, Any]) -> bool:
    """Whether a statement names one row by its key, and that is locked already: most do, and need not be looked up."""
    (key, *more) = table.primary_key.columns
    if more:
        return False
    for part in statement._where_criteria:
        if isinstance(part, BinaryExpression) and part.left is key and part.operator is eq:
            named = part.right
            value = values.get(named.key, named.value) if isinstance(named, BindParameter) else None
            return value is not None and _lock(table, [value]) in connection.info[HELD].locks
    return False


def _inserted(connection: Connection, statement: Insert, values: Mapping[str, Any]) -> Iterator[Wanted]:
    """The new row, or the one that is there and is changed instead; and the call that it names, which must not go."""
    table = statement.table
    given = statement._values or {}
    row = {getattr(column, "key", column): getattr(bound, "value", bound) for column, bound in given.items()}
    row.update(values)
    conflict = getattr(statement, "_post_values_clause", None)
    there = _there_already(connection, table, conflict, row) if conflict is not None else []
    if there:
        yield from there if hasattr(conflict, "update_values_to_set") else ()
        return
    for key in table.foreign_keys:
        parent = row.get(key.parent.key)
        is_known = parent is None or _lock(call, [parent]) in connection.info[HELD].locks
        if key.column.table is call and not is_known:
            yield from _matching(connection, call, _rows_with(call, ("id",)), {"id": parent})
    if table is audit_row:
        yield Wanted(Lock(table.name, "its end"), None, "")  # whoever appends has the turn at the whole chain
    elif all(row.get(column.key) is not None for column in table.primary_key):
        lock = _lock(table, [row[column.key] for column in table.primary_key])
        # Nobody else knows of a new row, but where two may insert the same one the second waits for the first.
        yield Wanted(lock, None if conflict is not None and table.name in RANK else lock, _place_of(lock, row))


def _there_already(connection: Connection, table: Table, conflict: Any, row: Mapping[str, Any]) -> list[Wanted]:
    names = tuple(getattr(one, "key", one) for one in conflict.inferred_target_elements or ())
    return list(_matching(connection, table, _rows_with(table, names), {name: row[name] for name in names}))


@cache
def _rows_with(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select().where(*(table.c[name] == bindparam(name) for name in names))


def _matching(
    connection: Connection, table: Table, rows: Select[Any], values: Mapping[str, Any], waits: bool = True
) -> Iterator[Wanted]:
    """The rows of a table that a query finds."""
    for row in connection.execute(_narrowed(table, rows), dict(values), execution_options={ASKS: True}).mappings():
        lock = _lock(table, [row[column.key] for column in table.primary_key])
        yield Wanted(lock, _owner_of(lock, row), _place_of(lock, row), waits)


_TELLING = (*BELONGS, "kind", "subject", "created_at")
"""Columns that tell to whom a row belongs, and where it stands in the order."""


def _lock(table: Table, key: Iterable[Any]) -> Lock:
    return Lock(table.name, "/".join(str(part) for part in key))


def _owner_of(lock: Lock, row: Mapping[str, Any]) -> Lock | None:
    if lock.table in RANK:
        return None
    if lock.table in ("call_log", "sign_in_failure") or ("call_id" in row and row["call_id"] is None):
        return lock  # no column tells whose it is: of a log its leg does, of failures a turn, of older rows nobody
    for column, owner in BELONGS.items():
        if row.get(column):
            return Lock(owner, row[column])
    if lock.table == "patient_key":
        return Lock("patient", row["patient_id"])  # a call names a patient too, and belongs to itself
    if lock.table == timer.name and row["kind"] in OF_AGENTS:
        return Lock(agent_state.name, row["subject"])
    return Lock("nobody", "")


def _place_of(lock: Lock, row: Mapping[str, Any]) -> Any:
    if lock.table != NEWEST_FIRST:
        return lock.key
    return -row["created_at"].timestamp(), [-ord(letter) for letter in lock.key]


def _turns(statement: Select[Any]) -> Iterator[Wanted]:
    for column in statement._raw_columns:
        if getattr(column, "name", "") == "pg_advisory_xact_lock":
            (what,) = (part.value for part in visitors.iterate(column) if _is_text(part))
            yield Wanted(Lock(f"turn:{what.split(':')[0]}", what), None, what)


def _is_text(part: Any) -> bool:
    return isinstance(part, BindParameter) and isinstance(part.value, str)


def _only_these(connection: Connection, statement: Any, found: list[Wanted]) -> Any:
    """The statement itself; a query that passes over what others hold finds what it was seen to find, and nothing that
    was let go a moment later. Writers of SQLite are alone, so that nothing is let go there."""
    if connection.dialect.name == "sqlite" or not (isinstance(statement, Select) and _passes_over(statement)):
        return statement
    (table,) = _locked_tables(statement)
    key = list(table.primary_key.columns)
    parts = [wanted.lock.key.split("/") for wanted in found]
    keys = [tuple(column.type.python_type(part) for column, part in zip(key, one, strict=True)) for one in parts]
    return statement.where(tuple_(*key).in_(keys))


def _where(statement: Update | Delete) -> Any:
    return and_(true(), *statement._where_criteria)


def _passes_over(part: Any) -> bool:
    """Whether a query leaves alone what others have locked."""
    return isinstance(part, Select) and part._for_update_arg is not None and bool(part._for_update_arg.skip_locked)


@lru_cache(maxsize=STATEMENTS)
def _narrowed(table: Table, rows: Select[Any]) -> Select[Any]:
    """The query for what tells of the rows where they stand in the order, and nothing else."""
    asked = [*table.primary_key.columns, *(table.c[name] for name in _TELLING if name in table.c)]
    query = rows.with_only_columns(*dict.fromkeys(asked), maintain_column_froms=True)
    if not _passes_over(query):
        query = query.with_for_update()
        query._for_update_arg = None  # it asks, and waits for nobody
    return query


@lru_cache(maxsize=STATEMENTS)
def _locked_tables(statement: Select[Any]) -> list[Table]:
    """The tables whose rows a query locks: all that it reads, or those that it names."""
    froms = (part for one in statement.get_final_froms() for part in one._from_objects)
    tables = list(dict.fromkeys(part for part in froms if isinstance(part, Table)))
    named = statement._for_update_arg.of if statement._for_update_arg is not None else None
    return [one for one in tables if not named or one in named]


def _is_ours() -> bool:
    """Whether it is a module of ours that locks, and not a test that sets something up."""
    frame = sys._getframe(1)
    while frame is not None and not any(folder in frame.f_code.co_filename for folder in OURS):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None


def _place() -> str:
    """Who asked, of us: the innermost places first."""
    frames = [one for one in traceback.extract_stack() if any(folder in one.filename for folder in OURS)]
    return " < ".join(f"{frame.filename.split('/')[-1]}:{frame.lineno} {frame.name}" for frame in frames[:-7:-1])
