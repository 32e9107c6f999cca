"""What becomes of a promise when a line breaks while patient and person are being brought together.

A leg that is over ends what rang on its behalf. Whatever is promised and nobody has in hand any more is begun anew: a
promise that is being worked on always has somebody who works on it. With a clinician who was told that a dropped call
stays with them it is in hand for a while, and then begun anew as well: that they have reached the patient in another
way is not known, and is not taken for granted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from callflows.conversations.clinician_page import HELD
from callflows.vocabulary import Answer, InVain, ReportCutShort, ReportReached
from ivr.callbacks import attempts
from ivr.callbacks.held_calls import hold_call, is_held
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.oncall import escalations
from ivr.oncall.ladder import is_anybody_left
from ivr.queue.entries import entry

CUT_OFF_AFTER = timedelta(seconds=15)
"""A patient whom nobody waits for any more still hears so: whoever accepted at once would find the line busy."""
MOST_CUT_OFF = 3
"""So often in one call a broken line costs no attempt: it is no fault of the patient's, and must not go on for ever."""
STILL_RINGS = ("planned", "dialling", "ringing")

_CUT_OFF = select(func.count()).where(event.c.call_id == bindparam("of_call"), event.c.kind == "cut-off")


def note_leg_over(work: Work, row: Row[Any]) -> None:
    """End what rang on behalf of a leg that is over, and begin anew with what nobody has in hand any more."""
    if attempts.find_waiting_for_patient(work, row.call_id) is None:
        _stop_ringing_patient(work, row.call_id)
    if row.role == "clinician" and row.outcome == HELD:
        hold_call(work, row.call_id)
    if not _is_in_hand(work, row.call_id):
        begin_anew(work, row.call_id)


def end_hold(work: Work, call_id: str) -> None:
    """Begin anew with what stayed with a clinician and is not kept, as far as we know; that was an attempt.

    Where no number can be rung another page would help nobody: the promise is given up, and supervisors see it.
    """
    if _is_in_hand(work, call_id):
        return
    for row in attempts.list_promises(work, call_id, "working"):
        record(work, "held-in-vain", call_id, promise=row.id)
        if attempts.has_number(work, call_id):
            attempts.retry_or_give_up(work, row, "held")
        else:
            attempts.give_up(work, row, "no-number")


def report_reached(work: Work, leg: Row[Any], key: str, report: ReportReached) -> Answer | None:
    """Note whether the patient came to the phone. That keeps no promise yet: they have still to talk."""
    if not report.reached:
        attempts.note_not_reached(work, leg.call_id)
        return None
    waits = attempts.find_waiting_for_patient(work, leg.call_id)
    return _note_came_in_vain(work, leg.call_id) if waits is None else None


def report_cut_short(work: Work, leg: Row[Any], key: str, _effect: ReportCutShort) -> InVain:
    """Begin anew with the promises of a patient whom a line cut off from the talk, as the one left alone reports.

    That is the patient themselves, or a clinician with whom the call does not stay.
    """
    if leg.role == "patient":
        return _note_came_in_vain(work, leg.call_id)
    if _is_in_hand(work, leg.call_id, but=leg.id):
        return InVain("")
    begin_anew(work, leg.call_id)
    return _what_follows(work, leg.call_id)


def _note_came_in_vain(work: Work, call_id: str) -> InVain:
    """The same for a patient who came to the phone when nobody waited for them any more; what they are told."""
    begin_anew(work, call_id)
    record(work, "alert", call_id, what="called-back-by-nobody")
    return _what_follows(work, call_id)


def _what_follows(work: Work, call_id: str) -> InVain:
    """What becomes of the promises of a call with which nobody could begin."""
    promised = attempts.list_promises(work, call_id)
    return InVain("again" if promised else "given-up" if attempts.was_given_up(work, call_id) else "")


def begin_anew(work: Work, call_id: str) -> None:
    """Begin with the promises of a call anew: soon, while few tries were cut off or the ladder has somebody yet."""
    promised = attempts.list_promises(work, call_id, "working")
    if not promised:
        return
    few = work.connection.execute(_CUT_OFF, {"of_call": call_id}).scalar_one() < MOST_CUT_OFF
    free = few or is_anybody_left(work, call_id, call_row(work, call_id).urgency)
    record(work, "cut-off", call_id)
    for row in promised:
        if free:
            attempts.try_soon(work, row, CUT_OFF_AFTER)
        else:
            attempts.retry_or_give_up(work, row, "cut-off")


def _stop_ringing_patient(work: Work, call_id: str) -> None:
    """Nobody may pick up to nobody."""
    for row in legs.list_living(work, call_id, "patient"):
        if row.state in STILL_RINGS:
            legs.enqueue_cancel(work, row.id)


def _is_in_hand(work: Work, call_id: str, but: str = "") -> bool:
    """Whether somebody is at work on what is promised: asked, rung, looked for, or responsible for it.

    ``but`` is the leg of somebody who is not any more.
    """
    at_it = [*legs.list_parties(work, call_id, "staff"), *legs.list_living(work, call_id, "patient")]
    if (
        any(row.outcome is None and row.id != but for row in at_it)
        or escalations.find_active(work, call_id) is not None
    ):
        return True
    waits = entry(work, call_id)
    return (waits is not None and waits.state in ("searching", "offered")) or is_held(work, call_id)
