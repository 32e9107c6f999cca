"""One ring for all pages to one person: who is rung for which calls, who is engaged, and what a person may take next.

The pages of a ring name the leg that was rung (``leg_id``); their calls, escalations and ends stay apart. Which ring a
page joins is decided, and a ring ended, in the turn at paging, as the last thing in a transaction: of two pages that
reach one person at the same instant the second sees the ring of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Row, bindparam, select

from callflows.values import URGENCIES
from ivr.calls import going_on, legs
from ivr.calls.tables import LEG_IS_LIVING, call, leg
from ivr.core.database import take_turn
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.oncall.contact import find_second
from ivr.oncall.tables import IS_PAGING, PAGE_IS_OPEN, escalation, page
from routing.paging import PagingCall, order_calls

ROLE = "clinician"

_LIVING = (
    select(leg.c.id, leg.c.continues, leg.c.outcome, leg.c.person_id, page.c.state, leg.c.state.label("line"))
    .join(page, page.c.id == leg.c.subject_id)
    .where(LEG_IS_LIVING, leg.c.role == ROLE, leg.c.person_id.in_(bindparam("people", expanding=True)))
)
_OPEN_OF_RING = select(page).where(PAGE_IS_OPEN, page.c.leg_id == bindparam("ring"))
_PAGING = select(escalation).where(IS_PAGING)
_PAGED_BEFORE = select(page).where(
    page.c.escalation_id.in_(bindparam("escalations", expanding=True)), page.c.person_id == bindparam("person")
)
_TALKED_WITH = (
    select(call.c.practice_id, call.c.caller_hash)
    .join(leg, leg.c.call_id == call.c.id)
    .join(page, page.c.id == leg.c.subject_id)
    .where(LEG_IS_LIVING, leg.c.role == ROLE, page.c.state == "accepted", call.c.caller_hash.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that somebody may take: its escalation, and the page by which they are paged, if they are now."""

    place: PagingCall
    escalation_id: str
    urgency: str
    page_id: str | None


def decide_last(work: Work, decide: Callable[[], object]) -> None:
    """Have something decided about rings, in the turn at paging, when all else in the transaction is done.

    What a conversation does after it has asked for a page locks agents and queues, which come before that turn; the
    audit trail comes after it.
    """

    def in_turn() -> None:
        take_turn(work.connection, "paging")
        decide()

    work.last_acts.insert(0, in_turn)


def find_ring(work: Work, person_id: str) -> str | None:
    """The ring that somebody has not answered for yet, neither with yes nor with no, if there is one."""
    return _find_asking(work, _list_living(work, [person_id]))


def find_engaged(work: Work, people: Collection[str]) -> set[str]:
    """Those who are on the telephone with us and cannot be asked now: they talk, or their call is about to end.

    A telephone that only rings, and for nobody any more, is about to stop, and engages nobody.
    """
    living = _list_living(work, people)
    theirs = {person: [row for row in living if row.person_id == person] for person in people}
    busy = {person: any(_engages(row) for row in rows) for person, rows in theirs.items()}
    return {person for person, rows in theirs.items() if busy[person] and _find_asking(work, rows) is None}


def list_open_pages(work: Work, ring: str) -> list[Row[Any]]:
    """The pages that a ring is still for: neither being passed on nor going on at a second telephone."""
    still_open = work.connection.execute(_OPEN_OF_RING, {"ring": ring}).all()
    return [row for row in still_open if not (outbox.was_put(work, "pass_on_page", row.id) or _leaves(work, row))]


def list_sharing(work: Work, row: Row[Any]) -> tuple[Wanted, ...]:
    """The calls for which the ring of a page is too, in the order in which they are to be taken."""
    sharing = list_open_pages(work, row.leg_id) if row.leg_id is not None else []
    page_ids = {one.escalation_id: one.id for one in sharing if one.id != row.id}
    paging = [one for one in work.connection.execute(_PAGING).all() if one.id in page_ids]
    return _in_order(work, paging, page_ids)


