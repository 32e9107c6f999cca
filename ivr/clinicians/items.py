"""The open items of clinicians: opened by an accept, closed by contact and an outcome, handed over at shift change.

What is due is decided in ``callflows/open_items.py``, at the end of each transaction that touched the call, when its
timer fires, and in a round each minute where neither was, so that news that never comes leaves nothing undone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Row, and_, bindparam, exists, insert, or_, select, update

from callflows.lifecycles.tables import CARE_ITEM, PAGE
from callflows.open_items import Item, decide, look_again_at
from ivr.callbacks import attempts
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.configuration import NO_PRACTICE, newest_for
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.places import Place
from ivr.calls.tables import call
from ivr.clinicians import handing_over
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, begins_again, in_transaction
from ivr.jobs.tables import timer
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall import escalations, page_accept, pages, rings
from ivr.oncall.heard_contact import had_contact
from ivr.oncall.in_hand import is_in_hand
from ivr.oncall.tables import ITEM_IS_OPEN, care_item, page
from ivr.responsibility.settling import find_row
from ivr.rotas.live import with_live_rotas
from routing.rota import on_duty, turns

logger = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)
MOST = 500
"""Items that are looked at in one round."""
LATELY = timedelta(days=1)
"""So long after an accept it is looked at whether the call got its item."""
DONE = "done"
TIMER = "open_item"

_CONCERNS = select(call).where(
    call.c.practice_id != NO_PRACTICE,
    or_(call.c.symptom, exists().where(promise.c.call_id == call.c.id, promise.c.kind == attempts.URGENT)),
)
_WAITS = (timer.c.kind == TIMER, timer.c.subject == care_item.c.id, timer.c.state == "waiting")
_HAS_TIME = exists().where(*_WAITS, timer.c.due_at > bindparam("now"))
_LEFT = select(care_item.c.id).where(ITEM_IS_OPEN, ~_HAS_TIME)
_WITHOUT = (
    _CONCERNS.with_only_columns(call.c.id)
    .join(event, event.c.call_id == call.c.id)
    .where(event.c.kind == "clinician-accepted", event.c.at >= bindparam("since"))
    .where(~exists().where(care_item.c.id == call.c.id))
)
_ACCEPTED = select(page).where(page.c.state == "accepted").order_by(page.c.ended_at.desc(), page.c.id.desc())


def settle_call(work: Work, call_id: str) -> None:
    """Do what is due for the item of a call. A fault undoes nothing else, and the next round looks again."""
    try:
        with work.connection.begin_nested():
            _settle(work, call_id)
    except Exception as problem:
        if begins_again(problem):
            raise
        # Without a timer the next round finds it, which leaves alone what has its time.
        cancel_timer(work, TIMER, call_id)
        logger.error("open_item_failed", call=call_id, exc_info=problem)


def look_again(services: Services, before: str) -> str:
    """Decide anew what is due for each open item that nothing else looks at in time, and for calls that got none.

    Where there are more than fit into one round, the next goes on after the last.
    """
    at = services.clock.now()
    with services.database.read() as connection:
        late = connection.execute(_LEFT, {"now": at}).scalars().all()
        without = connection.execute(_WITHOUT, {"since": at - LATELY}).scalars().all()
    ids = sorted(one for one in {*late, *without} if one > before)[:MOST]
    for call_id in ids:
        in_transaction(services, partial(look_at_item, call_id=call_id))
    return ids[-1] if len(ids) == MOST else ""


def look_at_item(work: Work, call_id: str) -> None:
    """Decide anew what is due for one item, because its time has come."""
    legs.lock_call(work, call_id)
    work.touched.add(call_id)


def find_item(connection: Connection, call_id: str) -> Row[Any] | None:
    """The item of a call, if one was ever opened."""
    return connection.execute(select(care_item).where(care_item.c.id == call_id)).first()


def list_items(connection: Connection, person_id: str) -> Sequence[Row[Any]]:
    """What is open of a person, and what is handed over to them, the oldest first."""
    mine = or_(
        care_item.c.person_id == person_id, and_(care_item.c.state == "offered", care_item.c.offered_to == person_id)
    )
    wanted = select(care_item).where(care_item.c.state != DONE, mine)
    return connection.execute(wanted.order_by(care_item.c.opened_at, care_item.c.id)).all()


def list_items_of(connection: Connection, place: Place, at: datetime, call_ids: Collection[str]) -> Sequence[Row[Any]]:
    """The items of a place that were open at an instant, and those of the calls, the oldest first."""
    was_open = (care_item.c.opened_at < at) & or_(care_item.c.ended_at.is_(None), care_item.c.ended_at >= at)
    ours = select(care_item).join(call, call.c.id == care_item.c.id).where(place.has_call())
    wanted = ours.where(or_(was_open, care_item.c.id.in_(call_ids)))
    return connection.execute(wanted.order_by(care_item.c.opened_at, care_item.c.id)).all()


def take_item(work: Work, call_id: str, person_id: str) -> str | None:
    """Let whoever follows take an item that was handed over to them; the link of their card, None where they may not.

    Where somebody is paged for its call they accept in that, so that nobody else is woken for it. Whoever is on the
    telephone with somebody else cannot, and the paging goes on.
    """
    legs.lock_call(work, call_id)
    row = find_item(work.connection, call_id)
    if row is None or row.state != "offered" or row.offered_to != person_id:
        return None
    running = escalations.find_active(work, call_id)
    if running is None:
        page_id = _accept_anew(work, row, person_id)
    elif rings.find_engaged(work, [person_id]):
        return None
    else:
        page_id = _accept_running(work, running, person_id)
    record(work, "item-taken", call_id, person=person_id, of=row.person_id)
    return str(pages.get(work, page_id).token)


def _accept_anew(work: Work, row: Row[Any], person_id: str) -> str:
    """A page of their own, accepted already, by which the card opens and their telephone can be rung."""
    before, page_id = pages.get(work, row.page_id), work.services.ids()
    pages.insert_page(work, escalations.get(work, before.escalation_id), page_id, person_id, before.step, None)
    fire(work, PAGE, page, page_id, "accept", taken_at=work.at)
    return page_id


def _accept_running(work: Work, running: Row[Any], person_id: str) -> str:
    """The page by which they are paged now, or one beside whoever is, accepted as on its card."""
    still_open = page.c.escalation_id == running.id, page.c.person_id == person_id, page.c.state == "open"
    page_id: str | None = work.connection.execute(select(page.c.id).where(*still_open)).scalar()
    if page_id is None:
        page_id = work.services.ids()
        climbed = max(0, min(running.step, len(running.steps) - 1))
        pages.insert_page(work, running, page_id, person_id, climbed, None)
    page_accept.accept_on_page(work, page_id)
    return page_id


def write_outcome(work: Work, call_id: str, outcome: str, follow_up: str) -> None:
    """Write the outcome of an item. It is done once there was contact too."""
    written = {"outcome": outcome, "follow_up": follow_up, "outcome_at": work.at}
    work.connection.execute(update(care_item).where(care_item.c.id == call_id).values(written))
    record(work, "outcome-written", call_id, outcome=outcome, follow_up=follow_up)
    work.touched.add(call_id)


def opens_item(work: Work, call_id: str) -> bool:
    """Whether whoever accepts a call has an open item of it: a symptom was told of, or something urgent promised."""
    return work.connection.execute(_CONCERNS.where(call.c.id == call_id)).first() is not None


def _settle(work: Work, call_id: str) -> None:
    about = work.connection.execute(_CONCERNS.where(call.c.id == call_id)).first()
    newest = work.connection.execute(_ACCEPTED.where(page.c.call_id == call_id)).first()
    if about is None or newest is None:
        return
    row = find_item(work.connection, call_id)
    if row is None:
        _insert(work, about, newest)
    elif newest.id != row.page_id and newest.ended_at >= (row.ended_at or row.opened_at):
        _move(work, row, newest)
    row = find_item(work.connection, call_id)
    if row is not None and row.state != DONE:
        _carry_out(work, about, row)


def _insert(work: Work, about: Row[Any], newest: Row[Any]) -> None:
    work.connection.execute(
        insert(care_item).values(
            id=about.id,
            practice_id=about.practice_id,
            page_id=newest.id,
            person_id=newest.person_id,
            state=CARE_ITEM.begins,
            opened_at=newest.ended_at,
        )
    )


def _move(work: Work, row: Row[Any], newest: Row[Any]) -> None:
    """Let the item be of whoever accepted last, by whose accept is counted when it begins again. One that was done
    begins anew.
    """
    whose = {"page_id": newest.id, "person_id": newest.person_id, "offered_to": None, "offered_at": None}
    whose |= {"begun_again_at": newest.ended_at}
    if row.state == DONE:
        anew = {"opened_at": newest.ended_at, "outcome": None, "follow_up": None, "outcome_at": None, "ended_at": None}
        fire(work, CARE_ITEM, care_item, row.id, "reopen", **whose, **anew)
    else:
        fire(work, CARE_ITEM, care_item, row.id, "take", **whose)


def _carry_out(work: Work, about: Row[Any], row: Row[Any]) -> None:
    item, shift_ends_at = _read(work, about, row)
    due = decide(item, work.at)
    if due.close:
        fire(work, CARE_ITEM, care_item, row.id, "close", ended_at=work.at)
        cancel_timer(work, TIMER, row.id)
        record(work, "item-done", row.id, person=row.person_id)
        return
    if due.offer:
        item = replace(item, offered_at=work.at)
        fire(work, CARE_ITEM, care_item, row.id, "offer", offered_to=due.offer, offered_at=work.at)
        record(work, "item-handed-over", row.id, person=row.person_id, to=due.offer)
        handing_over.enqueue_text(work, row.id, due.offer)
    if due.begin_again:
        item = replace(item, begun_again_at=work.at)
        _update(work, row.id, begun_again_at=work.at)
        record(work, "item-begun-again", row.id, person=row.person_id)
        escalations.start_escalation(work, row.id, about.urgency)
        attempts.take_up_urgent(work, row.id)
    if due.alert:
        item = replace(item, offered_at=work.at)
        _update(work, row.id, offered_at=work.at)
        record(work, "alert", row.id, what="item-not-taken", person=row.offered_to)
    set_timer(work, TIMER, row.id, look_again_at(item, shift_ends_at, work.at), call_id=row.id)


def _read(work: Work, about: Row[Any], row: Row[Any]) -> tuple[Item, datetime]:
    """What is known of an item, and when the shift that goes on now ends."""
    follows = find_row(work, row.id)
    holds = follows is not None and follows.held_until is not None and follows.held_until > work.at
    goes_on = follows is not None and follows.continued_in is not None
    first, is_on_duty, shift_ends_at = _find_duty(work, about, row)
    rung = escalations.find_active(work, row.id) is not None or is_in_hand(work, row.id)
    reachable = bool(legs.list_parties(work, row.id, "caller")) or work.services.features.has_number(work, row.id)
    item = Item(
        person=row.person_id,
        opened_at=row.opened_at,
        contact=goes_on or had_contact(work, row),
        outcome=goes_on or row.outcome is not None,
        busy=page_accept.is_on_telephone(work, row.page_id),
        paging=rung or holds or not reachable,
        on_duty=is_on_duty,
        follower=first,
        offered_to=row.offered_to or "",
        offered_at=row.offered_at,
        begun_again_at=row.begun_again_at,
    )
    return item, shift_ends_at


def _find_duty(work: Work, about: Row[Any], row: Row[Any]) -> tuple[str, bool, datetime]:
    """Who is responsible for such a call now; whether the clinician is on call still, or no shift has ended since; and
    when the present shift ends, if it does within a day.

    Whoever accepted as the second in turn is not relieved by the first, but by whoever has the next shift.
    """
    live = with_live_rotas(work.connection, newest_for(work, about), row.opened_at)
    rota = live.on_call_for(about.practice_id, about.location_id, about.service).rota
    now, then = on_duty(rota, work.at), on_duty(rota, row.opened_at)
    ends_at = turns(rota, work.at, work.at + timedelta(days=1))[0].end
    return now[0], row.person_id in now or now[0] == then[0], ends_at


def _update(work: Work, call_id: str, **columns: Any) -> None:
    work.connection.execute(update(care_item).where(care_item.c.id == call_id).values(columns))
