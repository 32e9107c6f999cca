"""Accepting in a browser: the page is accepted at once, and the clinician's telephone is rung to join.

The caller waits on until that telephone is answered and its PIN was right: a voicemail joins nobody. Where it is not,
the ladder goes on from where it was for a caller who still waits.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, exists, func, select, update

from callflows.lifecycles.tables import PAGE
from ivr.calls import going_on, legs, talks
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.calls.tables import LEG_IS_LIVING, call_log, leg
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall import escalations, pages, rings
from ivr.oncall.in_hand import is_in_hand
from ivr.oncall.returning import STILL_RINGS
from ivr.oncall.tables import page, transfer

NOT_ANSWERED = "accepted_not_answered"
"""The timer of a telephone that rang already as its page was accepted in a browser."""
ACCEPT_KEY = "accept"
"""The key of the request by which a clinician's conversation accepts."""
SECONDS = 60
"""How long the telephone of whoever accepted in a browser, or asked for it, rings: a patient waits for them."""
MOST_LEGS = 12
"""Legs of one page, all ways of being rung taken together."""
TAKEN, NOT_OPEN, ENGAGED, RINGS_ALREADY, NO_NUMBER, TOO_OFTEN, IN_OTHER_HANDS = (
    *("taken", "not-open", "engaged", "rings-already", "no-number", "too-often", "in-other-hands"),
)


def accept_on_page(work: Work, page_id: str) -> str:
    """Accept an open page for its person, whose telephone goes on ringing or is rung to join; how that went."""
    legs.lock_call(work, pages.get(work, page_id).call_id)
    row = pages.get(work, page_id)
    if row.state != "open":
        return NOT_OPEN
    if rings.find_engaged(work, [row.person_id]):
        return ENGAGED
    rung = _find_own_ring(work, row)
    fire(work, PAGE, page, page_id, "accept", taken_at=work.at)
    cancel_timer(work, "page_over", page_id)
    if row.leg_id is not None:
        rings.decide_last(work, partial(rings.pass_on, work, row.leg_id))
    if rung is None:
        _ring_to_join(work, row)
        if row.leg_id is not None:
            _hang_up(work, row.leg_id)
    else:
        set_timer(work, NOT_ANSWERED, page_id, work.at + timedelta(seconds=SECONDS), call_id=row.call_id)
    record(work, "accepted-on-page", row.call_id, person=row.person_id, page=page_id)
    return TAKEN


def end_unanswered(work: Work, page_id: str) -> None:
    """Stop ringing whoever accepted a page in a browser and has not answered since: somebody else is paged then."""
    legs.lock_call(work, pages.get(work, page_id).call_id)
    rung = _find_own_ring(work, pages.get(work, page_id))
    if rung is not None:
        legs.enqueue_cancel(work, rung.id)


def ring_to_call_back(work: Work, page_id: str) -> str:
    """Ring whoever has accepted a page, so that they can have the patient rung; how that went."""
    legs.lock_call(work, pages.get(work, page_id).call_id)
    row = pages.get(work, page_id)
    why = refuse_call_back(work, row)
    if why:
        return why
    work.connection.execute(update(page).where(page.c.id == page_id).values(taken_at=work.at))
    _ring_to_join(work, row)
    work.touched.add(row.call_id)
    record(work, "asked-to-call-back", row.call_id, person=row.person_id, page=page_id)
    return TAKEN


def refuse_call_back(work: Work, row: Row[Any]) -> str:
    """Why whoever has accepted a page cannot be brought to its patient now; "" where they can."""
    if row.state != "accepted":
        return NOT_OPEN
    if rings.find_engaged(work, [row.person_id]) or _list_living(work, row.person_id):
        return RINGS_ALREADY
    here = legs.list_parties(work, row.call_id, "caller")
    if not (here or work.services.features.has_number(work, row.call_id)):
        return NO_NUMBER
    if escalations.find_active(work, row.call_id) is not None or is_in_hand(work, row.call_id):
        return IN_OTHER_HANDS
    made = select(func.count()).where(leg.c.subject_id == row.id, leg.c.role == rings.ROLE)
    return TOO_OFTEN if work.connection.execute(made).scalar_one() >= MOST_LEGS else ""


