"""The text of a code, and how it fares.

A text whose answer was lost is looked for in Twilio's list before it is sent again. One that cannot be sent, or is told
not to have arrived, ends the question at which its caller waits. News that never comes changes nothing: the question
ends by itself within half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from callflows.dialogues.one_time_code import UNSENT
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import AskCode
from ivr.calls import legs
from ivr.calls.configuration import call_row, line_name, newest
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.codes.audit_trail import SYSTEM, note_code
from ivr.codes.limits import alert_many_failed, take_turn_at_codes
from ivr.codes.sending import FIELD, find_phone, forget_digits, judge_number
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.cipher import name_row
from ivr.core.services import Services
from ivr.core.state_machines import fire
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
    in_transaction(services, lambda work: note_sent(work, item.subject, sid))


def give_up_text(services: Services, item: Row[Any]) -> None:
    """Let whoever waits go on, because the text cannot be sent."""
    in_transaction(services, lambda work: note_failed(work, item.subject))


def note_sent(work: Work, code_id: str, message_sid: str) -> None:
    """Note that the text has left; its digits are forgotten."""
    row = _lock_code(work, code_id)
    if row is not None:
        forget_digits(work, code_id, message_sid)
        if fire(work, ONE_TIME_CODE, one_time_code, code_id, "send"):
            note_code(work, call_row(work, row.call_id), SYSTEM, "sent", code_id)


def note_status(work: Work, code_id: str, message_sid: str | None, status: str | None) -> None:
    """Note how the text fares. News of another text, or of a code that is over, changes nothing."""
    if status not in NOT_DELIVERED:
        return
    this_text = or_(one_time_code.c.message_sid.is_(None), one_time_code.c.message_sid == message_sid)
    known = select(one_time_code.c.id).where(one_time_code.c.id == code_id, this_text)
    if work.connection.execute(known).first() is not None:
        note_failed(work, code_id)


def note_failed(work: Work, code_id: str) -> None:
    """Note that the code did not arrive, and let whoever is asked for it go on at once."""
    row = _lock_code(work, code_id)
    if row is None:
        return
    take_turn_at_codes(work, row.practice_id)
    if not fire(work, ONE_TIME_CODE, one_time_code, code_id, "fail", code_sealed=None):
        return
    record(work, "code-not-delivered", row.call_id, code=code_id)
    note_code(work, call_row(work, row.call_id), SYSTEM, "not-delivered", code_id)
    alert_many_failed(work, row.practice_id, row.call_id)
    _let_go_on(work, row)


def _note_too_late(work: Work, row: Row[Any]) -> None:
    """Let a code expire whose text has not left, and whoever waits for it go on."""
    if fire(work, ONE_TIME_CODE, one_time_code, row.id, "expire", code_sealed=None):
        _let_go_on(work, row)


def _let_go_on(work: Work, row: Row[Any]) -> None:
    for waiting in legs.list_living(work, row.call_id, "caller", "agent"):
        answer_and_redirect(work, waiting.id, UNSENT, AskCode)


def _write_text(work: Work, code_id: str) -> Text | None:
    row = _lock_code(work, code_id)
    if row is None or row.state not in USABLE or row.code_sealed is None:
        return None
    if work.at >= row.expires_at:
        _note_too_late(work, row)
        return None
    about = call_row(work, row.call_id)
    phone = find_phone(work, about)
    number = judge_number(work, phone) if phone is not None and phone.hash == row.number_hash else None
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


def _lock_code(work: Work, code_id: str) -> Row[Any] | None:
    """The code, its call being locked."""
    mine = select(one_time_code).where(one_time_code.c.id == code_id)
    row = work.connection.execute(mine).first()
    if row is None:
        return None
    legs.lock_call(work, row.call_id)
    return work.connection.execute(mine).one()
