"""One page to one person: a call that asks for a PIN, and a text with an opaque link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from callflows.dialogues.company import Rings
from callflows.lifecycles.tables import PAGE
from ivr.calls import going_on, legs
from ivr.calls.configuration import newest
from ivr.calls.events import list_events, record
from ivr.calls.places import Place
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.people import OnCallPerson
from ivr.jobs.timers import cancel_timer, find_due, set_timer
from ivr.oncall import passed_over, rings
from ivr.oncall.contact import find_numbers, find_second
from ivr.oncall.tables import escalation as escalations
from ivr.oncall.tables import page
from ivr.oncall.texts import enqueue_text
from routing.contact import SECOND_RING, first_ring
from routing.spans import Span

LANE_SLACK = timedelta(seconds=15)
"""How long a page may stand in the outbound lane before its step's time runs anyway."""
LONGEST_RING = 300


def send_page(work: Work, escalation: Row[Any], number: int, step: Mapping[str, Any]) -> None:
    """Ring and text the person of a step. The time of the step runs from the first ring.

    Whoever is rung already is not rung again, and not texted again: this page joins that ring.
    """
    page_id, person = work.services.ids(), newest(work).person(step["person"])
    numbers = find_numbers(work, person, work.at)
    joined = rings.find_ring(work, person.id) if "voice" in step["by"] else None
    leg_id = joined
    if "voice" in step["by"] and joined is None:
        rings.stop_drill(work, person.id)
        leg_id = ring_person(work, escalation, page_id, person, first_ring(step["seconds"], numbers))
    insert_page(work, escalation, page_id, person.id, number, leg_id)
    if "sms" in step["by"] and numbers.text and joined is None:
        enqueue_text(work, page_id, escalation.call_id, escalation.urgency)
    lapses_at = work.at + timedelta(seconds=step["seconds"]) + LANE_SLACK
    set_timer(work, "page_over", page_id, lapses_at, call_id=escalation.call_id)
    record(work, "paged", escalation.call_id, person=person.id, page=page_id, rung=number)
    if joined is not None:
        record(work, "ring-joined", escalation.call_id, person=person.id, page=page_id)


def page_on_the_line(work: Work, escalation_id: str, row: Row[Any]) -> str:
    """Page whoever is on a leg already for another call, which they turn to now; the page's id."""
    climbing = work.connection.execute(select(escalations).where(escalations.c.id == escalation_id)).one()
    number = find_place(climbing, row.person_id)
    if number is None:
        number = max(0, min(climbing.step, len(climbing.steps) - 1))
    page_id, seconds = work.services.ids(), climbing.steps[number]["seconds"]
    insert_page(work, climbing, page_id, row.person_id, number, going_on.rung_leg(row))
    set_timer(work, "page_over", page_id, work.at + timedelta(seconds=seconds), call_id=climbing.call_id)
    record(work, "paged", climbing.call_id, person=row.person_id, page=page_id, rung=number)
    return page_id


def find_place(climbing: Row[Any], person_id: str) -> int | None:
    """The step of a person by its place: the last that the ladder has come to, or else the first that is still ahead.

    None where the ladder has none of theirs any more.
    """
    places = [at for at, step in enumerate(climbing.steps) if step["person"] == person_id]
    return max((at for at in places if at <= climbing.step), default=min(places, default=None))


def insert_page(
    work: Work, escalation: Row[Any], page_id: str, person_id: str, number: int, leg_id: str | None
) -> None:
    work.connection.execute(
        insert(page).values(
            id=page_id,
            escalation_id=escalation.id,
            call_id=escalation.call_id,
            person_id=person_id,
            step=number,
            leg_id=leg_id,
            token=_make_token(work),
            state=PAGE.begins,
            made_at=work.at,
        )
    )


def ring_person(
    work: Work, escalation: Row[Any], page_id: str, person: OnCallPerson, seconds: int, number: str = ""
) -> str:
    """Have the person of a page rung, for ``seconds`` at most; the id of the new leg.

    At ``number`` where one is given, else at the telephone at which they are reached now.
    """
    leg_id = legs.create_leg(
        work,
        escalation.call_id,
        "clinician",
        "clinician_page",
        person_id=person.id,
        subject_id=page_id,
        address=number or person.contact(work.at).voice,
        ring_seconds=min(seconds, LONGEST_RING),
    )
    legs.enqueue_dial(work, leg_id, escalation.urgency)
    return leg_id


