"""A caller whom an agent holds for longer waits by themselves, outside the talk, and may press keys there.

A document that somebody hears in a conference may gather no key (Twilio: 13238), so that their leg is redirected into
the wait of the queue, as everybody waits, and back into the conference once there is somebody to talk to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.vocabulary import Answer, Joined, PersonLeft, SetAside, SetCallerAside, WaitOnHold, WithPerson
from ivr.calls import legs, talks
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.core.unit_of_work import Work


def set_caller_aside(work: Work, leg: Row[Any], key: str, _wanted: SetCallerAside) -> None:
    """Let the callers who are held wait by themselves. Whoever is asked something at that moment is let be."""
    for caller in legs.list_parties(work, leg.call_id, "caller"):
        if caller.held and answer_and_redirect(work, caller.id, SetAside(), WithPerson):
            record(work, "set-aside", leg.call_id, leg=caller.id, by=leg.id)


def is_set_aside(row: Row[Any]) -> bool:
    """Whether a party waits by itself because it is held."""
    return bool(row.pending_kind == WaitOnHold.__name__)


def bring_back(work: Work, caller: Row[Any], holder: Row[Any]) -> None:
    """Bring a caller who was set aside back to whoever is there: the ``holder``, or a clinician who has come.

    Where all have gone they are told so, and are kept by their own conversation.
    """
    answer_and_redirect(work, caller.id, _find_company(work, holder), WaitOnHold)
    record(work, "brought-back", caller.call_id, leg=caller.id)


def bring_back_all(work: Work, gone: Row[Any]) -> None:
    """Bring back whoever is set aside yet, as a leg of the staff is over whose conversation may have failed to."""
    staff = [row for row in legs.list_parties(work, gone.call_id, "staff") if row.outcome is None]
    if any(talks.has_been_there(row) and row.role == "agent" for row in staff):
        return
    for caller in legs.list_parties(work, gone.call_id, "caller"):
        if is_set_aside(caller):
            legs.set_columns(work, caller.id, held=False)
            bring_back(work, caller, gone)


def _find_company(work: Work, holder: Row[Any]) -> Answer:
    if holder.state != "ended":
        return Joined(holder.person_id, holder.role)
    for one in talks.list_bound(work, holder.call_id, "staff"):
        if one.id != holder.id and one.outcome is None:
            return Joined(one.person_id, one.role)
    return PersonLeft(holder.role)
