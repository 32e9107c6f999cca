"""What the buttons of a clinician's card do. Each says whether it was done, and in words how that went."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import request
from sqlalchemy import Row

from callflows import open_items
from callflows.dialogues.accepting import DECLINED
from callflows.lifecycles.tables import PAGE
from ivr.accounts.address import find_client_address
from ivr.audit.append import append_last
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.events import record
from ivr.calls.talks import REPORTED
from ivr.clinicians import items, notes
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations, heard_contact, page_accept, page_again, pages, rings
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.page_access import is_theirs
from ivr.oncall.tables import page
from ivr.responsibility import outcomes
from ivr.responsibility.pages import NOT_TAKEN

Result = tuple[bool, str]
ACCEPTED = {
    page_accept.TAKEN: "You have it. Your telephone rings: enter your PIN, press 1, and you are joined.",
    page_accept.NOT_OPEN: "Too late: somebody else has it, or the page is over.",
    page_accept.ENGAGED: "You are on the telephone with another call. End it first.",
}
NOTHING_OPEN = "Nothing is open of yours in this call: nothing is written, and nobody is paged."
TAKEN_SINCE = "Somebody else has taken this call since."
CALLED = {
    page_accept.TAKEN: "Your telephone rings. Enter your PIN, press 1, then 1 again to ring the patient.",
    page_accept.NOT_OPEN: "You have not accepted this call.",
    page_accept.RINGS_ALREADY: "Your telephone rings already, or you are on it.",
    page_accept.NO_NUMBER: "There is no number at which the patient can be rung.",
    page_accept.TOO_OFTEN: "You were rung too often for this call. Ring the patient from your own telephone.",
    page_accept.IN_OTHER_HANDS: "Somebody else is being rung for it, or talks with the patient.",
}
MISSING = {
    "record": "the patient's record",
    "medicines": "medicines and allergies",
    "number": "a number at which the patient can be reached",
    "address": "where the patient is",
    "interpreter": "an interpreter",
}
"""What a clinician may ask the supervisors for, by its code."""


def accept(work: Work, row: Row[Any]) -> Result:
    """Accept the page."""
    came = page_accept.accept_on_page(work, row.id)
    return came == page_accept.TAKEN, ACCEPTED[came]


def ring(work: Work, row: Row[Any]) -> Result:
    """Ring the clinician once more."""
    rung = page_again.page_again(work, row.id)
    words = "Your phone will ring in a moment."
    return rung, words if rung else "Not now: your phone rings already, or was rung often."


def call_patient(work: Work, row: Row[Any]) -> Result:
    """Ring the clinician, who then has the patient rung."""
    legs.lock_call(work, row.call_id)
    if not is_theirs(items.find_item(work.connection, row.call_id), row):
        return False, TAKEN_SINCE
    came = page_accept.ring_to_call_back(work, row.id)
    return came == page_accept.TAKEN, CALLED[came]


def pass_on(work: Work, row: Row[Any]) -> Result:
    """Hand the call to whoever is next: an open page at once; an accepted one by paging anew."""
    legs.lock_call(work, row.call_id)
    mine = pages.get(work, row.id)
    if mine.state == "open":
        cancel_timer(work, "page_over", row.id)
        record(work, "page-declined", row.call_id, page=row.id, reason=DECLINED)
        fire(work, PAGE, page, row.id, "decline")
        if mine.leg_id is not None:
            rings.decide_last(work, partial(rings.hang_up_unneeded, work, mine.leg_id))
        return True, "The next person is being paged."
    item = items.find_item(work.connection, row.call_id)
    if item is None:
        return False, NOTHING_OPEN
    if not is_theirs(item, row) or heard_contact.had_contact(work, item):
        return False, "You have talked with the patient, or it is not yours: it is handed over with its outcome."
    record(work, "handed-to-backup", row.call_id, person=row.person_id, page=row.id)
    if escalations.find_active(work, row.call_id) is None:
        escalations.start_after(work, row.call_id, escalations.get(work, row.escalation_id).urgency, row.person_id)
    return True, "The next person is being paged. It stays with you until they accept."


def write_note(work: Work, row: Row[Any]) -> Result:
    """Keep what is written."""
    words = request.form.get("words", "").strip()
    if not words:
        return False, "Nothing was written."
    notes.write_note(work, call_row(work, row.call_id), row.person_id, notes.NOTE, words)
    return True, "The note is kept."


def ask_for_more(work: Work, row: Row[Any]) -> Result:
    """Tell the supervisors what is missing; what was written beside it is a note."""
    missing = request.form.get("missing", "")
    if missing not in MISSING:
        return False, "Choose what you need."
    notes.write_note(work, call_row(work, row.call_id), row.person_id, notes.MORE, request.form.get("words", ""))
    record(work, "alert", row.call_id, what="clinician-needs-more", person=row.person_id, missing=missing)
    return True, f"The supervisors are told that you need {MISSING[missing]}."


def finish(work: Work, row: Row[Any]) -> Result:
    """Write outcome and follow-up. Where we heard no contact, how the patient was reached must be said too."""
    outcome, follow_up = request.form.get("outcome", ""), request.form.get("follow_up", "")
    if outcome not in open_items.OUTCOMES or follow_up not in open_items.FOLLOW_UPS:
        return False, "Choose an outcome and what follows."
    legs.lock_call(work, row.call_id)
    item = items.find_item(work.connection, row.call_id)
    if item is None:
        return False, NOTHING_OPEN
    if not is_theirs(item, row):
        return False, "It is not yours: nothing is written."
    way = request.form.get("reached", "")
    if not heard_contact.had_contact(work, item) and way not in open_items.WAYS:
        return False, "Say how the patient was reached: we have not heard you talk. Until then it stays open."
    if not heard_contact.had_contact(work, item) and not _report(work, row, way):
        return False, NOT_TAKEN[outcomes.Taken.WAITS]
    notes.write_note(work, call_row(work, row.call_id), row.person_id, notes.OUTCOME, request.form.get("words", ""))
    items.write_outcome(work, row.call_id, outcome, follow_up)
    return True, "Done. Nobody is paged for it any more."


def _report(work: Work, row: Row[Any], way: str) -> bool:
    """Take the clinician's word, also where supervisors had taken another's before; False while the caller waits."""
    taken = outcomes.report_contact(work, row.call_id, row.person_id, way)
    if taken is outcomes.Taken.OVER:
        record(work, REPORTED, row.call_id, by=row.person_id, outcome=way)
    return taken is not outcomes.Taken.WAITS


def note_person_use(work: Work, person: str, action: str, outcome: str = "ok", call_id: str | None = None) -> None:
    """Note what somebody did who is signed in for their shift, beside the card of a call; of which call, if of one."""
    append_last(
        work,
        actor=person,
        role="clinician",
        address=find_client_address(request),
        purpose="treatment",
        action=action,
        outcome=outcome,
        object_id=call_id,
        call_id=call_id,
    )


def note_sign_out(work: Work, page_id: str | None, person: str | None) -> None:
    """Note that somebody signed out of a page, or where they were signed in to none, of their shift."""
    if page_id is not None:
        note_page_use(work, pages.get(work, page_id), find_client_address(request), "oncall.sign-out", "ok")
    elif person is not None:
        note_person_use(work, person, "oncall.sign-out")
