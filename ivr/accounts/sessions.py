"""The sessions of people with an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from ivr.accounts.accounts_store import Person
from ivr.accounts.session_store import Sessions
from ivr.accounts.tables import account, account_session
from ivr.core.database import Database

LONGEST = timedelta(hours=12)
STAFF = Sessions(account_session, LONGEST)


def begin_session(connection: Connection, user_id: str, at: datetime) -> str:
    """Begin a session of an account and return its token."""
    return STAFF.begin(connection, at, user_id=user_id)


def find_person(database: Database, token: str, at: datetime) -> Person | None:
    """Return whose session it is, and note it as used now. None: it has ended, or the account is disabled."""
    with database.read() as connection:
        row = STAFF.find(connection, token, at)
        person = _active(connection, row.user_id) if row else None
    if row is None or person is None:
        return None
    if STAFF.is_note_due(row, at):
        with database.write() as connection:
            STAFF.note_use(connection, row, at)
    return person


def end_session(connection: Connection, token: str) -> None:
    """End a session."""
    STAFF.end(connection, token)


def _active(connection: Connection, user_id: str) -> Person | None:
    mine = select(account).where(account.c.id == user_id, account.c.disabled_at.is_(None))
    row = connection.execute(mine).first()
    return Person(row.id, row.name, row.role, row.time_zone) if row else None