def list_wanted(work: Work, row: Row[Any]) -> tuple[Wanted, ...]:
    """The calls that whoever is on a leg may take now, in the order in which they are to be taken.

    Those of their ring, and those that are still paging and whose steps came to this person before, unless the person
    declined them. Whoever has declined what they were told of is told of nothing but what their ring is for since.
    """
    open_pages = {one.escalation_id: one.id for one in list_open_pages(work, going_on.rung_leg(row))}
    declined = _state_of(work, row.subject_id) == "declined"
    paging = [one for one in work.connection.execute(_PAGING).all() if one.id in open_pages or not declined]
    theirs = [one for one in paging if one.id in open_pages or _came_to(one, row.person_id)]
    refused = {one.escalation_id for one in _list_paged_before(work, theirs, row.person_id) if one.state == "declined"}
    return _in_order(work, [one for one in theirs if one.id not in refused], open_pages)


def list_passed_over(work: Work, row: Row[Any]) -> tuple[Wanted, ...]:
    """The calls that passed somebody over while they were engaged on a leg, and for which nobody has come yet.

    After a talk also those that were passed on when it began. Whoever was rung for a call and did not take it is not
    rung for it again because another ring has ended: calls would keep one another ringing for ever.
    """
    state = _state_of(work, row.subject_id)
    if has_declined(work, row):
        return ()
    theirs = [one for one in work.connection.execute(_PAGING).all() if _came_to(one, row.person_id)]
    taken_on_in = going_on.rung_leg(row) if state == "accepted" else None
    settled = {
        one.escalation_id
        for one in _list_paged_before(work, theirs, row.person_id)
        if one.state in ("open", "declined") or one.leg_id != taken_on_in
    }
    return _in_order(work, [one for one in theirs if one.id not in settled], {})


def has_declined(work: Work, row: Row[Any]) -> bool:
    """Whether whoever is on a leg has declined what they were told of."""
    return _state_of(work, row.subject_id) == "declined"


def pass_on_rest(work: Work, row: Row[Any]) -> None:
    """Have the escalation of every page that the ring of a leg is still for go on to its next person."""
    decide_last(work, partial(pass_on, work, going_on.rung_leg(row)))


def pass_on(work: Work, ring: str, told: Collection[str] | None = None) -> None:
    """The same now; of the pages ``told`` only, where that is given.

    Each goes on in a transaction of its own, under the lock of its own call.
    """
    pages = {one.id: one for one in list_open_pages(work, ring) if told is None or one.id in told}
    paging = {one.escalation_id for one in pages.values()}
    rows = [one for one in work.connection.execute(_PAGING).all() if one.id in paging]
    for wanted in _in_order(work, rows, {one.escalation_id: one.id for one in pages.values()}):
        assert wanted.page_id is not None
        outbox.put_item(work, "pass_on_page", wanted.page_id, call_id=wanted.place.call, urgency="emergent")


def go_on_at_second(work: Work, ring: str) -> bool:
    """Have the second telephone rung for every page of a ring that is over whose person has one; whether any has.

    Each in a transaction of its own, under the lock of its own call.
    """
    going_on_there = [row for row in list_open_pages(work, ring) if find_second(work, row) is not None]
    for row in going_on_there:
        outbox.put_item(work, "ring_second", row.id, call_id=row.call_id, urgency="emergent")
    return bool(going_on_there)


def hang_up_unneeded(work: Work, ring: str) -> None:
    """End a ring that is for no page any more, unless the person talks with somebody or may take another call."""
    rung = legs.find(work, ring)
    if rung is None:
        return
    present = going_on.find_present(work, rung)
    still_open = work.connection.execute(_OPEN_OF_RING, {"ring": ring}).first()
    if still_open is not None or _state_of(work, present.subject_id) == "accepted":
        return
    # Whoever has answered goes on with the next call that waits for them, in their own conversation.
    if present.state != "in-progress" or not list_wanted(work, present):
        legs.enqueue_hang_up(work, present.id)


