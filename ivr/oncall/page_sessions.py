"""Who is signed in to a page: until they sign out, their PIN changes, the page ends or ten idle minutes are over."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from ivr.accounts.session_store import Sessions
from ivr.core.unit_of_work import Work
from ivr.oncall import shift_sessions
from ivr.oncall.tables import clinician_session, page

READABLE_AFTER_ACCEPT = timedelta(hours=4)
"""Whoever accepted may read the summary again for as long as their call can last."""
CLINICIANS = Sessions(clinician_session, READABLE_AFTER_ACCEPT)
_KEY = "oncall-session"
"""Not ``oncall``, where the version before this one, which may run beside it, keeps something else."""


def remember_sign_in(session: MutableMapping[str, Any], token: str) -> None:
    """Give the browser the token of its session."""
    session[_KEY] = token


def use_session(work: Work, session: MutableMapping[str, Any], page_id: str) -> bool:
    """Whether the browser has signed in to this page and used it in the last ten minutes; this is a use."""
    row = CLINICIANS.find(work.connection, _token(session), work.at)
    if row is None or row.page_id != page_id:
        return False
    if CLINICIANS.is_note_due(row, work.at):
        # At the end, because whatever is done with the page locks its call first.
        work.last_acts.append(partial(CLINICIANS.note_use, work.connection, row, work.at))
    return True


def end_session(work: Work, session: MutableMapping[str, Any]) -> str | None:
    """Sign out, for every copy of the cookie; the page that the session was for, if there was one.

    The browser forgets it by ``forget_session``.
    """
    row = CLINICIANS.find(work.connection, _token(session), work.at)
    CLINICIANS.end(work.connection, _token(session))
    return row.page_id if row else None


def forget_session(session: MutableMapping[str, Any]) -> None:
    """Let the browser forget its session, once its end is kept: what ends it may be done twice."""
    session.pop(_KEY, None)


def end_sessions_of(connection: Connection, person_id: str) -> None:
    """Sign a person out of every page of theirs, and of every device."""
    theirs = select(page.c.id).where(page.c.person_id == person_id)
    CLINICIANS.end_all(connection, clinician_session.c.page_id.in_(theirs))
    shift_sessions.end_sessions_of(connection, person_id)


def _token(session: MutableMapping[str, Any]) -> str:
    return str(session.get(_KEY, ""))
