"""The call that a timer or an outbox item belongs to.

It is written with the row: the id of a call, or empty for what belongs to no call, such as an agent or the vault. The
version before this one knew no such column, and runs beside this one during an upgrade: what it writes has NULL there,
and the call is looked for in whatever the row is about. Once no such version can run any more, the column becomes NOT
NULL and the looking goes.
"""

from __future__ import annotations

from sqlalchemy import String, Table, select, union_all

from ivr.core.unit_of_work import Work

NO_CALL = ""


def find_call(work: Work, stored: str | None, subject: str) -> str | None:
    """The call of a row about ``subject`` that has ``stored`` as its ``call_id``; None for no call."""
    return _look_for_call(work, subject) if stored is None else stored or None


def lock_call(work: Work, stored: str | None, subject: str) -> None:
    """Lock that call, if there is one, before anything else of it."""
    call_id = find_call(work, stored, subject)
    if call_id is not None:
        work.services.features.lock_calls(work, (call_id,))


def _look_for_call(work: Work, subject: str) -> str | None:
    tables = [table for table in work.services.features.tables if _has_rows_of_calls(table)]
    calls = {key.column for table in tables for key in table.c.call_id.foreign_keys}
    found = union_all(
        *(select(call_id.label("call_id")).where(call_id == subject) for call_id in calls),
        *(select(table.c.call_id).where(table.c.id == subject) for table in tables),
    )
    return work.connection.execute(found).scalars().first()


def _has_rows_of_calls(table: Table) -> bool:
    """Whether a subject may be a row of the table: it has an opaque id, and belongs to a call."""
    if "id" not in table.c or "call_id" not in table.c:
        return False
    return isinstance(table.c.id.type, String) and bool(table.c.call_id.foreign_keys)
