"""A clinician dials the number of the practice: the code of a page and their PIN bring them to its call.

Of an open page they hear the summary and accept as on a telephone that was rung; of an open item of theirs the patient
is rung, and sees the number of the practice, while nobody has had contact. Their telephone call goes on in a leg of
that call.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, union, update

from callflows.dialogues.dial_in import DIALLED_IN
from callflows.vocabulary import Answer, PinChecked, Pressed
from ivr.calls import going_on, legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.calls.identity_throttle import judge_dial_in, note
from ivr.calls.several_calls import lock_beside
from ivr.calls.tables import call
from ivr.codes.reading import without_code
from ivr.core.unit_of_work import Work
from ivr.directory.people import OnCallPerson
from ivr.oncall import page_accept, pages, pins, rings
from ivr.oncall.audit_trail import note_dial_in
from ivr.oncall.heard_contact import is_reached
from ivr.oncall.marks import DIAL_IN_DIGITS, dial_in_code
from ivr.oncall.tables import IS_PAGING, ITEM_IS_OPEN, PAGE_IS_OPEN, care_item, escalation, page
from routing.identity_tries import Guess, Telephone

FLOW = "clinician_page"
DIRECTION = "dialled-in"
"""The direction of a call by which a clinician dialled in: it is no patient's."""
_OPEN = select(page.c.id).where(PAGE_IS_OPEN)
_LAPSED = (
    select(page.c.id)
    .join(escalation, escalation.c.id == page.c.escalation_id)
    .where(IS_PAGING, page.c.state == "lapsed")
)
_OF_ITEMS = select(care_item.c.page_id).where(ITEM_IS_OPEN)
_LIVING = (
    select(page, call.c.practice_id)
    .join(call, call.c.id == page.c.call_id)
    .where(page.c.id.in_(union(_OPEN, _LAPSED, _OF_ITEMS)))
)
"""Pages that may lead somewhere still: open, passed on while nobody has accepted, or those of open items."""


def check_dial_in(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of code and PIN. Single keys, words and silence come back as they are, words without a code.

    A refused try sounds as a wrong one, and takes as long.
    """
    about = legs.lock_call(work, leg.call_id)
    if not isinstance(given, Pressed):
        return without_code(given, about.language)
    if len(given.digits) < 2:
        return given
    return PinChecked(_is_let_in(work, about, leg, given.digits[:DIAL_IN_DIGITS], given.digits[DIAL_IN_DIGITS:]))


def _is_let_in(work: Work, about: Row[Any], leg: Row[Any], code: str, digits: str) -> bool:
    found = _find_page(work, about, code)
    if found is not None:
        lock_beside(work, about.id, {found.call_id})
        found = _find_page(work, about, code)
    judged = judge_dial_in(work, about, _guess(work, about, found))
    row = found if judged.refusal is None else None
    is_right = pins.check_and_tell(work, row.person_id if row is not None else "", digits, about.id) and row is not None
    if judged.refusal is None:
        note(work, about, judged, matched=is_right)
    why = _refuse(work, row) if row is not None and is_right else ""
    outcome = "refused" if judged.refusal or why else "ok" if is_right else "denied"
    record(work, "dial-in-tried", about.id, leg=leg.id, found=outcome, refused=judged.refusal or why)
    note_dial_in(work, leg, found, outcome)
    if row is None or outcome != "ok":
        return False
    legs.set_columns(work, leg.id, person_id=row.person_id, subject_id=row.id)
    return True


def go_on_in_page(work: Work, leg: Row[Any]) -> None:
    """Let the telephone call of whoever has dialled in go on in the call of their page. Both calls are locked."""
    if leg.outcome != DIALLED_IN:
        return
    row = pages.get(work, leg.subject_id)
    rings.stop_drill(work, row.person_id)
    page_id = _bring_to(work, row, leg)
    new = going_on.go_on_in(work, leg, row.call_id, subject_id=page_id, role=rings.ROLE, flow=FLOW)
    record(work, "dialled-in", row.call_id, leg=new, person=row.person_id, page=page_id)
    record(work, "went-on", leg.call_id, leg=leg.id, person=row.person_id)
    work.connection.execute(update(call).where(call.c.id == leg.call_id).values(direction=DIRECTION))


def find_code(work: Work, row: Row[Any]) -> str:
    """The code of a page, where it leads to its call; else ""."""
    living = work.connection.execute(_LIVING.where(page.c.id == row.id)).first()
    return dial_in_code(row.token) if living is not None and not _is_spent(work, living) else ""


def _is_spent(work: Work, row: Row[Any]) -> bool:
    """Whether the patient of an accepted page was helped: whoever rings them once more does so by its card."""
    return row.state == "accepted" and is_reached(work, row)


def _bring_to(work: Work, row: Row[Any], leg: Row[Any]) -> str:
    """Have a page go on at the telephone of a leg, which ends what rings for it; the page by which it goes on."""
    if row.state == "lapsed":
        return pages.page_on_the_line(work, row.escalation_id, leg)
    on_the_line = update(page).where(page.c.id == row.id)
    if row.state == "accepted":
        work.connection.execute(on_the_line.values(taken_at=work.at, leg_id=leg.id))
        work.touched.add(row.call_id)
        return str(row.id)
    work.connection.execute(on_the_line.values(leg_id=leg.id))
    pages.restart_step_time(work, row.id)
    if row.leg_id is not None:
        page_accept.end_ring(work, row.leg_id)
    return str(row.id)


def _find_page(work: Work, about: Row[Any], code: str) -> Row[Any] | None:
    """The page of the practice that is called, by its code. Of two that happen to have the same, none.

    Where the person is paged for the same call again just now, that page.
    """
    # Picked here: the index of calls by practice would lead through all that the practice ever had.
    living = [row for row in work.connection.execute(_LIVING) if row.practice_id == about.practice_id]
    found = [row for row in living if dial_in_code(row.token) == code and row.person_id in newest(work).people]
    if len(found) != 1:
        return None
    if _is_spent(work, found[0]):
        return None
    same = [one for one in living if (one.call_id, one.person_id) == (found[0].call_id, found[0].person_id)]
    return next((one for one in same if one.state == "open"), found[0])


def _refuse(work: Work, row: Row[Any]) -> str:
    """Why the person of a page cannot go on in its call now; "" where they can."""
    if row.state == "accepted":
        return page_accept.refuse_call_back(work, row)
    return page_accept.ENGAGED if rings.find_engaged(work, [row.person_id]) else ""


def _guess(work: Work, about: Row[Any], row: Row[Any] | None) -> Guess:
    people = newest(work).people
    subject = None
    if row is not None:
        subject = work.services.cipher.lookup_hash(about.practice_id, "guessed-at", f"clinician:{row.person_id}")
    own = row is not None and _is_telephone_of(work, about, people[row.person_id])
    telephone: Telephone = "hidden" if about.caller_hash is None else "on-file" if own else "unknown"
    return Guess(subject, telephone, own)


def _is_telephone_of(work: Work, about: Row[Any], person: OnCallPerson) -> bool:
    """Whether a call came from a number of theirs. Anybody can show it: it only spares them the limit of strangers."""
    hashes = {work.services.cipher.lookup_hash(about.practice_id, "phone", one) for one in person.numbers}
    return about.caller_hash in hashes
