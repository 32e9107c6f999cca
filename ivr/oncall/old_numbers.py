"""Telling an old number that it was changed, and texting it of pages for a while (``oncall/changed_numbers.py``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from ivr.calls.addresses import judge_address
from ivr.calls.configuration import newest
from ivr.calls.events import alert_daily
from ivr.calls.sent_texts import was_sent
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.oncall import pages, texts
from ivr.oncall.contact import find_old_text
from ivr.oncall.tables import changed_number
from ivr.twilio.errors import PermanentFailure

EVERY = timedelta(minutes=5)
TELL = "tell_old_number"
TEXT_PAGE = "text_old_number"
TEXT = (
    "Sunline: how you are reached when you are on call was changed. If this was not you or your practice, "
    "tell {operator}, by a number that you know."
)


def tell_old_numbers(services: Services, _stopped_at: str) -> str:
    """Have every old number told that has not been."""
    with services.database.read() as connection:
        ids = list(connection.execute(select(changed_number.c.id).where(changed_number.c.told.is_(False))).scalars())
    for row_id in ids:
        in_transaction(services, lambda work, row_id=row_id: _put(work, row_id))  # type: ignore[misc]
    return ""


def _put(work: Work, row_id: str) -> None:
    work.connection.execute(update(changed_number).where(changed_number.c.id == row_id).values(told=True))
    outbox.put_item(work, TELL, row_id, call_id=None)


def send_notice(services: Services, item: Row[Any]) -> None:
    """Tell the old number. Nothing is said of whose it was, of a practice or of a patient."""
    with transaction(services) as work:
        row = work.connection.execute(select(changed_number).where(changed_number.c.id == item.subject)).first()
        if row is None:
            return
        body = TEXT.format(operator=newest(work).operator.operator)
    _send(services, row.number, body, item)


def alert_not_told(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that an old number could not be told: nobody but them knows that it was changed."""

    def act(work: Work) -> None:
        row = work.connection.execute(select(changed_number).where(changed_number.c.id == item.subject)).first()
        if row is not None:
            alert_daily(work, "old-number-not-told", by="person", person=row.person_id)

    in_transaction(services, act)


def text_page(services: Services, item: Row[Any]) -> None:
    """Send the text of a page to the old number too. Where it takes none, the new one has its own."""
    with transaction(services) as work:
        row = pages.get(work, item.subject)
        number = find_old_text(work, row)
    if number is None or row.state != "open":
        return
    try:
        _send(services, number, texts.word_text(services, row), item, texts.find_link(services, row))
    except PermanentFailure:
        return


def _send(services: Services, number: str, body: str, item: Row[Any], link: str = "") -> None:
    with transaction(services) as work:
        to, organisation = judge_address(work, number, "configuration"), newest(work)
    if to is None:
        raise PermanentFailure("number-refused")
    if was_sent(services, item, to, body, link):
        return
    from_ = organisation.operator.outbound_number or min(organisation.numbers)
    services.twilio.send_message(to, from_, body, Urls(services.settings.public_url).message(f"{item.kind}-{item.id}"))
