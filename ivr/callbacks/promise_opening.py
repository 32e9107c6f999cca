"""Opening a promise: the number it is kept on, when work on it starts, and by when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select

from callflows.lifecycles.tables import PROMISE
from callflows.values import more_urgent
from callflows.vocabulary import OpenPromise
from ivr.callbacks.attempts import read_schedule
from ivr.callbacks.earlier_promises import list_gone_on_with
from ivr.callbacks.one_at_a_time import open_number
from ivr.callbacks.ring_hours import first_ringable
from ivr.callbacks.tables import OPEN, message, promise
from ivr.calls.addresses import judge_address, open_caller_number, read_countries_abroad, seal_address
from ivr.calls.configuration import NO_PRACTICE, call_row, newest_for
from ivr.calls.events import record
from ivr.calls.flow_view import practice_view
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call
from ivr.closures.register import live_calendar
from ivr.core.cipher import name_row
from ivr.core.database import take_turn
from ivr.core.state_machines import fire
from ivr.core.telephone_numbers import Ringable, spell_digits
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.oncall import escalations
from ivr.queue.entries import entry
from routing.call_back_windows import read_window
from routing.hours import next_open
from routing.promises import due, parse_rule
from routing.same_person import find_replaced

CALL_BACK = "callback"
URGENT = "urgent-callback"
CALL_BACKS = (CALL_BACK, URGENT)
"""Kinds of promises that are kept by ringing the patient. A message may be, by whoever hears the number in it."""
GOODBYE = timedelta(seconds=15)
"""The caller is still told what was promised: an agent who accepted at once would find the line busy."""


@dataclass(frozen=True, slots=True)
class _Times:
    """When work starts, by when it must be kept, and since when the place in line is counted, where one is kept."""

    start_at: datetime
    due_at: datetime
    place_since: datetime | None


def number_to_ring(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether a typed number may be rung, and its digits one by one, to be spoken back to who typed it."""
    fit = judge_address(work, about["number"], "caller") is not None
    if not fit:
        record(work, "alert", leg.call_id, what="typed-number-refused")
    return {"fit": "yes" if fit else "no", "spoken": spell_digits(about["number"]) if fit else ""}


def open_promise(work: Work, leg: Row[Any], key: str, made: OpenPromise) -> None:
    """Write the promise down with its due time; an urgent one keeps a page going, or starts one.

    Supervisors are alerted at once of a call-back that no number was given for: no try of ours can keep it.
    A call-back that the same person asks for again, on the same number and for the same service, goes on as this one;
    so does, on its own number, one that they say they asked for before from this telephone; and an urgent one of the
    same call, which no second one puts off.
    """
    _open(work, call_row(work, leg.call_id), made)


def owe_call_back(work: Work, about: Row[Any], urgency: str) -> None:
    """Owe an urgent call-back to the patient of a call that ended without contact, though they were told of none.

    It is due as soon as the clinical lead allows for that urgency.
    """
    urgency, service, due_rule = more_urgent("urgent", urgency), about.service or "", "now + 15m"
    if about.practice_id != NO_PRACTICE:
        practice = practice_view(newest_for(work, about), about.practice_id, about.location_id)
        service = service or practice.clinical_service().name
        due_rule = dict(practice.answer_within).get(urgency, due_rule)
    _open(work, about, OpenPromise(URGENT, service, due_rule, urgency=urgency))


def _open(work: Work, about: Row[Any], made: OpenPromise) -> None:
    if made.kind == URGENT:
        made = replace(made, urgency=more_urgent(about.urgency, made.urgency))
    number = _number(work, about, made)
    hashed = _hash(work, about, number)
    kept = _find_number_of_asked_before(work, about, made, hashed)
    if kept is not None:
        number, hashed = kept, _hash(work, about, kept)
    times = _replace_older(work, about, made, hashed, _plan_times(work, about, made))
    promise_id = _insert_promise(work, about, made, times, number, hashed)
    if made.recording:
        _insert_message(work, about.id, promise_id, made.recording)
    work.touched.add(about.id)
    set_timer(work, "promise_start", promise_id, times.start_at, call_id=about.id)
    set_timer(work, "promise_due", promise_id, times.due_at, call_id=about.id)
    record(work, "promised", about.id, promise=promise_id, promise_kind=made.kind, due=times.due_at.isoformat())
    if number is None and made.kind in CALL_BACKS:
        record(work, "alert", about.id, what="promise-without-number", promise=promise_id)


