"""The times at which patients say they can be reached: which are offered, and a call-back that is moved to one.

Only what is not urgent is moved. The new time holds for the work on it, for what is overdue, and for the alarms; the
event ``promise-moved`` keeps the time that was told before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, update

from callflows.lifecycles.tables import PROMISE
from callflows.values import URGENCIES
from callflows.vocabulary import Granted, InVain, MovePromise, WithPerson
from ivr.callbacks.attempts import URGENT, list_promises
from ivr.callbacks.promise_opening import CALL_BACK
from ivr.callbacks.ring_hours import read_ring_hours
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.configuration import call_row, newest_for
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.closures.register import live_calendar
from ivr.core.state_machines import fire
from ivr.core.times import spoken_window
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.queue.entries import dequeue
from routing.call_back_windows import list_windows, read_window, write_window
from routing.spans import Span

LATER = InVain("later")
"""What whoever has the patient rung is told, who came to the phone and chose another time."""


def read_windows(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """The times that are offered, by key: as they are told, and as they are stored ("1/span").

    Empty where nothing is to be moved: the call is urgent, or tells of a symptom, or nobody owns it; and for a patient
    whom we ring also where they were promised no call-back that is open still.
    """
    about = call_row(work, leg.call_id)
    hours = read_ring_hours(work, about)
    if hours is None or not _is_calm(work, about) or (leg.role == "patient" and not _list_movable(work, about)):
        return {}
    ringing, zone = hours
    calendar = live_calendar(work.connection, newest_for(work, about), about.practice_id, about.location_id, work.at)
    known: dict[str, str] = {}
    for number, span in enumerate(list_windows(calendar, ringing, work.at), 1):
        known[str(number)] = spoken_window(*span, work.at, zone, about.language)
        known[f"{number}/span"] = write_window(span)
    return known


def move_promise(work: Work, leg: Row[Any], key: str, wanted: MovePromise) -> Granted:
    """Move what the patient was promised to the time that they chose, and tell whoever had them rung.

    Not won where it became urgent meanwhile, or nothing is promised any more: then it stays as it is.
    """
    about = call_row(work, leg.call_id)
    movable = _list_movable(work, about) if _is_calm(work, about) else []
    if not movable:
        return Granted(False)
    window = read_window(wanted.window)
    dequeue(work, about.id)
    for row in movable:
        _move(work, row, window)
    for person in legs.list_parties(work, about.id, "staff"):
        answer_and_redirect(work, person.id, LATER, WithPerson)
    return Granted(True)


def _move(work: Work, row: Row[Any], window: Span) -> None:
    # Whoever chooses gives up the place in line: in three days they would come before everybody else.
    times = {"start_at": window.start, "due_at": window.end, "place_since": None}
    work.connection.execute(update(promise).where(promise.c.id == row.id).values(times))
    record(
        work,
        "promise-moved",
        row.call_id,
        promise=row.id,
        was=row.due_at.isoformat(),
        due=window.end.isoformat(),
    )
    if fire(work, PROMISE, promise, row.id, "retry"):
        # They came to the phone: it was no attempt in vain.
        work.connection.execute(update(promise).where(promise.c.id == row.id).values(attempts=row.attempts - 1))
    set_timer(work, "promise_start", row.id, window.start, call_id=row.call_id)
    set_timer(work, "promise_due", row.id, window.end, call_id=row.call_id)
    work.touched.add(row.call_id)


def _is_calm(work: Work, about: Row[Any]) -> bool:
    """Whether nothing in a call is urgent, so that nobody is harmed by waiting for longer."""
    owed = any(row.kind == URGENT for row in list_promises(work, about.id))
    return about.urgency == URGENCIES[0] and not about.symptom and not owed


def _list_movable(work: Work, about: Row[Any]) -> list[Row[Any]]:
    return [row for row in list_promises(work, about.id) if row.kind == CALL_BACK and row.urgency == URGENCIES[0]]
