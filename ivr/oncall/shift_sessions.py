"""Who is signed in on a device of their own, once for a shift: until it ends, they sign out or their PIN changes.

There is no end by being idle, unlike for a link that was opened anywhere: it is a telephone of one person, which locks
itself, and whoever is paged at night must get to the call at once. It lasts a day at most, however long the shift.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from ivr.accounts.session_store import end_rows
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.oncall.tables import shift_session
from ivr.rotas.duties import list_shifts

LONGEST = timedelta(days=1)
OFF_DUTY = timedelta(hours=1)
"""How long whoever is in no shift stays signed in, to look at their shifts or to agree to a swap."""
_KEY = "oncall-shift"


def find_end(connection: Connection, organisation: Organisation, person_id: str, at: datetime) -> datetime:
    """When a session that begins now ends: with the shift that the person is in, after a day at most."""
    ends = [
        shift.end for shift in list_shifts(connection, organisation, person_id, at, at + LONGEST) if shift.start <= at
    ]
    return min(max(ends, default=at + OFF_DUTY), at + LONGEST)


def begin_session(work: Work, person_id: str, ends_at: datetime) -> str:
    """Begin a session and return its token: 256 random bits, given to the browser and stored nowhere."""
    end_rows(work.connection, shift_session, shift_session.c.ends_at <= work.at, passing_over=True)
    token = secrets.token_urlsafe(32)
    row = {"id": _stored(token), "person_id": person_id, "begun_at": work.at, "ends_at": ends_at}
    work.connection.execute(insert(shift_session).values(row))
    return token


def remember_session(session: MutableMapping[str, Any], token: str) -> None:
    """Give the browser the token of its session."""
    session[_KEY] = token


def find_person(connection: Connection, session: MutableMapping[str, Any], at: datetime) -> str | None:
    """Whose session the browser has; None where it has none, or it is over."""
    mine = select(shift_session).where(shift_session.c.id == _stored(str(session.get(_KEY, ""))))
    row = connection.execute(mine).first()
    return str(row.person_id) if row is not None and at < row.ends_at else None


def end_session(connection: Connection, session: MutableMapping[str, Any]) -> str | None:
    """Sign out, for every copy of the cookie; whose session it was. The browser forgets it by ``forget_session``."""
    mine = shift_session.c.id == _stored(str(session.get(_KEY, "")))
    person: str | None = connection.execute(select(shift_session.c.person_id).where(mine)).scalar()
    end_rows(connection, shift_session, mine)
    return person


def forget_session(session: MutableMapping[str, Any]) -> None:
    """Let the browser forget its session, once its end is kept: what ends it may be done twice."""
    session.pop(_KEY, None)


def end_sessions_of(connection: Connection, person_id: str) -> None:
    """Sign a person out of every device."""
    end_rows(connection, shift_session, shift_session.c.person_id == person_id)


def _stored(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
