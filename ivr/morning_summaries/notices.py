"""The text that a summary is ready, and where. It says nothing of what is in it, nor how much that is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.calls.addresses import judge_address
from ivr.calls.configuration import newest
from ivr.calls.events import alert_daily
from ivr.calls.places import Place
from ivr.calls.sent_texts import was_sent
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.morning_summaries.register import find_summary
from ivr.twilio.errors import PermanentFailure
from routing.nights import is_told_in_time
from routing.spans import Span

KIND = "text_morning_summary"
TEXT = "Sunline: the morning summary is ready. Sign in to read it: {url}"


def enqueue_notices(work: Work, place: Place, summary_id: str) -> None:
    """Have everybody texted whom the practice names."""
    practice = place.practice_id
    for index, number in enumerate(newest(work).practice(practice).morning_summary.text):
        outbox.put_item(work, KIND, summary_id, call_id=None, key=str(index), practice=practice, number=number)


def alert_too_late(work: Work, place: Place) -> None:
    """Alert supervisors that a summary came too late for a text, where somebody waits for one."""
    if newest(work).practice(place.practice_id).morning_summary.text:
        _alert(work, place.practice_id)


def send_notice(services: Services, item: Row[Any]) -> None:
    """Send the text, unless the number was taken out of the configuration meanwhile."""
    with transaction(services) as work:
        row, practice = (
            find_summary(work.connection, item.subject),
            newest(work).practices.get(item.details["practice"]),
        )
        if row is None or practice is None or item.details["number"] not in practice.morning_summary.text:
            return
        to = judge_address(work, item.details["number"], "configuration")
        sender = newest(work).operator.outbound_number or min(
            number for one in practice.locations.values() for number in one.numbers
        )
    if to is None:
        raise PermanentFailure("number-refused")
    if not is_told_in_time(Span(row.begins_at, row.ends_at), work.at):
        raise PermanentFailure("too-late")
    urls = Urls(services.settings.public_url)
    body = TEXT.format(url=urls.morning_summary(row.id))
    if was_sent(services, item, to, body):
        return
    services.twilio.send_message(to, sender, body, urls.message(f"{KIND}-{item.id}"))


def alert_not_told(services: Services, item: Row[Any]) -> None:
    """Alert supervisors that nobody could be texted. The summary is there all the same."""
    in_transaction(services, lambda work: _alert(work, item.details["practice"]))


def _alert(work: Work, practice_id: str) -> None:
    alert_daily(work, "morning-summary-not-texted", by="practice", practice=practice_id)
