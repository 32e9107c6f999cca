"""Who talks with a caller at this moment. Nobody else proves anything, and nobody does when the talk is over.

The account of an agent has the name that the configuration gives the agent.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from ivr.accounts.accounts_store import Person
from ivr.calls import legs, talks
from ivr.calls.tables import LEG_IS_LIVING, call, leg
from ivr.core.unit_of_work import Work
from ivr.queue.tables import offer

AGENT, SUPERVISOR = "agent", "supervisor"


def find_own_call(work: Work, person: Person) -> str | None:
    """The call that an agent has accepted and is in; None where there is none."""
    mine = leg.c.person_id == person.name, leg.c.role == AGENT, LEG_IS_LIVING, leg.c.outcome.is_(None)
    accepted = offer.c.leg_id == leg.c.id, offer.c.state == "accepted"
    newest = select(leg.c.call_id).join(offer, accepted[0]).where(*mine, accepted[1]).order_by(leg.c.created_at.desc())
    return work.connection.execute(newest.limit(1)).scalar()


def is_call(work: Work, call_id: str) -> bool:
    """Whether there is such a call."""
    return work.connection.execute(select(call.c.id).where(call.c.id == call_id)).first() is not None


def has_taken_part(work: Work, person: Person, call_id: str) -> bool:
    """Whether an agent has ever accepted this call."""
    theirs = offer.c.call_id == call_id, offer.c.agent_id == person.name, offer.c.state == "accepted"
    return work.connection.execute(select(offer.c.id).where(*theirs).limit(1)).first() is not None


def is_talking(work: Work, call_id: str) -> bool:
    """Whether the caller is in a talk with somebody of the staff.

    Whoever has stepped out of it for a moment is still of it. At a call-back nobody is: whoever picks up is the patient
    by nothing but the number.
    """
    callers = [row for row in legs.list_living(work, call_id, "caller") if row.outcome is None and talks.is_bound(row)]
    return bool(callers) and any(map(_takes_part, legs.list_parties(work, call_id, "staff")))


def is_called_back(work: Work, call_id: str) -> bool:
    """Whether somebody was rung for the call who has not been asked who they are: the call's level is not theirs."""
    return bool(legs.list_living(work, call_id, "patient"))


def is_present(work: Work, person: Person, call_id: str) -> bool:
    """Whether a person is an agent of that talk."""
    agents = legs.list_living(work, call_id, AGENT)
    return any(row.person_id == person.name and _takes_part(row) for row in agents)


def _takes_part(row: Row[Any]) -> bool:
    return row.outcome is None and (talks.is_bound(row) or talks.has_been_there(row))
