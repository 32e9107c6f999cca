"""One page to one person: a call that asks for a PIN, and a text with an opaque link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import PAGE
from ivr.calls import legs
from ivr.calls.addresses import judge_address, seal_address
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.directory.organisation import OnCallPerson
from ivr.jobs import outbox
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall.tables import escalation as escalations
from ivr.oncall.tables import page
from ivr.twilio.errors import PermanentFailure
from ivr.twilio.parameters import MessageCallback

LANE_SLACK = timedelta(seconds=15)
"""How long a page may stand in the outbound lane before its step's time runs anyway."""
LONGEST_RING = 300
TEXT = "Sunline: you are being paged. Answer the call, or sign in: {url}"


def send_page(work: Work, escalation: Row[Any], number: int, step: Mapping[str, Any]) -> None:
    """Ring and text the person of a step. The time of the step runs from the first ring."""
    page_id = work.services.ids()
    person = newest(work).person(step["person"])
    leg_id = ring_person(work, escalation, page_id, person, step["seconds"]) if "voice" in step["by"] else None
    work.connection.execute(
        insert(page).values(
            id=page_id,
            escalation_id=escalation.id,
            call_id=escalation.call_id,
            person_id=person.id,
            step=number,
            leg_id=leg_id,
            token=_make_token(work),
            state=PAGE.begins,
            made_at=work.at,
        )
    )
    if "sms" in step["by"] and person.sms:
        outbox.put_item(work, "text_page", page_id, call_id=escalation.call_id, urgency=escalation.urgency)
    lapses_at = work.at + timedelta(seconds=step["seconds"]) + LANE_SLACK
    set_timer(work, "page_over", page_id, lapses_at, call_id=escalation.call_id)
    record(work, "paged", escalation.call_id, person=person.id, page=page_id, rung=number)


def ring_person(work: Work, escalation: Row[Any], page_id: str, person: OnCallPerson, seconds: int) -> str:
    """Have the person of a page rung, for ``seconds`` at most; the id of the new leg."""
    leg_id = legs.create_leg(
        work,
        escalation.call_id,
        "clinician",
        "clinician_page",
        person_id=person.id,
        subject_id=page_id,
        address_sealed=seal_address(work, escalation.call_id, person.voice),
        ring_seconds=min(seconds, LONGEST_RING),
    )
    legs.enqueue_dial(work, leg_id, escalation.urgency)
    return leg_id


def restart_step_time(work: Work, page_id: str) -> None:
    """Let the time of the step run from now, because the phone rings."""
    row = get(work, page_id)
    seconds = _step_of(work, row)["seconds"]
    set_timer(work, "page_over", page_id, work.at + timedelta(seconds=seconds), call_id=row.call_id)


def lapse_page(work: Work, page_id: str) -> None:
    """Lapse a page whose step is over without an explicit accept."""
    row = get(work, page_id)
    legs.lock_call(work, row.call_id)
    fire(work, PAGE, page, page_id, "lapse")


def hang_up_page(work: Work, page_id: str) -> None:
    """Have the phone of this person stop ringing."""
    row = get(work, page_id)
    cancel_timer(work, "page_over", page_id)
    if row.leg_id is not None:
        legs.enqueue_hang_up(work, row.leg_id)


def note_leg_gone(work: Work, leg: Row[Any]) -> None:
    """Lapse a page whose leg ended without an accept. The next person is paged at once.

    A leg that another one took the place of, because the person asked to be rung again, ends unnoticed.
    """
    if get(work, leg.subject_id).leg_id == leg.id:
        fire(work, PAGE, page, leg.subject_id, "lapse")


def send_text(services: Services, item: Row[Any]) -> None:
    """Send the text: who is paging and an opaque link, nothing about a patient."""
    with transaction(services) as work:
        row = get(work, item.subject)
        if row.message_sid is not None or row.state != "open":
            return
        to, from_ = _number_to_text(work, row), _sender_number(work, row)
    body = TEXT.format(url=Urls(services.settings.public_url).page(row.token))
    sid = _find_earlier_text(services, row, to, body) if item.attempts > 1 else None
    sid = sid or services.twilio.send_message(
        to=to, from_=from_, body=body, status_callback=Urls(services.settings.public_url).message(row.id)
    )
    with transaction(services) as work:
        work.connection.execute(update(page).where(page.c.id == row.id).values(message_sid=sid))


def alert_text_failed(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that the text cannot be sent. The phone still rings."""
    with transaction(services) as work:
        record(work, "alert", get(work, item.subject).call_id, what="page-not-texted", page=item.subject)


def get(work: Work, page_id: str) -> Row[Any]:
    """A page."""
    return work.connection.execute(select(page).where(page.c.id == page_id)).one()


def _find_earlier_text(services: Services, row: Row[Any], to: Ringable, body: str) -> str | None:
    sent = services.twilio.list_messages(to=to, since=row.made_at - timedelta(seconds=5))
    return next((message.sid for message in sent if message.body == body), None)


def _number_to_text(work: Work, row: Row[Any]) -> Ringable:
    number = judge_address(work, newest(work).person(row.person_id).sms or "", "configuration")
    if number is None:
        raise PermanentFailure("number-refused")
    return number


def _sender_number(work: Work, row: Row[Any]) -> str:
    organisation = newest(work)
    return organisation.operator.outbound_number or legs.lock_call(work, row.call_id).dialled


def _step_of(work: Work, row: Row[Any]) -> Mapping[str, Any]:
    stamped = work.connection.execute(select(escalations.c.steps).where(escalations.c.id == row.escalation_id))
    found: Mapping[str, Any] = stamped.scalar_one()[row.step]
    return found


def _make_token(work: Work) -> str:
    # In production a token guards a page with patient data behind a PIN: it must not come from the id source.
    return secrets.token_urlsafe(24) if work.services.settings.mode == "production" else work.services.ids()


def note_text_status(work: Work, page_id: str, news: MessageCallback) -> None:
    """Note how the text fares, for the record."""
    status = {"message_sid": news.message_sid, "message_status": news.status}
    work.connection.execute(update(page).where(page.c.id == page_id).values(status))
