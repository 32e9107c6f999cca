"""Ringing the listed number of an organisation, once the line on which that was asked for is over.

The leg is there from when it is asked for, so that a clinician who accepts meanwhile waits for it; it is dialled when
the line is over, because the number may be the very one that calls. A line of whose end nothing is heard does not hold
it up for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.values import more_urgent
from callflows.vocabulary import ConfirmCallBack, Granted, RingListed
from ivr.calls import legs
from ivr.calls.addresses import judge_address
from ivr.calls.configuration import call_row, newest
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.professionals.audit_trail import note_caller
from ivr.professionals.proof import find_given
from ivr.professionals.tables import listed_caller

FLOW = "listed_number"
RING_SECONDS = 40
"""A switchboard is slower than a person's own telephone."""
AT_LATEST = timedelta(seconds=30)
"""The words of goodbye take some twenty."""
TIMER = "ring_listed"
ACTION = "professional.call-back"


def ring_listed(work: Work, leg: Row[Any], key: str, _wanted: RingListed) -> Granted:
    """Have the listed number rung once this leg is over, as far as it still may be."""
    given = find_given(work.connection, leg.call_id, newest(work))
    number = judge_address(work, given.organisation.number, "caller") if given else None
    if given is None or number is None:
        note_caller(work, leg, ACTION, "refused", given.row.listed_id if given else None)
        return Granted(False)
    rung = legs.create_leg(work, leg.call_id, "caller", FLOW, address=number, ring_seconds=RING_SECONDS)
    work.connection.execute(update(listed_caller).where(listed_caller.c.call_id == leg.call_id).values(leg_id=rung))
    set_timer(work, TIMER, rung, work.at + AT_LATEST, call_id=leg.call_id)
    record(work, "listed-number-asked", leg.call_id, leg=rung)
    note_caller(work, leg, ACTION, "asked", given.row.listed_id)
    return Granted(True)


def confirm_call_back(work: Work, leg: Row[Any], key: str, _effect: ConfirmCallBack) -> Granted:
    """Note that somebody at the listed number pressed the key, unless its code was withdrawn meanwhile."""
    given = find_given(work.connection, leg.call_id, newest(work))
    if given is None:
        note_caller(work, leg, ACTION, "withdrawn")
        return Granted(False)
    changed = update(listed_caller).where(listed_caller.c.call_id == leg.call_id)
    work.connection.execute(changed.values(reached_at=work.at))
    record(work, "listed-number-reached", leg.call_id, leg=leg.id)
    note_caller(work, leg, ACTION, "reached", given.row.listed_id)
    return Granted(True)


def note_leg_over(work: Work, row: Row[Any]) -> None:
    """Ring the listed number, because the line on which it was asked for is over; note one that reached nobody."""
    if row.role != "caller":
        return
    asked = work.connection.execute(select(listed_caller).where(listed_caller.c.call_id == row.call_id)).first()
    if asked is None or asked.leg_id is None:
        return
    if asked.leg_id != row.id:
        ring_now(work, asked.leg_id)
    elif asked.reached_at is None:
        cancel_timer(work, TIMER, row.id)
        record(work, "listed-number-unanswered", row.call_id, leg=row.id)
        note_caller(work, row, ACTION, "unanswered", asked.listed_id)


def ring_now(work: Work, leg_id: str) -> None:
    """Dial the leg to a listed number, unless that was done, or its code was withdrawn meanwhile."""
    cancel_timer(work, TIMER, leg_id)
    row = legs.lock(work, leg_id)
    if row.state != "planned":
        return
    given = find_given(work.connection, row.call_id, newest(work))
    if given is None:
        note_caller(work, row, ACTION, "withdrawn")
        legs.enqueue_cancel(work, leg_id)
    else:
        urgency = more_urgent("urgent", call_row(work, row.call_id).urgency)
        legs.enqueue_dial(work, leg_id, urgency)


def listed_number(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """The number that is listed for whoever gave their code, for a promise; empty where it stands no more."""
    given = find_given(work.connection, leg.call_id, newest(work))
    return {"number": given.organisation.number if given else ""}


def find_proved_number(work: Work, call_id: str) -> str | None:
    """The listed number at which whoever called was reached, for as long as their code stands; None without that.

    What was proved is told of whoever is rung, so that from then on nobody is rung anywhere else.
    """
    given = find_given(work.connection, call_id, newest(work))
    return given.organisation.number if given is not None and given.row.reached_at is not None else None