def is_taken(work: Work, row: Row[Any]) -> bool:
    """Whether whoever is on a leg has accepted its page in a browser, and has only to be joined."""
    mine = pages.get(work, row.subject_id)
    return mine.state == "accepted" and mine.taken_at is not None and mine.leg_id == going_on.rung_leg(row)


def note_leg_gone(work: Work, row: Row[Any]) -> None:
    """Note that the telephone of a clinician is over. Where it had rung in vain after an accept in a browser, or its
    line broke before they had talked with a caller who is still on the line, it is paged anew.
    """
    pages.note_leg_gone(work, row)
    if is_taken(work, row) and not _has_accepted_by_phone(work, row):
        work.connection.execute(update(page).where(page.c.id == row.subject_id).values(taken_at=None))
        record(work, "accepted-and-not-reached", row.call_id, person=row.person_id, page=row.subject_id)
        work.touched.add(row.call_id)
        _page_anew(work, row)
    elif _is_lost(work, row):
        _page_anew(work, row)


def _is_lost(work: Work, row: Row[Any]) -> bool:
    """Whether a line broke before they had talked. What an agent had asked for goes on by its transfer."""
    mine = pages.get(work, row.subject_id)
    own = mine.state == "accepted" and mine.leg_id == going_on.rung_leg(row)
    consult = escalations.get(work, mine.escalation_id).consult
    return own and not consult and going_on.find_present(work, row).id == row.id and not talks.has_talked(work, row)


def _page_anew(work: Work, row: Row[Any]) -> None:
    before = escalations.get(work, pages.get(work, row.subject_id).escalation_id)
    asked = [one for one in escalations.list_asked_transfers(work, row.call_id) if one.escalation_id == before.id]
    here = [one for one in legs.list_parties(work, row.call_id, "caller") if one.state not in STILL_RINGS]
    if asked or (any(one.outcome is None for one in here) and not is_in_hand(work, row.call_id)):
        again = escalations.start_escalation(work, row.call_id, before.urgency, consult=before.consult)
        theirs = transfer.c.id.in_([one.id for one in asked])
        work.connection.execute(update(transfer).where(theirs).values(escalation_id=again))


def _find_own_ring(work: Work, row: Row[Any]) -> Row[Any] | None:
    """The leg of a ring that is about the call of a page now, and not about another for which it rings too."""
    rung = legs.find(work, row.leg_id) if row.leg_id is not None else None
    if rung is None:
        return None
    present = going_on.find_present(work, rung)
    is_own = present.subject_id == row.id and present.state != "ended" and present.outcome is None
    return present if is_own else None


def end_ring(work: Work, leg_id: str) -> None:
    """End a ring whose person has turned to one of its pages elsewhere. What it is for beside that is passed on."""
    rings.decide_last(work, partial(rings.pass_on, work, leg_id))
    _hang_up(work, leg_id)


def _hang_up(work: Work, leg_id: str) -> None:
    rung = legs.find(work, leg_id)
    if rung is not None:
        legs.enqueue_hang_up(work, going_on.find_present(work, rung).id)


def _ring_to_join(work: Work, row: Row[Any]) -> None:
    person = newest(work).person(row.person_id)
    leg_id = pages.ring_person(work, escalations.get(work, row.escalation_id), row.id, person, SECONDS)
    work.connection.execute(update(page).where(page.c.id == row.id).values(leg_id=leg_id))


def _list_living(work: Work, person_id: str) -> list[str]:
    theirs = leg.c.person_id == person_id, leg.c.role == rings.ROLE, LEG_IS_LIVING
    return list(work.connection.execute(select(leg.c.id).where(*theirs)).scalars())


def _has_accepted_by_phone(work: Work, row: Row[Any]) -> bool:
    said = exists().where(call_log.c.leg_id == row.id, call_log.c.key == ACCEPT_KEY)
    return bool(work.connection.execute(select(said)).scalar_one())


def is_on_telephone(work: Work, page_id: str) -> bool:
    """Whether a telephone is being rung for a page, or its person is on it."""
    living = leg.c.subject_id == page_id, leg.c.role == rings.ROLE, leg.c.state != "ended"
    return work.connection.execute(select(leg.c.id).where(*living)).first() is not None
