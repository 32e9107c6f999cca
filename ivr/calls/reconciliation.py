"""Comparing the calls that Twilio has with the legs that we expect, because news of a leg is told once or never.

Whichever leg is late first has Twilio asked about all of them. What Twilio says is taken as the news that was missed.
"""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import Row, select

from callflows.lifecycles.tables import LEG
from ivr.calls import leg_control, legs
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.jobs import outbox
from ivr.jobs.timers import postpone_timers, set_timer
from ivr.twilio.errors import Misconfigured, PartyGone, PermanentFailure, TemporaryFailure

FEW = 4
"""Legs that are asked about one by one rather than by lists of everything that the account does."""

log = structlog.get_logger(__name__)


def check_leg(work: Work, leg_id: str) -> None:
    """Have Twilio asked, because nothing was heard of this leg for long, and ask again until it has ended."""
    row = legs.lock(work, leg_id)
    if row.state == "ended":
        return
    if not outbox.is_kind_waiting(work, "ask_leg"):
        legs.request_status(work, leg_id)
    set_timer(work, "check_leg", leg_id, work.at + legs.LATE_AFTER, call_id=row.call_id)


def look_at_calls(services: Services, _item: Row[Any]) -> None:
    """Take what Twilio says of every leg as news. A look that fails is repeated by the timer that asked for it."""
    try:
        _look(services)
    except (TemporaryFailure, Misconfigured) as problem:
        log.info("look_at_calls_failed", error=type(problem).__name__)


def _look(services: Services) -> None:
    living = _list_living(services)
    listed = services.twilio.list_living_calls() if len(living) > FEW else []
    known = {state.sid: state.status for state in listed}
    for row in living:
        try:
            status = known.get(row.twilio_sid) or _fetch_status(services, row)
        except (TemporaryFailure, PermanentFailure) as problem:
            log.info("look_at_call_failed", leg=row.id, error=type(problem).__name__)
            continue  # the others are looked at all the same
        if status is not None:
            _take_in(services, row, status)
    with transaction(services) as work:
        # Nobody is late any more: all have just been looked at, or are tried again then.
        postpone_timers(work, "check_leg", work.at + legs.LATE_AFTER)


def _list_living(services: Services) -> list[Row[Any]]:
    with services.database.read() as connection:
        rung = (leg.c.state != "ended") & leg.c.twilio_sid.is_not(None)
        return list(connection.execute(select(leg).where(rung)))


def _fetch_status(services: Services, row: Row[Any]) -> str | None:
    """How a leg stands that is in no list, or one of a few; None where nothing can be said."""
    try:
        return services.twilio.fetch_call(row.twilio_sid).status
    except PartyGone:
        # In another region or account no call of ours is known. After the longest call there is, it is over anyway.
        return "completed" if services.clock.now() - row.created_at >= leg_control.LONGEST_CALL else None


def _take_in(services: Services, row: Row[Any], status: str) -> None:
    """Note the status where it is news."""
    event = legs.STATUS_EVENTS.get(status)
    if event and LEG.move(row.state, event) is not None:
        in_transaction(services, lambda work: legs.note_status(work, row.id, status, None))
