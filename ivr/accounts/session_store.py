"""Sessions are rows, so that signing out, a changed secret or ten idle minutes end them for every copy of a cookie.

Two kinds of people have them: those with an account, and clinicians with a link and a PIN. The browser has a random
token and the table its SHA-256: who reads the table cannot sign in with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, or_, select, update

IDLE = timedelta(minutes=10)
"""45 CFR 164.312(a)(2)(iii): automatic log-off."""
NOTE_EVERY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one kind, in ``table`` (``id``, ``begun_at``, ``seen_at`` and whose it is).

    ``longest`` is how long one lasts with however much use.
    """

    table: Table
    longest: timedelta

    def begin(self, connection: Connection, at: datetime, **whose: str) -> str:
        """Begin a session and return its token: 256 random bits, given to the browser and stored nowhere."""
        self._forget_expired(connection, at)
        token = secrets.token_urlsafe(32)
        row = {"id": _stored(token), "begun_at": at, "seen_at": at, **whose}
        connection.execute(insert(self.table).values(row))
        return token

    def find(self, connection: Connection, token: str, at: datetime) -> Row[Any] | None:
        """Return the session. None: it has ended, was idle too long, or never was."""
        row = connection.execute(select(self.table).where(self.table.c.id == _stored(token))).first()
        if row is None or at - row.seen_at > IDLE or at - row.begun_at > self.longest:
            return None
        return row

    def is_note_due(self, row: Row[Any], at: datetime) -> bool:
        """Return whether a use at ``at`` must be noted, so that the session does not end by being idle."""
        return bool(at - row.seen_at > NOTE_EVERY)

    def note_use(self, connection: Connection, row: Row[Any], at: datetime) -> None:
        """Note that a session was used at ``at``."""
        connection.execute(update(self.table).where(self.table.c.id == row.id).values(seen_at=at))

    def end(self, connection: Connection, token: str) -> None:
        """End a session."""
        self.end_all(connection, self.table.c.id == _stored(token))

    def end_all(self, connection: Connection, whose: ColumnElement[bool]) -> None:
        """End every session that ``whose`` is true of."""
        end_rows(connection, self.table, whose)

    def _forget_expired(self, connection: Connection, at: datetime) -> None:
        seen, begun = self.table.c.seen_at, self.table.c.begun_at
        end_rows(connection, self.table, or_(seen < at - IDLE, begun < at - self.longest), passing_over=True)


def end_rows(
    connection: Connection, table: Table, whose: ColumnElement[bool], *, passing_over: bool = False
) -> list[str]:
    """End the sessions of a table that ``whose`` is true of, locked in the order of their ids; which those are.

    ``passing_over``: but those that somebody else ends just now. Two who sign in and forget what has expired, and wait
    for each other's, would wait for ever.
    """
    meant = select(table.c.id).where(whose).order_by(table.c.id).with_for_update(skip_locked=passing_over)
    ids = list(connection.execute(meant).scalars())
    connection.execute(delete(table).where(table.c.id.in_(ids)))
    return ids


def _stored(token: str) -> str:
    return sha256(token.encode()).hexdigest()
