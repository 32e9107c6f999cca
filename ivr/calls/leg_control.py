"""What the outbox has Twilio do to a leg: ring, redirect, end. Each looks first whether that has happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.calls import going_on, legs
from ivr.calls.addresses import judge_address, open_address, read_countries_abroad
from ivr.calls.configuration import call_row, pinned
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.urls import Urls
from ivr.jobs.handlers import OUTBOUND_CALLS
from ivr.jobs.tables import UNDONE, outbox
from ivr.twilio.errors import PartyGone, TemporaryFailure

STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_CALL = timedelta(hours=4)
CLOCK_SLACK = timedelta(seconds=5)
GIVEN_UP = ("canceled", "failed")
"""Ends of a leg that may have been written down without Twilio's word."""

# Other legs that Twilio was asked to ring, and what came of it is not known yet.
_IN_DOUBT = (
    select(leg.c.id, leg.c.practice_id, leg.c.address_sealed)
    .join(outbox, outbox.c.subject == leg.c.id)
    .where(
        UNDONE,
        outbox.c.kind == OUTBOUND_CALLS,
        outbox.c.attempts > 0,
        leg.c.id != bindparam("leg_id"),
        leg.c.twilio_sid.is_(None),
        leg.c.address_sealed.is_not(None),
    )
)


def dial_leg(services: Services, item: Row[Any]) -> None:
    """Ring the leg's party, unless it was rung before, is no longer wanted, or has a number that may not be rung.

    A leg that was given up may have been rung by a worker that died before it wrote that down: then its phone, which
    rings for nobody, is hung up.
    """
    wanted = in_transaction(services, lambda work: _find_wanted(work, item))
    if wanted is None:
        return
    row, to, from_, keys = wanted
    sid = _find_earlier_call(services, row, to, from_) if item.attempts > 1 else None
    if sid is None and row.state != "planned":
        return
    sid = sid or _ring(services, row, to, from_, keys)
    in_transaction(services, lambda work: _note_rung(work, row.id, sid))


def _find_wanted(work: Work, item: Row[Any]) -> tuple[Row[Any], Ringable, str, str] | None:
    """The leg to ring, its number, the number shown and the keys to send; None where there is nothing to ring."""
    row = legs.lock(work, item.subject)
    if row.twilio_sid is not None or (row.state != "planned" and item.attempts == 1):
        return None
    given_by = work.services.features.roles[row.role].number_given_by
    # Who was promised nothing urgent has no number abroad: it was judged when the promise was opened.
    abroad = read_countries_abroad(work, row.practice_id) if given_by == "caller" else ()
    to = judge_address(work, open_address(work.services.cipher, row), given_by, abroad)
    if to is None:
        _refuse_number(work, row)
        return None
    return row, to, _shown_number(work, row), _digits_to_send(work, row)


def note_dial_failed(services: Services, item: Row[Any]) -> None:
    """End the leg as failed: a number that cannot be rung counts as one that nobody answered."""
    _note_status(services, item.subject, "failed")


def _refuse_number(work: Work, row: Row[Any]) -> None:
    record(work, "alert", row.call_id, what="number-refused", leg=row.id)
    legs.note_status(work, row.id, "failed", None)


def redirect_leg(services: Services, item: Row[Any]) -> None:
    """Make Twilio fetch the leg's document, unless the conversation has gone on since.

    A party that has hung up is noted as gone. Raises TemporaryFailure where the call is not yet in progress.
    """
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
        # The last words of a leg, whose telephone call goes on in another, are fetched at the address of that leg.
        present = going_on.find_present(work, row)
        if present.state == "ended" or present.twilio_sid is None or row.step != int(item.details["step"]):
            return
        legs.set_columns(work, row.id, redirecting=row.step)
    try:
        services.twilio.redirect_call(present.twilio_sid, Urls(services.settings.public_url).document(row.id, row.step))
    except PartyGone:
        _tell_gone_from_early(services, present)


def end_leg(services: Services, item: Row[Any]) -> None:
    """End a leg. One that was never rung ends without a call.

    One that we gave up before we knew its call still has one that goes on.
    """
    row = in_transaction(services, lambda work: _cancel_unrung(work, item.subject))
    if row.twilio_sid is None or _is_over_at_twilio(row):
        return
    try:
        status = services.twilio.end_call(row.twilio_sid).status
    except PartyGone:
        status = "completed"
    # No callback tells of a call that was canceled while it was queued. (Twilio: CallStatus)
    if status in ("canceled", "completed"):
        _note_status(services, row.id, status)


