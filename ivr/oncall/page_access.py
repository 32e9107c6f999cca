"""Who may open a clinician's card: by the link and a PIN, or signed in for the shift on a device of their own."""

from __future__ import annotations

from typing import Any

from flask import session
from sqlalchemy import Row

from ivr.calls.configuration import newest
from ivr.core.unit_of_work import Work
from ivr.oncall import page_sessions, page_sign_in, shift_sessions


def find_signed_in(work: Work, token: str) -> Row[Any] | None:
    """The page behind a link, for its person, while it may be read; None for everybody else."""
    row = page_sign_in.find_readable_page(work.connection, token, work.at)
    return row if row is not None and _may_open(work, row) else None


def find_beside(work: Work, token: str) -> Row[Any] | None:
    """The page that the ring of a link rings for now that its own is over, for whoever is signed in to that one."""
    row = page_sign_in.find_ringing_beside(work.connection, token, work.at)
    return row if row is not None and _may_open(work, row) else None


def find_over(work: Work, token: str) -> Row[Any] | None:
    """The page behind a link that may be read no more, for its person, who is told so; None for everybody else.

    Also None while the ring of the link rings for another page, which is signed in to by it.
    """
    for find in (page_sign_in.find_readable_page, page_sign_in.find_ringing_beside):
        if find(work.connection, token, work.at) is not None:
            return None
    return find_own(work, token)


def find_own(work: Work, token: str) -> Row[Any] | None:
    """The page behind a link, for its person, whatever became of it; None for everybody else."""
    row = page_sign_in.find_page(work.connection, token)
    return row if row is not None and _may_open(work, row) else None


def find_person(work: Work) -> str | None:
    """Who is signed in for the shift, and is one of the people of the configuration still."""
    person = shift_sessions.find_person(work.connection, session, work.at)
    return person if person is not None and person in newest(work).people else None


def is_theirs(item: Row[Any] | None, row: Row[Any]) -> bool:
    """Whether a call is still of the person of a page that they accepted, by its ``item``, which nobody has
    taken since. Where there is none, nobody can have.
    """
    return item is None or item.page_id == row.id


def _may_open(work: Work, row: Row[Any]) -> bool:
    return find_person(work) == row.person_id or page_sessions.use_session(work, session, row.id)
