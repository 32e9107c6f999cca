"""What a leg's ringing and its end mean, by whose leg it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.vocabulary import LeaveMessage
from ivr.callbacks.attempts import tell_not_reached
from ivr.calls import conference
from ivr.calls.conversation import interrupt
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.core.state_machines import action
from ivr.core.unit_of_work import Work
from ivr.interpreters import attempts as interpreters
from ivr.jobs.timers import cancel_timer, on_timer, set_timer
from ivr.oncall import pages
from ivr.queue import offers
from ivr.queue.entries import is_called_back, leave
from ivr.queue.estimates import learn
from ivr.queue.returning_callers import ABANDONED

LAST_WORDS = timedelta(seconds=30)
"""A caller who hangs up while leaving a message has left it: the action of the Record may come after the hang-up."""


@action("leg_rings")
def leg_rings(work: Work, leg_id: str) -> None:
    """Ring timers run from the first ring."""
    row = _leg(work, leg_id)
    if row.role in _RINGS:
        _RINGS[row.role](work, row.errand_id)


@action("leg_ended")
def leg_ended(work: Work, leg_id: str) -> None:
    """The party is gone: their conversation hears of it, and so does whoever depends on it."""
    row = _leg(work, leg_id)
    cancel_timer(work, "check_leg", leg_id)
    record(work, f"{row.role}-left", row.call_id, leg=leg_id, how=row.ended_how or "")
    conference.ended(work, row)
    if row.pending_kind == LeaveMessage.__name__:
        set_timer(work, "last_words", leg_id, work.at + LAST_WORDS)
    else:
        interrupt(work, leg_id, "hung-up")
    _AFTER[row.role](work, row)


@on_timer("last_words")
def last_words(work: Work, leg_id: str) -> None:
    """By now the message of a caller who hung up was reported, or there is none."""
    row = _leg(work, leg_id)
    interrupt(work, leg_id, "hung-up")
    _note_outcome(work, row)


def _caller_gone(work: Work, row: Row[Any]) -> None:
    """Offers to agents stop at once. Pages and call-backs do not: neither care nor a promise ends with a hang-up."""
    work.connection.execute(update(call).where(call.c.id == row.call_id).values(ended_at=work.at))
    _note_outcome(work, row)
    if not is_called_back(work, row.call_id):
        leave(work, row.call_id, ABANDONED)


def _note_outcome(work: Work, row: Row[Any]) -> None:
    outcome = work.connection.execute(select(leg.c.outcome).where(leg.c.id == row.id)).scalar()
    work.connection.execute(update(call).where(call.c.id == row.call_id).values(outcome=outcome))


def _agent_gone(work: Work, row: Row[Any]) -> None:
    offers.leg_gone(work, row)
    learn(work, row)


def _patient_gone(work: Work, row: Row[Any]) -> None:
    if not row.begun:
        tell_not_reached(work, row.call_id)


def _leg(work: Work, leg_id: str) -> Row[Any]:
    return work.connection.execute(select(leg).where(leg.c.id == leg_id)).one()


_RINGS: dict[str, Callable[[Work, str], None]] = {
    "agent": offers.ringing,
    "clinician": pages.ringing,
    "interpreter": interpreters.ringing,
}

_AFTER: dict[str, Callable[[Work, Row[Any]], None]] = {
    "caller": _caller_gone,
    "patient": _patient_gone,
    "agent": _agent_gone,
    "clinician": pages.leg_gone,
    "interpreter": interpreters.leg_gone,
}