def stop_drill(work: Work, person_id: str) -> None:
    """End a test of whether somebody can be reached, because they are about to be paged."""
    testing = leg.c.person_id == person_id, leg.c.role == "drill", LEG_IS_LIVING
    for leg_id in work.connection.execute(select(leg.c.id).where(*testing)).scalars():
        legs.enqueue_hang_up(work, leg_id)


def _leaves(work: Work, row: Row[Any]) -> bool:
    return row.second_at is None and outbox.was_put(work, "ring_second", row.id)


def _list_living(work: Work, people: Collection[str]) -> list[Row[Any]]:
    return list(work.connection.execute(_LIVING, {"people": list(people)}))


def _engages(row: Row[Any]) -> bool:
    return bool(row.line == "in-progress" or row.state == "accepted")


def _find_asking(work: Work, living: Collection[Row[Any]]) -> str | None:
    """The ring that asks somebody, of whose legs these are ``living``, for a yes or no; None while they talk.

    A leg whose conversation is over, or which we hang up because it is for nobody any more, asks nothing.
    """
    if any(row.state == "accepted" for row in living):
        return None
    asking = [going_on.rung_leg(row) for row in living if row.outcome is None]
    return next((ring for ring in asking if list_open_pages(work, ring)), None)


def _came_to(paging: Row[Any], person_id: str) -> bool:
    """Whether the steps of an escalation have come to a person."""
    return person_id in [step["person"] for step in paging.steps[: paging.step + 1]]


def _list_paged_before(work: Work, paging: Collection[Row[Any]], person_id: str) -> list[Row[Any]]:
    asked = {"escalations": [one.id for one in paging], "person": person_id}
    return list(work.connection.execute(_PAGED_BEFORE, asked)) if paging else []


def _in_order(work: Work, paging: Collection[Row[Any]], page_ids: dict[str, str]) -> tuple[Wanted, ...]:
    about = _read_calls(work, [one.call_id for one in paging])
    here = _find_on_the_line(work, about)
    found = {}
    for one in paging:
        of_call = about[one.call_id]
        place = PagingCall(
            call=one.call_id,
            rank=len(URGENCIES) - 1 - URGENCIES.index(one.urgency),
            since=of_call.created_at,
            telephone=_telephone(of_call),
            here=one.call_id in here,
        )
        found[place] = Wanted(place, one.id, one.urgency, page_ids.get(one.id))
    return tuple(found[place] for place in order_calls(found, _count_talks(work)))


def _count_talks(work: Work) -> dict[str, int]:
    talks: dict[str, int] = {}
    for row in work.connection.execute(_TALKED_WITH):
        talks[_telephone(row) or ""] = talks.get(_telephone(row) or "", 0) + 1
    return talks


def _telephone(row: Any) -> str | None:
    """Which calls come from one number. The hash is one of a practice, so that a number is known within it only."""
    return f"{row.practice_id}:{row.caller_hash}" if row.caller_hash is not None else None


def _read_calls(work: Work, call_ids: Collection[str]) -> dict[str, Row[Any]]:
    wanted = select(call).where(call.c.id.in_(call_ids))
    return {row.id: row for row in work.connection.execute(wanted)}


def _find_on_the_line(work: Work, call_ids: Collection[str]) -> set[str]:
    alive = leg.c.call_id.in_(call_ids), leg.c.state != "ended", leg.c.role.in_(("caller", "patient"))
    return set(work.connection.execute(select(leg.c.call_id).where(*alive)).scalars())


def _state_of(work: Work, page_id: str | None) -> str | None:
    found: str | None = work.connection.execute(select(page.c.state).where(page.c.id == page_id)).scalar()
    return found
