"""Twilio Verify's codes: it draws and texts them, and tells whether one is right. No digits of one are kept here.

Verify sends the pending code of a number again when asked for another one, whichever call that is for. So what is
pending of earlier calls is cancelled first, and one that turns out to be another call's is none of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row, select

from callflows.dialogues.one_time_code import CHECKING, DIGITS, WRONG
from callflows.vocabulary import CodeChecked
from ivr.calls import legs
from ivr.calls.configuration import call_row, pinned_of
from ivr.calls.events import record
from ivr.codes.audit_trail import Asker
from ivr.codes.limits import take_turn_at_codes
from ivr.codes.numbers import find_number
from ivr.codes.outcomes import find_to_send, lock_code, note_failed, note_sent, set_columns
from ivr.codes.tables import FIELD, VALID, one_time_code
from ivr.codes.way import Way
from ivr.core.cipher import name_row
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, in_transaction
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.codes import VERIFY
from ivr.jobs import outbox
from ivr.twilio.errors import (
    MAX_CHECKS,
    MAX_SENDS,
    NOT_FOUND,
    Misconfigured,
    PartyGone,
    PermanentFailure,
    TemporaryFailure,
)

LOCALES = {"en-US": "en", "es-US": "es"}
READINGS = (2, 1, 1)
"""How many readings of what was said are checked at the first, second and third try.

Verify allows five checks in all, and after the fifth wrong one no other code for the number until ten minutes are over.
"""
OF_THE_TELEPHONE = (60200, MAX_CHECKS, MAX_SENDS, 60205, 60410)
"""Refusals that are news of the telephone: none to text, guessed at or texted too often, a landline, blocked."""
CLOCK_SLACK = timedelta(minutes=1)
TRIES = 5
"""Tries of a start. A Verify that is out of reach holds a worker up at each, for as long as a connection takes."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """A verification as it is started, once the ``earlier`` ones of its number are cancelled."""

    service: str
    to: Ringable = field(repr=False)
    locale: str
    earlier: tuple[str, ...]


def find_service(practice: PracticeFile) -> str | None:
    """The Verify service through which a practice has its codes sent; None where it has them sent by Sunline."""
    codes = practice.identity.L2
    return codes.service if codes is not None and codes.through == VERIFY else None


def start_verification(services: Services, item: Row[Any]) -> None:
    """Have Verify text a code, once: a start whose answer is lost is never repeated, and its code counts for nothing.

    Raises TemporaryFailure and Misconfigured where nothing was sent and it may be tried again.
    """
    start = in_transaction(services, lambda work: _prepare(work, item.subject))
    if start is None:
        return
    _cancel_earlier(services, start)
    if in_transaction(services, lambda work: _note_asked(work, item.subject)):
        _start(services, item.subject, start)


def _start(services: Services, code_id: str, start: Start) -> None:
    try:
        found = services.twilio.start_verification(start.service, start.to, start.locale)
    except TemporaryFailure as trouble:
        if not trouble.may_have_happened:
            in_transaction(services, lambda work: _note_not_asked(work, code_id))
            raise
        log.warning("verification_answer_lost", code=code_id, reason=trouble.reason)
        in_transaction(services, lambda work: note_failed(work, code_id))
    except Misconfigured:
        in_transaction(services, lambda work: _note_not_asked(work, code_id))
        raise
    except (PartyGone, PermanentFailure) as refusal:
        why = refusal.code
        in_transaction(services, lambda work: _note_refused(work, code_id, why))
    else:
        in_transaction(services, lambda work: _note_started(work, code_id, found.sid))


def give_up_start(services: Services, item: Row[Any]) -> None:
    """Let whoever waits go on, because no code can be sent."""
    in_transaction(services, lambda work: note_failed(work, item.subject))


def _prepare(work: Work, code_id: str) -> Start | None:
    row = find_to_send(work, code_id)
    if row is None or row.verification_sid is not None:
        return None
    about = call_row(work, row.call_id)
    number = find_number(work, about, row.number_hash)
    if number is None or row.start_asked:
        # The number on file was changed in between, or a worker vanished while it asked.
        note_failed(work, code_id)
        return None
    return Start(row.service_sid, number, LOCALES.get(about.language, LOCALES["en-US"]), _earlier(work, row))


def _earlier(work: Work, row: Row[Any]) -> tuple[str, ...]:
    """Verifications of the same number and service that may still be pending."""
    known = one_time_code.c
    same = (known.practice_id == row.practice_id) & (known.number_hash == row.number_hash)
    pending = known.verification_sid.is_not(None) & (known.made_at > work.at - VALID - CLOCK_SLACK)
    wanted = select(known.verification_sid).where(same, pending, known.service_sid == row.service_sid)
    return tuple(work.connection.execute(wanted.order_by(known.made_at, known.id)).scalars())


def _cancel_earlier(services: Services, start: Start) -> None:
    for earlier in start.earlier:
        try:
            services.twilio.cancel_verification(start.service, earlier)
        except PartyGone:
            continue


def _note_asked(work: Work, code_id: str) -> bool:
    """Write down that Verify is about to be asked; False where the code is to be sent no more, or by another worker."""
    row = find_to_send(work, code_id)
    if row is None or row.start_asked:
        return False
    set_columns(work, code_id, start_asked=True)
    return True


def _note_not_asked(work: Work, code_id: str) -> None:
    set_columns(work, code_id, start_asked=None)


def _note_started(work: Work, code_id: str, verification_sid: str) -> None:
    row = lock_code(work, code_id)
    if row is None:
        return
    take_turn_at_codes(work, row.practice_id)
    known = select(one_time_code.c.id).where(one_time_code.c.verification_sid == verification_sid)
    if work.connection.execute(known).first() is not None:
        # Verify has sent the pending code of another call again, whose start came between.
        note_failed(work, code_id)
    else:
        note_sent(work, code_id, verification_sid=verification_sid)


def _note_refused(work: Work, code_id: str, why: int | str) -> None:
    note_failed(work, code_id)
    row = lock_code(work, code_id)
    if row is not None and why not in OF_THE_TELEPHONE:
        what = "verify-service-unknown" if why == NOT_FOUND else "verify-refused"
        record(work, "alert", row.call_id, what=what, error=str(why))


def _make(work: Work, about: Row[Any], _code_id: str) -> dict[str, Any]:
    return {"code_hash": "", "service_sid": find_service(pinned_of(work, about).practice(about.practice_id))}


def _judge(work: Work, asker: Asker, row: Row[Any], codes: tuple[str, ...]) -> CodeChecked:
    """Have what was given on a leg checked by a job, while a question of its own waits for that."""
    whole = tuple(code for code in codes if len(code) == DIGITS)[: READINGS[row.wrong]]
    if not whole or row.verification_sid is None:
        return WRONG
    sealed = work.services.cipher.seal(row.practice_id, FIELD, name_row(one_time_code, row.id), " ".join(whole))
    set_columns(work, row.id, code_sealed=sealed)
    leg = legs.lock(work, asker.leg)
    tried, asked = f"{leg.id}:{leg.step}", leg.pending_key
    outbox.put_item(
        work, "check_code", row.id, call_id=row.call_id, key=tried, urgency="urgent", leg=leg.id, asked=asked
    )
    return CHECKING


def _send(work: Work, about: Row[Any], code_id: str) -> None:
    outbox.put_item(work, "start_verification", code_id, call_id=about.id, urgency="urgent")


WAY = Way(_send, _make, _judge, tells_at_once=False)
