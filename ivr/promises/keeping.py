"""Promises: opened by a flow, worked on when their time comes, kept when the patient has talked to somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import PROMISE
from callflows.vocabulary import CallPatient, NotReached, OpenPromise, ReportReached, WithPerson
from ivr.calls import legs
from ivr.calls.conversation import tell
from ivr.calls.requests import effect
from ivr.closures.keeping import live_calendar
from ivr.directory.lookups import STRANGER, call_row, newest
from ivr.events.record import record
from ivr.lifecycles import action, fire
from ivr.oncall import escalations
from ivr.privacy.addresses import seal_address
from ivr.promises.numbers import fit_to_ring
from ivr.promises.tables import message, promise
from ivr.timers.due import cancel_timer, on_timer, set_timer
from ivr.waiting.room import leave, put_in
from ivr.work import Work
from routing.hours import next_open
from routing.promises import due, parse_rule

RING_SECONDS = 25
MOST_ATTEMPTS = 3
RETRY_AFTER = {"urgent-callback": timedelta(minutes=5)}
RETRY_ROUTINE = timedelta(minutes=10)


@effect(OpenPromise)
def open_promise(work: Work, leg: Row[Any], key: str, made: OpenPromise) -> None:
    """Write the promise down with its due time; an urgent one keeps a page going, or starts one."""
    about = call_row(work, leg.call_id)
    promise_id = work.services.ids()
    opens_at, due_at = _times(work, about, made.due)
    start_at = _first_start(work, about, made.kind, opens_at, due_at)
    work.connection.execute(
        insert(promise).values(
            id=promise_id,
            call_id=about.id,
            practice_id=about.practice_id,
            kind=made.kind,
            service=made.service,
            language=about.language,
            urgency=made.urgency,
            number_sealed=_number(work, about, made.number),
            state=PROMISE.begins,
            made_at=work.at,
            start_at=start_at,
            due_at=due_at,
            attempts=0,
        )
    )
    if made.recording:
        work.connection.execute(
            insert(message).values(
                id=work.services.ids(),
                call_id=about.id,
                promise_id=promise_id,
                recording_id=made.recording,
                taken_at=work.at,
            )
        )
    set_timer(work, "promise_start", promise_id, start_at)
    set_timer(work, "promise_due", promise_id, due_at)
    record(work, "promised", about.id, promise=promise_id, promise_kind=made.kind, due=due_at.isoformat())


@on_timer("promise_start")
def promise_start(work: Work, promise_id: str) -> None:
    """The time has come to work on it."""
    fire(work, PROMISE, promise, promise_id, "due")


@on_timer("promise_due")
def promise_due(work: Work, promise_id: str) -> None:
    """It should have been kept by now. The work goes on; somebody is told."""
    row = _promise(work, promise_id)
    if row.state in ("open", "working"):
        record(work, "alert", row.call_id, what="promise-overdue", promise=promise_id)


@action("work_on_promise")
def work_on_promise(work: Work, promise_id: str) -> None:
    """An urgent one pages clinicians, every other looks for an agent who calls back."""
    row = _promise(work, promise_id)
    work.connection.execute(update(promise).where(promise.c.id == promise_id).values(attempts=row.attempts + 1))
    if row.kind == "urgent-callback":
        if not _being_cared_for(work, row.call_id):
            escalations.start(work, row.call_id, row.urgency)
    else:
        put_in(work, row.call_id, row.service, row.language, row.urgency, callback=True)


@effect(CallPatient)
def call_patient(work: Work, leg: Row[Any], key: str, _effect: CallPatient) -> None:
    """Ring the patient, into the conference where the person is waiting."""
    about = call_row(work, leg.call_id)
    number = _number_to_call(work, about)
    if number is None:
        tell_not_reached(work, about.id)
        return
    patient_leg = legs.new_leg(
        work, about.id, "patient", "called_back", address_sealed=number, ring_seconds=RING_SECONDS
    )
    legs.dial(work, patient_leg, "emergent" if about.symptom else "urgent")
    record(work, "called-back", about.id, by=leg.person_id)


@effect(ReportReached)
def report_reached(work: Work, leg: Row[Any], key: str, report: ReportReached) -> None:
    """The patient came to the phone, or did not."""
    if report.reached:
        keep(work, leg.call_id, _waiting_for_patient(work, leg.call_id))
    else:
        tell_not_reached(work, leg.call_id)


def keep(work: Work, call_id: str, by: str) -> None:
    """Every open promise of the call is kept ``by`` the person whom the patient talks to."""
    for row in _open_promises(work, call_id):
        fire(work, PROMISE, promise, row.id, "keep")
        cancel_timer(work, "promise_start", row.id)
        cancel_timer(work, "promise_due", row.id)
        record(work, "promise-kept", call_id, promise=row.id, by=by)


def tell_not_reached(work: Work, call_id: str) -> None:
    """The person who waited hears it; the call-back is tried again, a bounded number of times."""
    record(work, "not-reached", call_id)
    for person in legs.of_call(work, call_id, "agent", "clinician"):
        tell(work, person.id, NotReached(), WithPerson)
    leave(work, call_id, "left")
    for row in _open_promises(work, call_id):
        fire(work, PROMISE, promise, row.id, "give-up" if row.attempts >= MOST_ATTEMPTS else "retry")


@action("schedule_retry")
def schedule_retry(work: Work, promise_id: str) -> None:
    """Try again later."""
    row = _promise(work, promise_id)
    set_timer(work, "promise_start", promise_id, work.at + RETRY_AFTER.get(row.kind, RETRY_ROUTINE))


@action("retry_urgent_promises")
def retry_urgent_promises(work: Work, escalation_id: str) -> None:
    """The ladder ended without a clinician: it is climbed again later, a bounded number of times."""
    for row in _open_promises(work, escalations.get(work, escalation_id).call_id):
        if row.kind == "urgent-callback" and row.state == "working":
            fire(work, PROMISE, promise, row.id, "give-up" if row.attempts >= MOST_ATTEMPTS else "retry")


@action("alert_missed_promise")
def alert_missed_promise(work: Work, promise_id: str) -> None:
    """Nobody could be reached in all attempts: a person must look at it."""
    row = _promise(work, promise_id)
    record(work, "alert", row.call_id, what="promise-missed", promise=promise_id)


def _waiting_for_patient(work: Work, call_id: str) -> str:
    """Who had the patient rung and waits for them; empty where that person has gone by now."""
    people = legs.of_call(work, call_id, "agent", "clinician")
    return next((one.person_id for one in people if one.pending_kind == WithPerson.__name__), "")


def _open_promises(work: Work, call_id: str) -> list[Row[Any]]:
    still = select(promise).where(promise.c.call_id == call_id, promise.c.state.in_(("open", "working")))
    return list(work.connection.execute(still.order_by(promise.c.made_at, promise.c.id)))


def _being_cared_for(work: Work, call_id: str) -> bool:
    talking = any(leg.in_conference for leg in legs.of_call(work, call_id, "clinician"))
    return talking or escalations.active(work, call_id) is not None


def _promise(work: Work, promise_id: str) -> Row[Any]:
    return work.connection.execute(select(promise).where(promise.c.id == promise_id)).one()


def _times(work: Work, about: Row[Any], rule: str) -> tuple[datetime, datetime]:
    """When work on the promise starts, and by when it must be kept."""
    if about.practice_id == STRANGER:
        return work.at, work.at + parse_rule(rule).after
    calendar = live_calendar(work.connection, newest(work), about.practice_id, about.location_id, work.at)
    opens = next_open(calendar, work.at) if parse_rule(rule).base == "next_open" else work.at
    return opens or work.at, due(rule, calendar, work.at)


def _first_start(work: Work, about: Row[Any], kind: str, start_at: datetime, due_at: datetime) -> datetime:
    """A ladder that was climbed in vain a moment ago is not climbed again at once, but well before it is due."""
    if kind != "urgent-callback" or not escalations.exhausted(work, about.id):
        return start_at
    return start_at + min(RETRY_AFTER[kind], (due_at - start_at) / 2)


def _number(work: Work, about: Row[Any], typed: str) -> bytes | None:
    """The number to call back, sealed: what was typed where it is fit to ring, else the caller's own."""
    if typed:
        number = fit_to_ring(typed)
        if number is not None:
            return seal_address(work, about.id, number)
        record(work, "alert", about.id, what="typed-number-refused")
    if about.caller_sealed is None:
        return None
    return seal_address(
        work, about.id, work.services.cipher.open(about.practice_id, "call.caller", about.caller_sealed)
    )


def _number_to_call(work: Work, about: Row[Any]) -> bytes | None:
    promised = [row.number_sealed for row in _open_promises(work, about.id) if row.number_sealed]
    return promised[-1] if promised else _number(work, about, "")
