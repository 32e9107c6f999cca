"""Finding the calls that Twilio has and no leg of ours: those that never reached us, and those that we lost.

Every half minute the account's calls are compared with our legs. What is to be done with each that is nobody's,
``found_calls`` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.exc import IntegrityError

from ivr.calls import incoming_calls, legs
from ivr.calls.addresses import open_address
from ivr.calls.events import record
from ivr.calls.found_calls import Incoming, RungLeg, judge_incoming, judge_outgoing, point_at
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.core.urls import Urls
from ivr.directory.organisation import Organisation
from ivr.directory.own_lines import own_lines
from ivr.directory.revisions import current, load
from ivr.jobs import outbox
from ivr.jobs.handlers import OUTBOUND_CALLS
from ivr.jobs.tables import outbox as items
from ivr.twilio.errors import PartyGone
from ivr.twilio.parameters import VoiceRequest
from ivr.twilio.rest_api import CallState

EVERY = timedelta(seconds=30)
OVERLAP = timedelta(minutes=3)
"""How far a look goes back behind the one before: what was too young then is old enough now."""
LONGEST_BACK = timedelta(hours=4)
"""How far a look goes back after nobody looked for long. Who called before is on the bill of the account only."""
ALERTS = {"missed": "call-missed", "at-fallback": "call-at-fallback", "take-over": "call-taken-over"}
AT_ONCE = 500
"""Calls that are looked for among our legs by one statement."""
LONGEST_IN_LANE = timedelta(minutes=15)
"""How long after its leg was wanted a call may be made, behind others in the outbound lane."""

_RUNG = (
    select(
        leg.c.id,
        leg.c.call_id,
        leg.c.practice_id,
        leg.c.address_sealed,
        leg.c.twilio_sid,
        leg.c.state,
        leg.c.created_at,
        items.c.done_at,
    )
    .join(items, items.c.subject == leg.c.id)
    .where(
        items.c.kind == OUTBOUND_CALLS,
        items.c.attempts > 0,
        leg.c.created_at >= bindparam("since"),
        leg.c.address_sealed.is_not(None),
    )
    .order_by(leg.c.created_at, leg.c.id)
)


def compare_calls(services: Services, looked_at: str) -> str:
    """Compare the calls of the account with our legs. ``looked_at`` is when that was done last; returns the present.

    Asks Twilio for four lists, and for its numbers where a call to us is nobody's.
    """
    at = services.clock.now()
    found = _list_calls(services, _look_back_to(at, looked_at))
    lost = _list_unknown(services, found)
    with services.database.read() as connection:
        organisation = load(connection) if current(connection) is not None else None
    if organisation is not None and lost:
        _take_in_incoming(services, organisation, [one for one in lost if one.direction == "inbound"], found)
        made = [one for one in lost if one.direction == "outbound-api" and not one.ended]
        _settle_outgoing(services, [one for one in made if one.from_ in own_lines(organisation)])
    return at.isoformat()


def _look_back_to(at: datetime, looked_at: str) -> datetime:
    last = datetime.fromisoformat(looked_at) if looked_at else at
    # A clock that was set back since then has looked at what is still to come.
    return max(min(last, at) - OVERLAP, at - LONGEST_BACK)


def _list_calls(services: Services, since: datetime) -> dict[str, CallState]:
    """The living and the recent calls by sid; where both lists have one, as the later list has it."""
    listed = (*services.twilio.list_recent_calls(since), *services.twilio.list_living_calls())
    return {state.sid: state for state in listed}


def _list_unknown(services: Services, found: Mapping[str, CallState]) -> list[CallState]:
    """Those that no leg has. The legs are read after the lists, so that a call which was just made has its leg."""
    sids, known = list(found), set[str]()
    with services.database.read() as connection:
        for first in range(0, len(sids), AT_ONCE):
            some = leg.c.twilio_sid.in_(sids[first : first + AT_ONCE])
            known.update(connection.execute(select(leg.c.twilio_sid).where(some)).scalars())
    return [state for sid, state in found.items() if sid not in known]


def _take_in_incoming(
    services: Services, organisation: Organisation, lost: Sequence[CallState], found: Mapping[str, CallState]
) -> None:
    to_us = [one for one in lost if one.to in organisation.numbers]
    if not to_us:
        return
    ours = point_at(services.twilio.list_numbers(), Urls(services.settings.public_url).incoming())
    parents = {one.parent_call_sid for one in found.values() if one.parent_call_sid and not one.ended}
    for one in to_us:
        verdict = judge_incoming(one, services.clock.now(), ours.get(one.to or ""), parents)
        if verdict in ALERTS:
            with suppress(IntegrityError):  # its first webhook came at this very moment
                in_transaction(services, partial(_take_in, call=one, verdict=verdict))


def _take_in(work: Work, call: CallState, verdict: Incoming) -> None:
    """Open the call, so that it is on the list of calls with the number to ring back, and alert supervisors.

    Nobody is taken from a person whom the fallback document has connected; whoever is with nobody is brought to us.
    """
    if legs.find_by_sid(work, call.sid) is not None:
        return
    leg_id = incoming_calls.open_call(work, VoiceRequest(call_sid=call.sid, from_=call.from_, to=call.to))
    row = legs.lock(work, leg_id)
    record(work, "alert", row.call_id, what=ALERTS[verdict])
    if verdict == "missed":
        legs.note_status(work, leg_id, call.status, None)
    elif verdict == "take-over":
        legs.enqueue_redirect(work, leg_id, row.step)


def _settle_outgoing(services: Services, lost: Sequence[CallState]) -> None:
    if not lost:
        return
    rung = list(_list_rung(services, min((one.date_created for one in lost if one.date_created), default=None)))
    for one in lost:
        verdict, made_for = judge_outgoing(one, rung)
        if made_for is not None:
            act = _adopt if verdict == "adopt" else _hang_up
            in_transaction(services, partial(act, call=one, made_for=made_for))


def _list_rung(services: Services, oldest: datetime | None) -> Iterator[RungLeg]:
    """The legs that Twilio was asked to ring, among them those that were wanted a while before the ``oldest`` call."""
    if oldest is None:
        return
    with services.database.read() as connection:
        rows = list(connection.execute(_RUNG, {"since": oldest - LONGEST_IN_LANE}))
    for row in rows:
        yield RungLeg(
            leg_id=row.id,
            call_id=row.call_id,
            to=open_address(services.cipher, row),
            since=row.created_at,
            until=row.done_at,
            claimed=row.twilio_sid is not None,
            ended=row.state == "ended",
        )


def _adopt(work: Work, call: CallState, made_for: RungLeg) -> None:
    """Give the call to the leg that still wants it. How it stands, the next look at the leg tells."""
    row = legs.lock(work, made_for.leg_id)
    if row.twilio_sid is not None or legs.find_by_sid(work, call.sid) is not None:
        return
    legs.claim(work, row.id, call.sid)
    record(work, "call-adopted", row.call_id, leg=row.id)
    legs.request_status(work, row.id)


def _hang_up(work: Work, call: CallState, made_for: RungLeg) -> None:
    legs.lock_call(work, made_for.call_id)
    if legs.find_by_sid(work, call.sid) is not None or outbox.was_put(work, "end_lost_call", call.sid):
        return
    outbox.put_item(work, "end_lost_call", call.sid, call_id=made_for.call_id, urgency="emergent")
    record(work, "lost-call-ended", made_for.call_id, leg=made_for.leg_id)


def end_lost_call(services: Services, item: Row[Any]) -> None:
    """Hang up a call that was made for a leg which has another one, or none any more."""
    with services.database.read() as connection:
        if connection.execute(select(leg.c.id).where(leg.c.twilio_sid == item.subject)).first() is not None:
            return
    with suppress(PartyGone):
        services.twilio.end_call(item.subject)
