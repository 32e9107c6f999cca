"""Promises: worked on when their time comes, kept when the patient has talked to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from callflows.lifecycles.tables import PROMISE
from callflows.values import more_urgent
from callflows.vocabulary import CallPatient, InVain, NotReached, WithPerson
from ivr.callbacks.held_calls import is_held
from ivr.callbacks.one_at_a_time import is_rung_for_another, open_number
from ivr.callbacks.ring_hours import first_ringable, set_quiet_timer
from ivr.callbacks.tables import OPEN, promise
from ivr.calls import legs, talks
from ivr.calls.addresses import judge_address, open_caller_number, read_countries_abroad
from ivr.calls.configuration import call_row, newest
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work
from ivr.directory.schema.operator import UntilContact
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall import escalations
from ivr.oncall.in_hand import is_in_hand
from ivr.professionals.ringing import find_proved_number
from ivr.queue.entries import dequeue, enqueue, entry, is_called_back
from routing.promises import is_hopeless, next_attempt, nth_wait

RING_SECONDS = 25
URGENT = "urgent-callback"
ENGAGED_AFTER = timedelta(minutes=2)
"""An engaged telephone shows that somebody is there, so that it is tried again sooner."""
MOST_ENGAGED = 3
"""So often in one call that costs no attempt."""
_ENGAGED = select(func.count()).where(event.c.call_id == bindparam("of_call"), event.c.kind == "engaged")


def start_promise(work: Work, promise_id: str) -> None:
    """Start the work on a promise, or put it off to the end of the patient's quiet hours."""
    row = _get(work, promise_id)
    start_at = first_ringable(work, call_row(work, row.call_id), work.at) if row.kind == "callback" else work.at
    if start_at > work.at:
        set_timer(work, "promise_start", promise_id, start_at, call_id=row.call_id)
    else:
        fire(work, PROMISE, promise, promise_id, "due")


def alert_overdue_promise(work: Work, promise_id: str) -> None:
    """Alert supervisors that a promise should have been kept by now, and again until it is. The work goes on."""
    row = _get(work, promise_id)
    if row.state in OPEN:
        record(work, "alert", row.call_id, what="promise-overdue", promise=promise_id)
        again_at = work.at + read_schedule(work).overdue_again
        set_timer(work, "promise_due", promise_id, again_at, call_id=row.call_id)


def work_on_promise(work: Work, promise_id: str) -> None:
    """Page clinicians for an urgent promise; put every other in the queue for an agent who calls back."""
    row = _get(work, promise_id)
    work.connection.execute(update(promise).where(promise.c.id == promise_id).values(attempts=row.attempts + 1))
    if row.kind == URGENT:
        if not _is_being_cared_for(work, row.call_id):
            urgency = more_urgent(row.urgency, call_row(work, row.call_id).urgency)
            escalations.start_escalation(work, row.call_id, urgency)
    else:
        enqueue(work, row.call_id, row.service, row.language, row.urgency, callback=True, since=row.place_since)
        set_quiet_timer(work, row)


def pause_for_quiet_hours(work: Work, promise_id: str) -> None:
    """Stop looking for an agent while the patient's quiet hours last. The promise keeps its place in the queue."""
    row = _get(work, promise_id)
    waits = entry(work, row.call_id)
    if row.state != "working" or waits is None or waits.state not in ("searching", "offered"):
        return
    dequeue(work, row.call_id)
    # Nobody was rung, so it was no attempt.
    work.connection.execute(update(promise).where(promise.c.id == promise_id).values(attempts=row.attempts - 1))
    fire(work, PROMISE, promise, promise_id, "retry")


def stop_working_on_promise(work: Work, promise_id: str) -> None:
    """Stop looking for an agent, because another promise stands for this one."""
    row = _get(work, promise_id)
    for timer in ("promise_start", "promise_due", "quiet_hours"):
        cancel_timer(work, timer, promise_id)
    if is_called_back(work, row.call_id):
        dequeue(work, row.call_id)


def take_up_urgent(work: Work, call_id: str) -> None:
    """Have what is urgently owed in a call count as worked on, because its ladder is climbed before its time came."""
    for row in list_promises(work, call_id, "open"):
        if row.kind == URGENT:
            cancel_timer(work, "promise_start", row.id)
            fire(work, PROMISE, promise, row.id, "due")


