"""The text to whoever follows in a shift: that an open call was handed over to them, and where. Nothing about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from ivr.calls.addresses import judge_address
from ivr.calls.configuration import call_row, newest
from ivr.calls.events import record
from ivr.calls.sent_texts import was_sent
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.oncall.marks import mark_page
from ivr.oncall.tables import care_item, page
from ivr.oncall.text_troubles import send_to_person
from ivr.twilio.errors import PermanentFailure

KIND = "text_handed_over"
TEXT = "Sunline page {mark}: an open call was handed over to you. Sign in to take it: {url}"


def enqueue_text(work: Work, call_id: str, person_id: str) -> None:
    """Have whoever follows texted, where they can be."""
    person = newest(work).people.get(person_id)
    if person is not None and person.contact(work.at).text:
        outbox.put_item(work, KIND, call_id, call_id=call_id, nonce=True, urgency="urgent", person=person_id)


def send_text(services: Services, item: Row[Any]) -> None:
    """Send the text, unless the item was taken by then."""
    person_id = item.details["person"]
    with transaction(services) as work:
        still = select(page.c.token).join(care_item, care_item.c.page_id == page.c.id)
        token = work.connection.execute(
            still.where(care_item.c.id == item.subject, care_item.c.offered_to == person_id)
        ).scalar()
        person = newest(work).people.get(person_id)
        if person is None or token is None:
            return
        to = judge_address(work, person.contact(item.created_at).text or "", "configuration")
        from_ = newest(work).operator.outbound_number or call_row(work, item.subject).dialled
    if to is None:
        raise PermanentFailure("number-refused")
    urls = Urls(services.settings.public_url)
    body = TEXT.format(mark=mark_page(token), url=urls.oncall())
    if was_sent(services, item, to, body):
        return
    send_to_person(services, person_id, to, from_, body, urls.message(f"{KIND}-{item.id}"))


def alert_not_texted(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that whoever follows could not be texted. The item stays with the one who has it."""
    person = item.details["person"]
    in_transaction(
        services, lambda work: record(work, "alert", item.subject, what="hand-over-not-texted", person=person)
    )
