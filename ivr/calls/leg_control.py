"""What the outbox has Twilio do to a leg: ring, redirect, end, ask. Each looks first whether that has happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.calls import legs
from ivr.calls.addresses import FIELD, judge_address, open_address
from ivr.calls.configuration import call_row, pinned
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.jobs.handlers import OUTBOUND_CALLS
from ivr.jobs.tables import UNDONE, outbox
from ivr.jobs.timers import set_timer
from ivr.twilio.errors import PartyGone, TemporaryFailure

STATUS_EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_CALL = timedelta(hours=4)
CLOCK_SLACK = timedelta(seconds=5)

# Other legs that Twilio was asked to ring, and what came of it is not known yet.
_IN_DOUBT = (
    select(leg.c.practice_id, leg.c.address_sealed)
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
    """Ring the leg's party, unless it was rung before, is no longer wanted, or has a number that may not be rung."""
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
        if row.state != "planned" or row.twilio_sid is not None:
            return
        to = judge_address(work, open_address(work, row), work.services.features.roles[row.role].number_given_by)
        if to is None:
            _refuse_number(work, row)
            return
        from_, keys = _shown_number(work, row), _digits_to_send(work, row)
    sid = _find_earlier_call(services, row, to, from_) if item.attempts > 1 else None
    sid = sid or _ring(services, row, to, from_, keys)
    with transaction(services) as work:
        unwanted = legs.lock(work, row.id).state == "ended"
        legs.set_columns(work, row.id, twilio_sid=sid)
        if unwanted:
            legs.enqueue_hang_up(work, row.id)
        else:
            legs.note_status(work, row.id, "initiated", None)


def note_dial_failed(services: Services, item: Row[Any]) -> None:
    """End the leg as failed: a number that cannot be rung counts as one that nobody answered."""
    with transaction(services) as work:
        legs.note_status(work, item.subject, "failed", None)


def _refuse_number(work: Work, row: Row[Any]) -> None:
    record(work, "alert", row.call_id, what="number-refused", leg=row.id)
    legs.note_status(work, row.id, "failed", None)


def redirect_leg(services: Services, item: Row[Any]) -> None:
    """Make Twilio fetch the leg's document, unless the conversation has gone on since.

    A party that has hung up is noted as gone. Raises TemporaryFailure where the call is not yet in progress.
    """
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
        if row.state == "ended" or row.twilio_sid is None or row.step != int(item.details["step"]):
            return
        legs.set_columns(work, row.id, redirecting=row.step)
    try:
        services.twilio.redirect_call(row.twilio_sid, Urls(services.settings.public_url).document(row.id, row.step))
    except PartyGone:
        _tell_gone_from_early(services, row)


def end_leg(services: Services, item: Row[Any]) -> None:
    """End a leg. One that was never rung ends without a call."""
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
        if row.twilio_sid is None and row.state != "ended":
            legs.note_status(work, row.id, "canceled", None)
    if row.twilio_sid is None or row.state == "ended":
        return
    try:
        status = services.twilio.end_call(row.twilio_sid).status
    except PartyGone:
        status = "completed"
    # No callback tells of a call that was canceled while it was queued. (Twilio: CallStatus)
    if status in ("canceled", "completed"):
        with transaction(services) as work:
            legs.note_status(work, row.id, status, None)


def check_leg(work: Work, leg_id: str) -> None:
    """Have Twilio asked about a leg of which nothing was heard for long, and ask again until it has ended."""
    row = legs.lock(work, leg_id)
    if row.state != "ended":
        legs.request_status(work, leg_id)
        set_timer(work, "check_leg", leg_id, work.at + legs.CHECK_AFTER, call_id=row.call_id)


def fetch_status(services: Services, item: Row[Any]) -> None:
    """Fetch the leg's state from Twilio and take it as news."""
    with transaction(services) as work:
        row = legs.lock(work, item.subject)
    if row.state == "ended" or row.twilio_sid is None:
        return
    try:
        status = services.twilio.fetch_call(row.twilio_sid).status
    except PartyGone:
        # In another region or account no call of ours is known. After the longest call there is, it is over anyway.
        if services.clock.now() - row.created_at < LONGEST_CALL:
            return
        status = "completed"
    with transaction(services) as work:
        legs.note_status(work, row.id, status, None)


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
    if sid and any(services.cipher.open(one.practice_id, FIELD, one.address_sealed) == to for one in rivals):
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
    with transaction(services) as work:
        legs.note_status(work, row.id, "completed", None)


def _shown_number(work: Work, row: Row[Any]) -> str:
    """The number that the called party sees, which it knows: that of the practice, or of the operator."""
    numbers = (call_row(work, row.call_id).dialled, pinned(work, row.call_id).operator.outbound_number)
    of_operator = work.services.features.roles[row.role].shows == "operator"
    return next(filter(None, reversed(numbers) if of_operator else numbers), "")


def _digits_to_send(work: Work, row: Row[Any]) -> str:
    """What is keyed once the party has answered."""
    return work.services.features.roles[row.role].send_digits(work, row)
