"""The text of a page: an opaque link to the clinician, and how it fares, whether or not Twilio tells.

The page is written down before the text is sent. A text whose answer was lost is looked for in Twilio's list before it
is sent again, and how each fares is asked for until Twilio knows, because news of a text is told once or never.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update

from ivr.calls import legs
from ivr.calls.addresses import judge_address
from ivr.calls.configuration import call_row, newest
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer
from ivr.oncall.contact import find_old_text, numbers_of
from ivr.oncall.marks import dial_in_code, mark_page
from ivr.oncall.tables import page
from ivr.oncall.text_troubles import clear_trouble, note_trouble, send_to_person
from ivr.twilio.errors import PartyGone, PermanentFailure, TemporaryFailure
from ivr.twilio.rest_api import MessageState

TEXT = "Sunline page {mark}: you are being paged. Answer the call, or sign in: {url}"
DIAL_IN = " Or call {number}, press star, then {code} and your PIN."
NOT_DELIVERED = ("undelivered", "failed")
FINAL = ("delivered", "canceled", *NOT_DELIVERED)
"""What no text ever leaves."""
CHECK_AFTER = timedelta(minutes=1)
CHECKED_FOR = timedelta(hours=5)
"""How long after the page is asked how its text fares: Twilio gives a text up after 4 hours."""
CLOCK_SLACK = timedelta(seconds=5)


def enqueue_text(work: Work, page_id: str, call_id: str, urgency: str) -> None:
    """Have the person of a page texted, and Twilio asked how that fares. A number of theirs of before is texted too."""
    outbox.put_item(work, "text_page", page_id, call_id=call_id, urgency=urgency)
    if find_old_text(work, _get(work, page_id)) is not None:
        outbox.put_item(work, "text_old_number", page_id, call_id=call_id, urgency=urgency)
    set_timer(work, "check_text", page_id, work.at + CHECK_AFTER, call_id=call_id)


def send_text(services: Services, item: Row[Any]) -> None:
    """Send the text: who is paging and an opaque link, nothing about a patient."""
    with transaction(services) as work:
        row = _get(work, item.subject)
        if row.message_sid is not None or row.state != "open":
            return
        to, from_ = _number_to_text(work, row), _sender_number(work, row)
    found = _find_earlier_text(services, row, to) if item.attempts > 1 else None
    status_callback = Urls(services.settings.public_url).message(row.id)
    body = word_text(services, row)
    sid = found.sid if found else send_to_person(services, row.person_id, to, from_, body, status_callback)
    with transaction(services) as work:
        work.connection.execute(update(page).where(page.c.id == row.id).values(message_sid=sid))


def alert_text_failed(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that the text cannot be sent. The phone still rings."""
    with transaction(services) as work:
        record(work, "alert", _get(work, item.subject).call_id, what="page-not-texted", page=item.subject)


def check_text(work: Work, page_id: str) -> None:
    """Have Twilio asked how the text fares, and again, ever later, until that is known or it was given up long ago."""
    row = _get(work, page_id)
    since = work.at - row.made_at
    if row.message_status in FINAL or since > CHECKED_FOR:
        return
    outbox.put_item(work, "ask_text", page_id, call_id=row.call_id, nonce=True, urgency="housekeeping")
    set_timer(work, "check_text", page_id, work.at + max(CHECK_AFTER, since), call_id=row.call_id)


def fetch_status(services: Services, item: Row[Any]) -> None:
    """Take how Twilio has the text as news. A look that fails is repeated by the timer that asked for it."""
    with suppress(TemporaryFailure, PartyGone):
        found = _find_text(services, item.subject)
        if found is not None:
            news = found.sid, found.status, found.error_code
            in_transaction(services, lambda work: note_status(work, item.subject, *news))


def note_status(
    work: Work, page_id: str, message_sid: str | None, status: str | None, error_code: int | None = None
) -> None:
    """Note how the text fares. One that does not arrive is an event of its call: the telephone rings all the same.

    News of another text than the one that is known changes nothing, nor does any after the end. Delivered is not
    accepted: nothing but an accept stops a page. What is known of the number follows from the end.
    """
    row = work.connection.execute(select(page).where(page.c.id == page_id)).first()
    if row is None:
        return
    legs.lock_call(work, row.call_id)
    this_text = or_(page.c.message_sid.is_(None), page.c.message_sid == message_sid)
    goes_on = or_(page.c.message_status.is_(None), page.c.message_status.not_in(FINAL))
    noted = update(page).where(page.c.id == page_id, this_text, goes_on)
    changed = work.connection.execute(noted.values(message_sid=message_sid, message_status=status)).rowcount
    numbers = numbers_of(work, row)
    number = numbers.text if numbers is not None else None
    if changed and status == "delivered" and number is not None:
        clear_trouble(work, number)
    if changed and status in NOT_DELIVERED:
        record(work, "text-not-delivered", row.call_id, page=row.id)
        if number is not None:
            note_trouble(work, row.person_id, number, error_code)


def _find_text(services: Services, page_id: str) -> MessageState | None:
    """How Twilio has the text of a page; None where it has none, or the number may not be texted any more."""
    with transaction(services) as work:
        row = _get(work, page_id)
        to = _find_number(work, row)
    if row.message_sid is not None:
        return services.twilio.fetch_message(row.message_sid)
    return _find_earlier_text(services, row, to) if to is not None else None


def _find_earlier_text(services: Services, row: Row[Any], to: Ringable) -> MessageState | None:
    sent = services.twilio.list_messages(to=to, since=row.made_at - CLOCK_SLACK)
    return next((message for message in sent if find_link(services, row) in (message.body or "").split()), None)


def find_link(services: Services, row: Row[Any]) -> str:
    """The link in the text of a page, which no other text has. The other words follow the newest configuration."""
    return Urls(services.settings.public_url).page(row.token)


def word_text(services: Services, row: Row[Any]) -> str:
    """The words of the text of a page."""
    with transaction(services) as work:
        number = find_practice_number(work, row)
    told = TEXT.format(mark=mark_page(row.token), url=find_link(services, row))
    return told + (DIAL_IN.format(number=number, code=dial_in_code(row.token)) if number else "")


def find_practice_number(work: Work, row: Row[Any]) -> str:
    """The number by which the person of a page dials in: that of patients at the location that was called, or ""."""
    about = call_row(work, row.call_id)
    practice = newest(work).practices.get(about.practice_id)
    place = practice.locations.get(about.location_id) if practice is not None else None
    return min(place.numbers) if place is not None else ""


def _number_to_text(work: Work, row: Row[Any]) -> Ringable:
    number = _find_number(work, row)
    if number is None:
        raise PermanentFailure("number-refused")
    return number


def _find_number(work: Work, row: Row[Any]) -> Ringable | None:
    numbers = numbers_of(work, row)
    return judge_address(work, (numbers and numbers.text) or "", "configuration")


def _sender_number(work: Work, row: Row[Any]) -> str:
    organisation = newest(work)
    return organisation.operator.outbound_number or legs.lock_call(work, row.call_id).dialled


def _get(work: Work, page_id: str) -> Row[Any]:
    return work.connection.execute(select(page).where(page.c.id == page_id)).one()
