"""The text of a code of our own, and how it fares.

A text whose answer was lost is looked for in Twilio's list before it is sent again. One that cannot be sent, or is told
not to have arrived, ends the question at which its caller waits. News that never comes changes nothing: the question
ends by itself within half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from ivr.calls.configuration import call_row, line_name, newest
from ivr.codes.numbers import find_number
from ivr.codes.outcomes import find_to_send, note_failed, note_sent
from ivr.codes.tables import FIELD, one_time_code
from ivr.core.cipher import name_row
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, in_transaction
from ivr.core.urls import Urls
from ivr.twilio.errors import PermanentFailure

TEXTS = {
    "en-US": "{practice}: code {code}. Our staff will ask for it only if YOU called us.",
    "es-US": "{practice}: clave {code}. Nuestro personal solo la pide si USTED nos llama.",
}
"""Letters of the GSM alphabet only, so that it is one text and not two."""
TRIES = 8
"""Tries of a text within about 25 seconds; whoever waits for it is at the end of their question by then."""
NOT_DELIVERED = ("undelivered", "failed")
CLOCK_SLACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is sent."""

    to: Ringable = field(repr=False)
    from_: str
    body: str = field(repr=False)


def send_text(services: Services, item: Row[Any]) -> None:
    """Send the code to the number that is on file now, while it can be given and somebody is there who may."""
    text = in_transaction(services, lambda work: _write_text(work, item.subject))
    if text is None:
        return
    try:
        sid = _find_earlier_text(services, text, item) or services.twilio.send_message(
            text.to, text.from_, text.body, Urls(services.settings.public_url).code(item.subject)
        )
    except PermanentFailure:
        # Refused for good, as after a STOP or by a landline: that is news of the telephone and no fault of ours.
        in_transaction(services, lambda work: note_failed(work, item.subject))
        return
    in_transaction(services, lambda work: note_sent(work, item.subject, message_sid=sid))


def give_up_text(services: Services, item: Row[Any]) -> None:
    """Let whoever waits go on, because the text cannot be sent."""
    in_transaction(services, lambda work: note_failed(work, item.subject))


def note_status(work: Work, code_id: str, message_sid: str | None, status: str | None) -> None:
    """Note how the text fares. News of another text, or of a code that is over, changes nothing."""
    if status not in NOT_DELIVERED:
        return
    this_text = or_(one_time_code.c.message_sid.is_(None), one_time_code.c.message_sid == message_sid)
    known = select(one_time_code.c.id).where(one_time_code.c.id == code_id, this_text)
    if work.connection.execute(known).first() is not None:
        note_failed(work, code_id)


def _write_text(work: Work, code_id: str) -> Text | None:
    row = find_to_send(work, code_id)
    if row is None or row.code_sealed is None:
        return None
    about = call_row(work, row.call_id)
    number = find_number(work, about, row.number_hash)
    if number is None:
        # The number on file was changed in between.
        note_failed(work, code_id)
        return None
    digits = work.services.cipher.open(row.practice_id, FIELD, name_row(one_time_code, row.id), row.code_sealed)
    body = TEXTS.get(about.language, TEXTS["en-US"]).format(practice=line_name(work, about), code=digits)
    return Text(number, newest(work).operator.outbound_number or about.dialled, body)


def _find_earlier_text(services: Services, text: Text, item: Row[Any]) -> str | None:
    """The sid of the text where an earlier try has sent it after all."""
    if item.attempts <= 1:
        return None
    sent = services.twilio.list_messages(to=text.to, since=item.created_at - CLOCK_SLACK)
    return next((message.sid for message in sent if message.body == text.body), None)