def cancel_leg(services: Services, item: Row[Any]) -> None:
    """Stop the ringing of a leg, or never begin it. Whoever has answered meanwhile is not cut off.

    Except where the call is only now being made and is not known yet: the leg is over then, and so it is hung up once
    it is known, whoever picks it up in that moment.
    """
    row = in_transaction(services, lambda work: _cancel_unrung(work, item.subject))
    if row.twilio_sid is None or row.state in ("in-progress", "ended"):
        return
    try:
        services.twilio.cancel_call(row.twilio_sid)
        status = services.twilio.fetch_call(row.twilio_sid).status
    except PartyGone:
        return
    # No callback tells of a call that was canceled while it was queued. (Twilio: CallStatus)
    if status in ("canceled", "no-answer", "completed"):
        _note_status(services, row.id, status)


def _is_over_at_twilio(row: Row[Any]) -> bool:
    """Whether the leg has ended by Twilio's word. What is numbered, Twilio has told; what we gave up it never told of.

    Where the answer to our hang-up was lost, its news of the end is the answer.
    """
    return bool(row.state == "ended" and (row.ended_how not in GIVEN_UP or row.sequence >= 0))


def _note_status(services: Services, leg_id: str, status: str) -> None:
    in_transaction(services, lambda work: legs.note_status(work, leg_id, status, None))


def _note_rung(work: Work, leg_id: str, sid: str) -> None:
    """Note the call that Twilio made for the leg."""
    if legs.claim(work, leg_id, sid):
        legs.note_status(work, leg_id, "initiated", None)


def _cancel_unrung(work: Work, leg_id: str) -> Row[Any]:
    """End a leg that was never rung; the leg as it was."""
    row = legs.lock(work, leg_id)
    if row.twilio_sid is None and row.state != "ended":
        legs.note_status(work, leg_id, "canceled", None)
    return row


def _ring(services: Services, row: Row[Any], to: Ringable, from_: str, keys: str) -> str:
    urls = Urls(services.settings.public_url)
    return services.twilio.create_call(
        to=to,
        from_=from_,
        url=urls.document(row.id, row.step),
        status_callback=urls.leg_status(row.id),
        events=STATUS_EVENTS,
        timeout=row.ring_seconds,
        time_limit=int(LONGEST_CALL.total_seconds()),
        fallback_url=services.settings.fallback_url or urls.fallback(),
        send_digits=keys or None,
    )


def _find_earlier_call(services: Services, row: Row[Any], to: Ringable, from_: str) -> str | None:
    """The call of an earlier try whose answer we never got, if Twilio has one that no leg of ours claims.

    A number is not a leg: two patients share one, and one clinician is rung about two callers. Raises TemporaryFailure
    where the call may as well be that of another leg; whose it is, Twilio soon tells at that leg's own address.
    """
    # Asked for by our own number only: a patient's number must not stand in an address.
    found = services.twilio.list_calls(from_=from_, started_after=row.created_at - CLOCK_SLACK)
    with services.database.read() as connection:
        sids = [state.sid for state in found if state.to == to and not state.ended]
        claimed = set(connection.execute(select(leg.c.twilio_sid).where(leg.c.twilio_sid.in_(sids))).scalars())
        rivals = list(connection.execute(_IN_DOUBT, {"leg_id": row.id}))
    sid = next((sid for sid in sids if sid not in claimed), None)
    if sid and any(open_address(services.cipher, one) == to for one in rivals):
        raise TemporaryFailure("whose call it is cannot be told yet")
    return sid


def _tell_gone_from_early(services: Services, row: Row[Any]) -> None:
    """Note a party that is gone; raise TemporaryFailure for one that just answered. Error 21220 means either."""
    try:
        ended = services.twilio.fetch_call(row.twilio_sid).ended
    except PartyGone:
        # A call that Twilio does not know at all is in another region or account: that says nothing about the party.
        ended = False
    if not ended:
        raise TemporaryFailure("not yet in progress")
    _note_status(services, row.id, "completed")


def _shown_number(work: Work, row: Row[Any]) -> str:
    """The number that the called party sees, which it knows: that of the practice, or of the operator."""
    numbers = (call_row(work, row.call_id).dialled, pinned(work, row.call_id).operator.outbound_number)
    of_operator = work.services.features.roles[row.role].shows == "operator"
    return next(filter(None, reversed(numbers) if of_operator else numbers), "")


def _digits_to_send(work: Work, row: Row[Any]) -> str:
    """What is keyed once the party has answered."""
    return work.services.features.roles[row.role].send_digits(work, row)
