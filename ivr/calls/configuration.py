"""The organisation as a call sees it: always the revision pinned on the call."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.calls.tables import call
from ivr.core.unit_of_work import Work
from ivr.directory.on_call import OnCall
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.rotas.live import with_live_rotas

NO_PRACTICE = OPERATOR_KEYS
"""The practice id of calls that no practice owns; its keyset is the operator's own."""

_CALL = select(call).where(call.c.id == bindparam("call_id"))


def call_row(work: Work, call_id: str) -> Row[Any]:
    """The call."""
    return work.connection.execute(_CALL, {"call_id": call_id}).one()


def pinned(work: Work, call_id: str) -> Organisation:
    """The organisation as it was when the call came in."""
    return pinned_of(work, call_row(work, call_id))


def pinned_of(work: Work, about: Row[Any]) -> Organisation:
    """The same for a call that has been read already."""
    return load(work.connection, about.revision_id)


def line_name(work: Work, about: Row[Any]) -> str:
    """Who we say we are in a call: the practice, or the operator where no practice owns the call."""
    organisation = pinned_of(work, about)
    if about.practice_id == NO_PRACTICE:
        return organisation.operator.operator
    return organisation.practice(about.practice_id).name


def line_zone(work: Work, about: Row[Any]) -> str:
    """The time zone of the location that was called; UTC where no practice owns the call."""
    if about.practice_id == NO_PRACTICE:
        return "UTC"
    return pinned_of(work, about).location(about.practice_id, about.location_id).timezone


def newest(work: Work) -> Organisation:
    """The organisation as it is now, for what must be live."""
    return load(work.connection, None)


def on_call_of(work: Work, organisation: Organisation, about: Row[Any]) -> OnCall:
    """Who is on call for what a call is about, at the location called, with the covers that stand."""
    return with_live_rotas(work.connection, organisation, work.at).on_call_for(
        about.practice_id, about.location_id, about.service
    )


def newest_for(work: Work, about: Row[Any]) -> Organisation:
    """The organisation as it is now, or as the call knows it where its location has been taken out since."""
    found = newest(work)
    practice = found.practices.get(about.practice_id)
    return found if practice is not None and about.location_id in practice.locations else pinned_of(work, about)