def _insert_promise(
    work: Work, about: Row[Any], made: OpenPromise, times: _Times, number: str | None, hashed: str | None
) -> str:
    promise_id = work.services.ids()
    row = name_row(promise, promise_id)
    work.connection.execute(
        insert(promise).values(
            id=promise_id,
            call_id=about.id,
            practice_id=about.practice_id,
            kind=made.kind,
            service=made.service,
            language=about.language,
            urgency=made.urgency,
            number_sealed=seal_address(work, about.practice_id, row, number) if number else None,
            number_hash=hashed,
            **asdict(times),
            state=PROMISE.begins,
            made_at=work.at,
            attempts=0,
        )
    )
    return promise_id


def _insert_message(work: Work, call_id: str, promise_id: str, recording_id: str) -> None:
    row = {"call_id": call_id, "promise_id": promise_id, "recording_id": recording_id}
    work.connection.execute(insert(message).values(id=work.services.ids(), **row, taken_at=work.at))


def _replace_older(work: Work, about: Row[Any], made: OpenPromise, hashed: str | None, times: _Times) -> _Times:
    """The times after the open call-backs that this one stands for: never later than what was promised before, unless
    the patient has chosen when.
    """
    if made.kind == URGENT:
        return _replace_urgent(work, about, times)
    if made.kind != CALL_BACK or hashed is None:
        return times
    older = _list_older(work, about, made, promise.c.number_hash == hashed)
    # Whoever offers such a call to an agent just now is waited for, or would ring for what nobody waits for any more.
    lock_beside(work, about.id, {row.call_id for row in older})
    # Of two that are asked for at once, the second must see the first.
    take_turn(work.connection, f"call-back:{about.practice_id}:{hashed}")
    seen = {row.call_id for row in older}
    older = _list_older(work, about, made, promise.c.number_hash == hashed)
    lock_beside(work, about.id, {row.call_id for row in older} - seen)
    for row in older:
        if fire(work, PROMISE, promise, row.id, "replace", closed_as="replaced"):
            record(work, "promise-replaced", row.call_id, promise=row.id, by=about.id)
            if made.window:
                # They chose a time, so that it may come later than what was promised before.
                was, due_at = row.due_at.isoformat(), times.due_at.isoformat()
                record(work, "promise-moved", row.call_id, promise=row.id, was=was, due=due_at)
                continue
            kept = [since for since in (times.place_since, row.place_since) if since]
            since = min(kept) if kept else None
            times = _Times(min(times.start_at, row.start_at), min(times.due_at, row.due_at), since)
    return times


def _replace_urgent(work: Work, about: Row[Any], times: _Times) -> _Times:
    """The same for an urgent one, which stands for those of its own call and of those with which that goes on.

    What is overdue in its own call gives no time any more. In an earlier one it does: the patient has called again.
    """
    of_it = (promise.c.call_id == about.id) & (promise.c.kind == URGENT) & promise.c.state.in_(OPEN)
    for row in work.connection.execute(select(promise).where(of_it)).all():
        if fire(work, PROMISE, promise, row.id, "replace", closed_as="replaced"):
            record(work, "promise-replaced", row.call_id, promise=row.id, by=about.id)
            if row.due_at > work.at:
                times = replace(times, due_at=min(times.due_at, row.due_at))
    for row in list_gone_on_with(work, about.id):
        times = replace(times, due_at=min(times.due_at, row.due_at))
    return times