def call_patient(work: Work, leg: Row[Any], key: str, _effect: CallPatient) -> None:
    """Ring the patient, into the conference where the person is waiting.

    Where that cannot be, the person is told as soon as they wait there.
    """
    about = call_row(work, leg.call_id)
    number = _number_to_call(work, about)
    if number is None:
        _alert_unfit_numbers(work, about.id)
        set_timer(work, "not_rung", about.id, work.at, call_id=about.id)
        return
    if is_rung_for_another(work, about.id, number):
        set_timer(work, "engaged", about.id, work.at, call_id=about.id)
        return
    patient_leg = legs.create_leg(work, about.id, "patient", "called_back", address=number, ring_seconds=RING_SECONDS)
    legs.enqueue_dial(work, patient_leg, "emergent" if about.symptom else "urgent")
    record(work, "called-back", about.id, by=leg.person_id)


def _alert_unfit_numbers(work: Work, call_id: str) -> None:
    """Alert supervisors of promises whose number may not be rung any more. No number at all was told of at once."""
    for row in list_promises(work, call_id):
        if row.number_sealed:
            record(work, "alert", call_id, what="promise-without-number", promise=row.id)


def keep_promises(work: Work, there: Sequence[Row[Any]]) -> None:
    """Close the open promises of a call as kept, because those who are ``there`` have talked.

    An urgent one is kept by a clinician, or by whoever had the patient rung for it.
    """
    roles = work.services.features.roles
    staff = [row for row in there if roles[row.role].talks_as == "staff"]
    by = next((row for row in staff if row.role == "clinician"), staff[0])
    fit = by.role == "clinician" or any(row.role == "patient" for row in there)
    for row in list_promises(work, by.call_id):
        if fit or row.kind != URGENT:
            _keep(work, row, by.person_id)


def keep_all(work: Work, call_id: str, by: str) -> None:
    """Close every open promise of a call as kept, because the patient has talked with somebody who stands for all."""
    for row in list_promises(work, call_id):
        _keep(work, row, by)


def _keep(work: Work, row: Row[Any], by: str) -> None:
    fire(work, PROMISE, promise, row.id, "keep", closed_as="talked")
    for timer in ("promise_start", "promise_due", "quiet_hours"):
        cancel_timer(work, timer, row.id)
    record(work, "promise-kept", row.call_id, promise=row.id, by=by)


def has_number(work: Work, call_id: str) -> bool:
    """Whether there is a number at which the patient of a call can be rung."""
    return _number_to_call(work, call_row(work, call_id)) is not None


def note_not_rung(work: Work, call_id: str) -> None:
    """Note that there was no number to ring."""
    note_not_reached(work, call_id, rung=False)


def note_engaged(work: Work, call_id: str) -> None:
    """Note that the telephone was engaged, by our own call to somebody else behind it or by another."""
    note_not_reached(work, call_id, engaged=True)


def note_not_reached(work: Work, call_id: str, *, rung: bool = True, engaged: bool = False) -> None:
    """Try the call-back again later, and tell the person who waited what is done.

    It was not even ``rung`` where there is no number. ``engaged`` is tried again soon, and costs no attempt at first.
    """
    soon = engaged and work.connection.execute(_ENGAGED, {"of_call": call_id}).scalar_one() < MOST_ENGAGED
    record(work, "engaged" if soon else "not-reached", call_id)
    dequeue(work, call_id)
    promised = list_promises(work, call_id)
    for row in promised:
        if soon:
            try_soon(work, row, ENGAGED_AFTER)
        else:
            retry_or_give_up(work, row, "not-reached")
    then = "again" if list_promises(work, call_id) else "given-up" if promised else ""
    told = NotReached() if rung and then == "again" else InVain(then, rung)
    for person in legs.list_parties(work, call_id, "staff"):
        answer_and_redirect(work, person.id, told, WithPerson)


def note_patient_gone(work: Work, leg: Row[Any]) -> None:
    """Note the end of the called-back patient's leg.

    One that never began did not reach the patient, nor did one whose conversation failed before a promise was kept.
    Where nobody waits for the patient any more, that was no try of theirs: ``cut_off`` begins anew.
    """
    if find_waiting_for_patient(work, leg.call_id) is None:
        return
    if not leg.begun or (leg.outcome == legs.FAILED and list_promises(work, leg.call_id)):
        note_not_reached(work, leg.call_id, engaged=leg.ended_how == "busy")