def restart_step_time(work: Work, page_id: str) -> None:
    """Let the time of the step run from now, because the phone rings. A second telephone does not prolong it so."""
    row = get(work, page_id)
    if row.second_at is not None:
        give_second_time(work, row)
        return
    seconds = _step_of(work, row)["seconds"]
    set_timer(work, "page_over", page_id, work.at + timedelta(seconds=seconds), call_id=row.call_id)


def give_second_time(work: Work, row: Row[Any]) -> None:
    """Let the time of the step be over when a second telephone has rung, or as before where that is later."""
    due_at, rung = find_due(work, "page_over", row.id), work.at + timedelta(seconds=SECOND_RING)
    if due_at is not None and due_at < rung:
        set_timer(work, "page_over", row.id, rung, call_id=row.call_id)


def shorten_open_pages(work: Work, escalation_id: str, seconds: int) -> None:
    """Let the time of every open page be over in so many seconds, unless it is sooner already."""
    still_open = select(page.c.id, page.c.call_id).where(page.c.escalation_id == escalation_id, page.c.state == "open")
    for row in work.connection.execute(still_open).all():
        due_at, soon = find_due(work, "page_over", row.id), work.at + timedelta(seconds=seconds)
        if due_at is None or due_at > soon:
            set_timer(work, "page_over", row.id, soon, call_id=row.call_id)


def lapse_page(work: Work, page_id: str) -> None:
    """Lapse a page whose step is over without an explicit accept."""
    row = get(work, page_id)
    legs.lock_call(work, row.call_id)
    fire(work, PAGE, page, page_id, "lapse")


def hang_up_page(work: Work, page_id: str) -> None:
    """Have the phone of this person stop ringing, unless it rings for others too."""
    row = get(work, page_id)
    cancel_timer(work, "page_over", page_id)
    if row.leg_id is not None:
        rings.decide_last(work, partial(rings.hang_up_unneeded, work, row.leg_id))


def note_leg_gone(work: Work, leg: Row[Any]) -> None:
    """Lapse the pages of a ring that ended without an accept. The next person is paged at once for each.

    Where a page's person has a second telephone that was not rung for it yet, that is rung first.

    A leg that another one took the place of, because the person asked to be rung again or turned to another call, ends
    unnoticed.
    """
    ring = going_on.rung_leg(leg)
    row = get(work, leg.subject_id)
    if row.leg_id != ring or going_on.find_present(work, leg).id != leg.id:
        return
    if find_second(work, row) is None:
        fire(work, PAGE, page, row.id, "lapse")
    rings.decide_last(work, partial(_end_ring, work, leg.id))


def _end_ring(work: Work, leg_id: str) -> None:
    row = legs.find(work, leg_id)
    assert row is not None
    ring = going_on.rung_leg(row)
    goes_on = rings.go_on_at_second(work, ring)
    rings.pass_on(work, ring)
    if not goes_on:
        passed_over.ring_again(work, row)


def pass_on_page(services: Services, item: Row[Any]) -> None:
    """Lapse a page of a ring that is over, or that became a talk with somebody else."""
    in_transaction(services, lambda work: lapse_page(work, item.subject))


def read_rings(work: Work, call_id: str) -> Rings:
    """Whether a clinician's phone rings with a page of the call, and whether others were paged before that one."""
    paged = select(page.c.person_id, leg.c.state).join(leg, page.c.leg_id == leg.c.id, isouter=True)
    rows = work.connection.execute(paged.where(page.c.call_id == call_id).order_by(page.c.made_at, page.c.step)).all()
    if not rows or rows[-1].state != "ringing":
        return ""
    return "another-clinician" if any(row.person_id != rows[-1].person_id for row in rows) else "clinician"


def get(work: Work, page_id: str) -> Row[Any]:
    """A page."""
    return work.connection.execute(select(page).where(page.c.id == page_id)).one()


def _step_of(work: Work, row: Row[Any]) -> Mapping[str, Any]:
    stamped = work.connection.execute(select(escalations.c.steps).where(escalations.c.id == row.escalation_id))
    found: Mapping[str, Any] = stamped.scalar_one()[row.step]
    return found


def _make_token(work: Work) -> str:
    # In production a token guards a page with patient data behind a PIN: it must not come from the id source.
    return secrets.token_urlsafe(24) if work.services.settings.mode == "production" else work.services.ids()


def list_pages(connection: Connection, place: Place, span: Span) -> Sequence[Row[Any]]:
    """The pages by which somebody was paged for the calls of a place within a span, the oldest first."""
    ids = [one.data["page"] for one in list_events(connection, place, ("paged",), span)]
    theirs = select(page).where(page.c.id.in_(ids)).order_by(page.c.made_at, page.c.step, page.c.id)
    return connection.execute(theirs).all()
