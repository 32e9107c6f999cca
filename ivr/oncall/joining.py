"""Joining the caller with the clinician who accepted: at once where the caller can be taken, else as soon as they can.

A caller waits, is asked something meanwhile, is on a help line, or is put through to the operator's own house: from
there they are taken at once. Whoever is asked something else at that moment (a number to call back, whether they want
somebody again) is brought to the clinician, who waits in the conference, when they come to wait next.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import ESCALATION
from callflows.values import URGENCIES
from callflows.vocabulary import ASKED_MEANWHILE, DialHelpLine, DialHouse, Joined, Request, Wait
from ivr.calls import legs, talks
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall.climbed import find_newest
from ivr.oncall.tables import escalation
from ivr.queue.entries import dequeue

TAKEN_FROM: tuple[type[Request], ...] = (Wait, *ASKED_MEANWHILE, DialHelpLine, DialHouse)
"""What a caller may be taken from to a clinician."""
TIMER = "join_clinician"
WORDS_OF_911 = timedelta(seconds=8)
"""How long the 911 words take. A clinician who waits already for whoever calls again does not cut them short."""
HOUSE_DIALLED, HOUSE_TAKEN = "house-dialled", "house-taken"
"""The events of a caller who is put through to the house, and of somebody there who pressed the key: both talk."""


def join_callers(work: Work, call_id: str, person: str) -> bool:
    """Bring whoever called to the clinician, where they can be taken now; whether they could be.

    Nobody else is looked for then.
    """
    joined = False
    for caller in legs.list_parties(work, call_id, "caller"):
        if answer_and_redirect(work, caller.id, Joined(person, "clinician"), *TAKEN_FROM):
            dequeue(work, call_id)
            joined = True
    return joined


def join_later(work: Work, call_id: str, at: datetime) -> None:
    """Bring whoever called to the clinician at that instant, because they hear something that must not be cut short."""
    set_timer(work, TIMER, call_id, at, call_id=call_id)


def is_waited_for(work: Work, call_id: str) -> bool:
    """Whether a clinician who accepted waits in the conference for a caller who has yet to come."""
    return find_waiting(work, call_id) is not None


def expect_join(work: Work, row: Row[Any]) -> None:
    """Have a caller, who can be taken from now on, joined with the clinician who waits for them, if one does.

    That they are put through to the house is noted: its telephone is about to ring.
    """
    if row.pending_kind == DialHouse.__name__:
        record(work, HOUSE_DIALLED, row.call_id, leg=row.id)
    called = work.services.features.roles[row.role].talks_as == "caller"
    if called and find_waiting(work, row.call_id) is not None:
        newest = find_newest(work, row.call_id)
        join_later(work, row.call_id, max(work.at, heard_911_at(newest)) if newest is not None else work.at)


def is_with_house(work: Work, call_id: str) -> bool:
    """Whether a caller, who was put through to the house, talks with somebody there."""
    here = legs.list_parties(work, call_id, "caller")
    dialled = [{"leg": row.id, "step": row.step} for row in here if row.pending_kind == DialHouse.__name__]
    if not dialled:
        return False
    noted = select(event.c.data).where(event.c.call_id == call_id, event.c.kind == HOUSE_TAKEN)
    return any(data in dialled for data in work.connection.execute(noted).scalars())


def heard_911_at(begun: Row[Any]) -> datetime:
    """When the caller for whom an escalation was begun has heard the 911 words that are said as it begins."""
    said = begun.urgency == URGENCIES[-1] and not begun.consult
    heard: datetime = begun.started_at + (WORDS_OF_911 if said else timedelta())
    return heard


def join_waiting(work: Work, call_id: str) -> None:
    """Join them, unless either has gone meanwhile. Once they are joined, nobody else is paged any more."""
    waiting = find_waiting(work, call_id)
    if waiting is None or not join_callers(work, call_id, waiting.person_id):
        return
    paging = select(escalation.c.id).where(escalation.c.call_id == call_id, escalation.c.state == "paging")
    for escalation_id in work.connection.execute(paging).scalars().all():
        fire(work, ESCALATION, escalation, escalation_id, "stop")


def find_waiting(work: Work, call_id: str) -> Row[Any] | None:
    """The clinician who was sent to the call's conference and has talked with nobody there yet."""
    bound = (row for row in talks.list_bound(work, call_id, "staff") if row.role == "clinician")
    return next((row for row in bound if not talks.has_talked(work, row)), None)