def schedule_retry(work: Work, promise_id: str) -> None:
    """Set the timer for the next attempt: an urgent one by the operator's schedule, any other spread over its time."""
    row = _get(work, promise_id)
    about = call_row(work, row.call_id)
    if row.kind == URGENT:
        again_at = work.at + nth_wait(read_schedule(work).ladder_again, row.attempts)
    else:
        # Not before the time that the patient chose.
        again_at = max(first_ringable(work, about, next_attempt(work.at, row.due_at)), row.start_at)
    set_timer(work, "promise_start", promise_id, again_at, call_id=row.call_id)


def read_schedule(work: Work) -> UntilContact:
    """How often it is tried again, and told again, until somebody has had contact."""
    return newest(work).operator.until_contact


def retry_urgent_promises(work: Work, escalation_id: str) -> None:
    """Escalate urgent promises again later, because no clinician accepted."""
    for row in list_promises(work, escalations.get(work, escalation_id).call_id):
        if row.kind == URGENT and row.state == "working":
            retry_or_give_up(work, row, "no-clinician")


def try_soon(work: Work, row: Row[Any], after: timedelta) -> None:
    """Try again after a while that is shorter than usual. What was tried counts as no attempt."""
    if fire(work, PROMISE, promise, row.id, "retry"):
        work.connection.execute(update(promise).where(promise.c.id == row.id).values(attempts=row.attempts - 1))
        set_timer(work, "promise_start", row.id, work.at + after, call_id=row.call_id)


def retry_or_give_up(work: Work, row: Row[Any], why: str) -> None:
    """Try again: what is urgent until somebody has had contact, anything else until it is a week overdue.

    Then it is closed with what happened.
    """
    if row.kind != URGENT and is_hopeless(work.at, row.due_at):
        give_up(work, row, why)
    else:
        fire(work, PROMISE, promise, row.id, "retry")


def give_up(work: Work, row: Row[Any], why: str) -> None:
    """Close a promise that was not kept with what happened; supervisors are alerted."""
    fire(work, PROMISE, promise, row.id, "give-up", closed_as=why)


def was_given_up(work: Work, call_id: str) -> bool:
    """Whether all tries for a promise of the call were in vain."""
    return bool(list_promises(work, call_id, "missed"))


def alert_missed_promise(work: Work, promise_id: str) -> None:
    """Alert supervisors that all attempts were in vain."""
    row = _get(work, promise_id)
    record(work, "alert", row.call_id, what="promise-missed", promise=promise_id)


def find_waiting_for_patient(work: Work, call_id: str) -> str | None:
    """Who had the patient rung and waits for them, or has stepped out for a moment; None where they have gone."""
    people = [one for one in legs.list_parties(work, call_id, "staff") if one.outcome is None]
    bound = (one for one in people if talks.is_bound(one) or talks.has_been_there(one))
    return next((one.person_id for one in bound), None)


def list_promises(work: Work, call_id: str, *states: str) -> list[Row[Any]]:
    """The promises of a call that are still to be kept, or those in ``states``."""
    still = select(promise).where(promise.c.call_id == call_id, promise.c.state.in_(states or OPEN))
    return list(work.connection.execute(still.order_by(promise.c.made_at, promise.c.id)))


def _is_being_cared_for(work: Work, call_id: str) -> bool:
    """Whether a clinician is paged, or somebody has it in hand or holds it. When that ends, ``cut_off`` begins anew."""
    if is_in_hand(work, call_id) or escalations.find_active(work, call_id) is not None or is_held(work, call_id):
        return True
    return find_waiting_for_patient(work, call_id) is not None


def _get(work: Work, promise_id: str) -> Row[Any]:
    return work.connection.execute(select(promise).where(promise.c.id == promise_id)).one()


def _number_to_call(work: Work, about: Row[Any]) -> Ringable | None:
    """The number promised last; the caller's own where nothing is promised, as for a dropped line. Before both goes the
    listed one at which a professional has proved for whom they call: the proof goes with whoever is rung.

    One that may not be rung, promised before that was judged, is none: nobody waits for it to ring.
    """
    proved = find_proved_number(work, about.id)
    if proved is not None:
        return judge_address(work, proved, "caller")
    promised = [row for row in list_promises(work, about.id) if row.number_sealed]
    if not promised:
        return judge_address(work, open_caller_number(work, about) or "", "caller")
    abroad = read_countries_abroad(work, about.practice_id) if promised[-1].kind == "urgent-callback" else ()
    return judge_address(work, open_number(work.services.cipher, promised[-1]), "caller", abroad)
