"""Contact that we did not hear ourselves: somebody says with an outcome that the patient was reached in another way."""

from __future__ import annotations

from callflows.lifecycles.tables import ESCALATION, PROMISE
from ivr.callbacks import attempts
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations
from ivr.oncall.tables import escalation
from ivr.responsibility.facts import REPORTED
from ivr.responsibility.settling import find_row
from ivr.responsibility.tables import OPEN

TALKED, ELSEWHERE = OUTCOMES = ("talked", "cared-for-elsewhere")
"""What may be said: somebody has talked with the patient; others, such as an emergency room, care for them now."""


def report_contact(work: Work, call_id: str, by: str, outcome: str) -> bool:
    """Take somebody's word that the patient was reached; False where nobody waits for contact any more.

    What is owed is kept by that, and nobody is paged any more.
    """
    legs.lock_call(work, call_id)
    row = find_row(work, call_id)
    if row is None or row.state not in OPEN:
        return False
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
    return True
