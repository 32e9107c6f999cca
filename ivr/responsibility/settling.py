"""Who is responsible for a call is decided at the end of each transaction that touched it, and what must be is begun.

This is the one place: whatever ended without contact, by whatever way, is seen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import RESPONSIBILITY
from callflows.responsibility import LADDER, Facts, Responsible, decide, event_of
from callflows.values import more_urgent
from ivr.callbacks import attempts, promise_opening
from ivr.calls import legs
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, begins_again
from ivr.jobs.timers import set_timer
from ivr.responsibility import returning
from ivr.responsibility.facts import find_concerned, read_facts
from ivr.responsibility.house import ring_house, stop_ringing
from ivr.responsibility.house_rings import APART
from ivr.responsibility.open_care import expect_alarm
from ivr.responsibility.tables import OPEN, responsibility

logger = structlog.get_logger(__name__)

LATER = "house_later"
"""The timer by which a call is looked at again for which the house was left alone."""
MOST_STEPS = range(4)
"""What was begun is looked at once more: a promise is opened, then the house is rung for it."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """How a call stands: what is known of it, and what was decided by that and written down."""

    about: Row[Any]
    facts: Facts
    decided: Responsible


def settle_call(work: Work, call_id: str) -> None:
    """Decide who is responsible for a call, write it down, and begin what must be begun.

    A fault here must not undo what somebody on the telephone has done: it is logged, and the next round looks again.
    Nor may a fault in what is begun undo the row, by which that round finds the call.
    """
    try:
        for _ in MOST_STEPS:
            with work.connection.begin_nested():
                stands = _write_down(work, call_id)
            if stands is None or not stands.decided.open:
                return
            with work.connection.begin_nested():
                _follow(work, stands)
            if not stands.decided.begin:
                return
    except Exception as problem:
        if begins_again(problem):
            raise
        logger.error("responsibility_failed", call=call_id, exc_info=problem)


def look_again(work: Work, call_id: str) -> None:
    """Have it decided anew who is responsible for a call."""
    legs.lock_call(work, call_id)
    work.touched.add(call_id)


def _write_down(work: Work, call_id: str) -> _Stands | None:
    """Who is responsible; None where nobody needs to be, or the story goes on in a later call."""
    about = find_concerned(work, call_id)
    if about is None and returning.note_returned(work, call_id):
        about = find_concerned(work, call_id)
    if about is None:
        return None
    facts = read_facts(work, about)
    decided = decide(facts)
    if facts.clinicians:
        stop_ringing(work, about.id)
    kept = _write(work, about, facts, decided)
    return None if kept is None or kept.continued_in is not None else _Stands(about, facts, decided)


def _follow(work: Work, stands: _Stands) -> None:
    returning.expect_story(work, stands.about)
    if stands.facts.given_up_at is not None:
        expect_alarm(work, stands.about.id)
    if stands.facts.house == "later":
        set_timer(work, LATER, stands.about.id, work.at + APART, call_id=stands.about.id)
    if stands.decided.begin:
        begin(work, stands.about, stands.decided)


def begin(work: Work, about: Row[Any], decided: Responsible) -> None:
    """Begin what brings the patient to a person: owe a call-back, try what is owed again, or ring the house."""
    record(work, "care-begun-again", about.id, how=decided.begin, urgency=decided.urgency)
    if decided.begin == "promise":
        promise_opening.owe_call_back(work, about, decided.urgency)
    elif decided.begin == "house":
        ring_house(work, about.id)
    else:
        for row in attempts.list_promises(work, about.id):
            if row.kind == attempts.URGENT and row.state == "working":
                attempts.retry_or_give_up(work, row, "nobody-in-hand")
            elif row.kind == attempts.URGENT:
                attempts.schedule_retry(work, row.id)


def _write(work: Work, about: Row[Any], facts: Facts, decided: Responsible) -> Row[Any] | None:
    """Bring the row to what was decided, by the events of its lifecycle. None where there never was any need of one."""
    row = find_row(work, about.id)
    if row is None:
        if not decided.open:
            return None
        _insert(work, about, facts, decided)
        row = find_row(work, about.id)
    assert row is not None
    if row.continued_in is not None:
        return row
    _fire_all(work, row, facts, decided)
    return find_row(work, about.id)


def _fire_all(work: Work, row: Row[Any], facts: Facts, decided: Responsible) -> None:
    urgency = more_urgent(row.urgency, decided.urgency)
    stands = {"person_id": decided.person, "urgency": urgency, "held_until": decided.until}
    stood = (row.state, row.person_id, row.urgency, row.held_until)
    over = row.state == "closed" and not decided.open
    if over or stood == (_aim(decided), decided.person, urgency, decided.until):
        return
    what = event_of(row.state, facts, decided)
    if what == "reopen":
        fire(work, RESPONSIBILITY, responsibility, row.id, what, opened_at=work.at)
        what = event_of("reopened", facts, decided)
    elif what == "contact":
        fire(work, RESPONSIBILITY, responsibility, row.id, what, contact_at=facts.contact_at)
        record(work, "contact", row.id, person=decided.person)
        what = event_of("contacted", facts, decided)
    if what:
        fire(work, RESPONSIBILITY, responsibility, row.id, what)
    if decided.open and (row.person_id != decided.person or row.state not in OPEN):
        record(work, "responsible", row.id, person=decided.person or "ladder", urgency=urgency)
    columns = stands if decided.open else {"held_until": None}
    changed = update(responsibility).where(responsibility.c.id == row.id).values(changed_at=work.at, **columns)
    work.connection.execute(changed)


def _aim(decided: Responsible) -> str:
    if not decided.open:
        return "closed"
    return "escalating" if decided.person == LADDER else "assigned"


def _insert(work: Work, about: Row[Any], facts: Facts, decided: Responsible) -> None:
    work.connection.execute(
        insert(responsibility).values(
            id=about.id,
            practice_id=about.practice_id,
            state=RESPONSIBILITY.begins,
            person_id=LADDER,
            urgency=decided.urgency,
            opened_at=facts.opened_at or work.at,
            changed_at=work.at,
        )
    )
    record(work, "responsible", about.id, person="ladder", urgency=decided.urgency)


def find_row(work: Work, call_id: str) -> Row[Any] | None:
    """Who is responsible for a call, as it was written down last."""
    return work.connection.execute(select(responsibility).where(responsibility.c.id == call_id)).first()