def _list_older(work: Work, about: Row[Any], made: OpenPromise, where: ColumnElement[bool]) -> list[Row[Any]]:
    """The open call-backs that this one stands for, of those that a condition selects."""
    same = select(promise, call.c.patient_id).where(
        promise.c.practice_id == about.practice_id,
        where,
        promise.c.kind == CALL_BACK,
        promise.c.service == made.service,
        promise.c.state.in_(OPEN),
    )
    rows = work.connection.execute(same.join(call, call.c.id == promise.c.call_id)).all()
    persons = {row.id: row.patient_id for row in rows}
    replaced = find_replaced(about.patient_id, persons, asked_before=made.asked_before)
    return [row for row in rows if row.id in replaced]


def _find_number_of_asked_before(work: Work, about: Row[Any], made: OpenPromise, hashed: str | None) -> Ringable | None:
    """The number of the open call-back that they asked for before from this telephone, where that is another number.

    Whoever says so gives no number: theirs stays. None where one is open on the number they call from, or where it
    cannot be told which is meant.
    """
    if made.kind != CALL_BACK or not made.asked_before or made.number or about.caller_hash is None:
        return None
    if hashed is not None and _list_older(work, about, made, promise.c.number_hash == hashed):
        return None
    elsewhere = (call.c.caller_hash == about.caller_hash) & promise.c.number_sealed.is_not(None)
    older = _list_older(work, about, made, elsewhere)
    newest = max(older, key=lambda row: (row.made_at, row.id), default=None)
    if newest is None or newest not in _list_older(work, about, made, promise.c.number_hash == newest.number_hash):
        return None
    return judge_address(work, open_number(work.services.cipher, newest), "caller")


def _hash(work: Work, about: Row[Any], number: Ringable | None) -> str | None:
    return work.services.cipher.lookup_hash(about.practice_id, "phone", number) if number else None


def _plan_times(work: Work, about: Row[Any], made: OpenPromise) -> _Times:
    if made.window and made.kind == CALL_BACK:
        return _Times(*read_window(made.window), None)
    if about.practice_id == NO_PRACTICE:
        return _Times(work.at, work.at + parse_rule(made.due).after, None)
    calendar = live_calendar(work.connection, newest_for(work, about), about.practice_id, about.location_id, work.at)
    opens = next_open(calendar, work.at) if parse_rule(made.due).base == "next_open" else work.at
    due_at = due(made.due, calendar, work.at)
    if made.in_turn:
        place = entry(work, about.id)
        return _move_out_of_quiet_hours(
            work, about, _Times(work.at + GOODBYE, due_at, place.since if place else work.at)
        )
    start_at = _first_start(work, about, made.kind, opens or work.at, due_at)
    times = _Times(start_at, due_at, None)
    return _move_out_of_quiet_hours(work, about, times) if made.kind == CALL_BACK else times


def _move_out_of_quiet_hours(work: Work, about: Row[Any], times: _Times) -> _Times:
    """The same, out of the quiet hours of the patient's zone: what is put off is due as much later, if it is at all."""
    start_at = first_ringable(work, about, times.start_at)
    due_at = first_ringable(work, about, max(times.due_at, start_at))
    return _Times(start_at, due_at, times.place_since)


def _first_start(work: Work, about: Row[Any], kind: str, start_at: datetime, due_at: datetime) -> datetime:
    """When work starts: not at once where an escalation ended in vain a moment ago, but well before it is due."""
    if kind != URGENT or not escalations.was_exhausted(work, about.id):
        return start_at
    return start_at + min(read_schedule(work).ladder_again[0], (due_at - start_at) / 2)


def _number(work: Work, about: Row[Any], made: OpenPromise) -> Ringable | None:
    """The number to call back: what was typed where it may be rung, else the caller's own where that may be.

    Their own may be abroad where it is urgent and the practice rings there; a typed one never is.
    """
    if made.number and (typed := judge_address(work, made.number, "caller")):
        return typed
    abroad = read_countries_abroad(work, about.practice_id) if made.kind == URGENT else ()
    return judge_address(work, open_caller_number(work, about) or "", "caller", abroad)
