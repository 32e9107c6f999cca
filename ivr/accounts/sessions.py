"""Sessions are rows here, so that signing out, disabling an account or ten idle minutes really end them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, or_, select, update

from ivr.accounts.accounts_store import Person
from ivr.accounts.tables import account, account_session
from ivr.core.database import Database

IDLE = timedelta(minutes=10)
"""45 CFR 164.312(a)(2)(iii): automatic log-off."""
LONGEST = timedelta(hours=12)
NOTE_EVERY = timedelta(seconds=20)


def begin_session(connection: Connection, user_id: str, at: datetime) -> str:
    """Begin a session and return its token: 256 random bits, given to the browser and stored nowhere."""
    _forget_expired(connection, at)
    token = secrets.token_urlsafe(32)
    row = {"id": _stored(token), "user_id": user_id, "begun_at": at, "seen_at": at}
    connection.execute(insert(account_session).values(row))
    return token


def find_person(database: Database, token: str, at: datetime) -> Person | None:
    """Return whose session it is, and note it as seen now. None: it has ended, was idle too long, or never was."""
    mine = select(account_session, account.c.name, account.c.role).join(account)
    mine = mine.where(account_session.c.id == _stored(token), account.c.disabled_at.is_(None))
    with database.read() as connection:
        row = connection.execute(mine).first()
    if row is None or at - row.seen_at > IDLE or at - row.begun_at > LONGEST:
        return None
    if at - row.seen_at > NOTE_EVERY:
        with database.write() as connection:
            connection.execute(update(account_session).where(account_session.c.id == row.id).values(seen_at=at))
    return Person(row.user_id, row.name, row.role)


def end_session(connection: Connection, token: str) -> None:
    """End a session."""
    connection.execute(delete(account_session).where(account_session.c.id == _stored(token)))


def _forget_expired(connection: Connection, at: datetime) -> None:
    over = or_(account_session.c.seen_at < at - IDLE, account_session.c.begun_at < at - LONGEST)
    # What another sign-in ends just now is passed over: two that wait for each other's would wait for ever.
    ended = select(account_session.c.id).where(over).with_for_update(skip_locked=True).correlate(None)
    connection.execute(delete(account_session).where(account_session.c.id.in_(ended)))


def _stored(token: str) -> str:
    return sha256(token.encode()).hexdigest()
