"""Contact that we did not hear ourselves: somebody says with an outcome that the patient was reached in another way."""

from __future__ import annotations

from enum import Enum

from callflows.lifecycles.tables import ESCALATION, PROMISE
from ivr.callbacks import attempts
from ivr.callbacks.tables import promise
from ivr.calls import legs, talks
from ivr.calls.events import record
from ivr.calls.talks import REPORTED
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations
from ivr.oncall.tables import escalation
from ivr.responsibility.settling import find_row
from ivr.responsibility.tables import OPEN

TALKED, ELSEWHERE = OUTCOMES = ("talked", "cared-for-elsewhere")
"""What may be said: somebody has talked with the patient; others, such as an emergency room, care for them now."""


class Taken(Enum):
    """Whether a word that the patient was reached was taken, and why not."""

    TAKEN = "taken"
    OVER = "nobody waits for contact any more"
    WAITS = "the caller is on the line and talks with nobody"


def report_contact(work: Work, call_id: str, by: str, outcome: str) -> Taken:
    """Take somebody's word that the patient was reached. What is owed is kept by that, and nobody is paged any more.

    It is not taken, and nothing is stopped, while a caller waits on the line: nobody would come to them any more.
    """
    legs.lock_call(work, call_id)
    row = find_row(work, call_id)
    if row is None or row.state not in OPEN:
        return Taken.OVER
    if _waits_on_the_line(work, call_id):
        return Taken.WAITS
    record(work, REPORTED, call_id, by=by, outcome=outcome)
    for owed in attempts.list_promises(work, call_id):
        if owed.kind == attempts.URGENT and fire(work, PROMISE, promise, owed.id, "keep", closed_as="reported"):
            record(work, "promise-kept", call_id, promise=owed.id, by=by, how=outcome)
            for timer in ("promise_start", "promise_due"):
                cancel_timer(work, timer, owed.id)
    cancel_timer(work, "held", call_id)
    running = escalations.find_active(work, call_id)
    if running is not None:
        fire(work, ESCALATION, escalation, running.id, "stop")
    work.touched.add(call_id)
    return Taken.TAKEN


def _waits_on_the_line(work: Work, call_id: str) -> bool:
    """Whether somebody of the patient's side is on the line and talks with nobody. A phone that rings is not picked up
    yet, and whoever hears a goodbye waits for nothing.
    """
    theirs = legs.list_parties(work, call_id, "caller")
    on_it = any(row.state == "in-progress" and row.outcome is None for row in theirs)
    return on_it and not talks.is_going_on(work, call_id)
