"""Comparing what Twilio has recorded of a call with what we expect of it, because news is told once or never.

What we expect and Twilio has is taken in as the news that was missed. What Twilio has and nobody expects is adopted, so
that it comes into custody too. What we expect and Twilio does not have, a while after the leg has ended, is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.calls import legs
from ivr.calls.tables import leg as legs_table
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer
from ivr.recordings.capture import (
    CHECK_AFTER,
    MESSAGE_CHECK_AFTER,
    OF_A_MESSAGE,
    adopt,
    find,
    find_leg_of_message,
    get,
    note_absent,
    note_status,
)
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone, TemporaryFailure
from ivr.twilio.parameters import RecordingCallback
from ivr.twilio.rest_api import RecordingState

UNFINISHED = ("wanted", "running")
SOON = timedelta(seconds=10)
"""How long after the end of a leg its news has usually come by itself."""
LOOK_EVERY = timedelta(seconds=20)
WATCHED_FOR = timedelta(minutes=5)
"""How long after the end of a leg what is missing is looked for every LOOK_EVERY, and then more patiently."""
ABSENT_AFTER = timedelta(seconds=40)
"""How long after the end of a leg Twilio's list must have a recording: a list is a little behind."""
CLOCK_SLACK = timedelta(seconds=2)
"""Twilio tells instants in whole seconds, of a clock that is not ours."""


def note_caller_gone(work: Work, leg: Row[Any]) -> None:
    """Have Twilio's list looked at soon, also where nothing is missing: there may be what nobody expects."""
    mine = select(recording).where(recording.c.call_id == leg.call_id)
    rows = work.connection.execute(mine.order_by(recording.c.wanted_at, recording.c.id)).all()
    for row in [one for one in rows if one.state in UNFINISHED] or rows[-1:]:
        set_timer(work, "check_recording", row.id, work.at + SOON, call_id=row.call_id)


def check_recording(work: Work, recording_id: str) -> None:
    """Have Twilio asked what it has recorded of the call, and again later until the end of this one is known."""
    row = find(work, recording_id)
    if row is None:
        return
    outbox.put_item(work, "ask_recording", recording_id, call_id=row.call_id, nonce=True, urgency="housekeeping")
    if row.state in UNFINISHED:
        set_timer(work, "check_recording", recording_id, work.at + _next_look(work, row), call_id=row.call_id)


def fetch_status(services: Services, item: Row[Any]) -> None:
    """Compare what Twilio has with what we expect. A look that fails is repeated by the timer that asked for it."""
    with transaction(services) as work:
        call_id = get(work, item.subject).call_id
        sids = [row.twilio_sid for row in _list_legs(work, call_id) if row.twilio_sid is not None]
    with suppress(TemporaryFailure, PartyGone):
        found = [state for sid in sids for state in services.twilio.list_recordings(sid)]
        # Another region or account has an empty list for everything. It does not know the call either.
        known = bool(found) or bool([services.twilio.fetch_call(sid) for sid in sids])

        def compare(work: Work) -> None:
            legs.lock_call(work, call_id)
            take_in(work, call_id, found, trust_gaps=known)

        in_transaction(services, compare)


def match_recordings(
    rows: Sequence[Row[Any]], found: Iterable[RecordingState], sids: Mapping[str, str | None]
) -> Iterator[tuple[RecordingState, Row[Any] | None]]:
    """Each recording that Twilio has with the row that expects it; None where nobody does. Pure.

    One without a sid expects whatever fits: of a message, the newest that was asked for, on the same leg (``sids``, by
    recording), before Twilio began to record.
    """
    named = {row.twilio_sid: row for row in rows if row.twilio_sid is not None}
    nameless = [row for row in rows if row.twilio_sid is None and row.state in UNFINISHED]
    for state in sorted(found, key=lambda one: (one.date_created is None, one.date_created, one.sid)):
        row = named.get(state.sid)
        if row is None:
            row = max((one for one in nameless if _fits(one, state, sids)), key=lambda one: one.wanted_at, default=None)
            nameless = [one for one in nameless if one is not row]
        yield state, row


def _fits(row: Row[Any], state: RecordingState, sids: Mapping[str, str | None]) -> bool:
    if (row.kind == "message") != (state.source == OF_A_MESSAGE):
        return False
    if row.kind == "message" and sids.get(row.id) != state.call_sid:
        return False
    return state.date_created is None or row.wanted_at <= state.date_created + CLOCK_SLACK


def take_in(work: Work, call_id: str, found: list[RecordingState], *, trust_gaps: bool) -> None:
    """Take Twilio's list as news: of what we expect, of what nobody did, and of what is not there."""
    rows = list(work.connection.execute(select(recording).where(recording.c.call_id == call_id)))
    sids = {row.id: _sid_of_leg(work, row) for row in rows if row.kind == "message"}
    there = set()
    for state, row in list(match_recordings(rows, found, sids)):
        if row is None and state.status == "absent":
            continue
        expected = adopt(work, call_id, state) if row is None else row
        there.add(expected.id)
        note_status(work, expected.id, _as_news(state))
    for row in rows:
        if trust_gaps and row.id not in there and row.state in UNFINISHED and _is_over(work, row):
            _give_up(work, row)


def _give_up(work: Work, row: Row[Any]) -> None:
    """Take a recording for absent, and look once more, much later, for what Twilio may have had after all."""
    note_absent(work, row)
    set_timer(work, "check_recording", row.id, work.at + CHECK_AFTER, call_id=row.call_id)


def _as_news(state: RecordingState) -> RecordingCallback:
    return RecordingCallback(
        recording_sid=state.sid, status=state.status, duration=state.duration, channels=state.channels
    )


def _next_look(work: Work, row: Row[Any]) -> timedelta:
    ended = [_since_end(work, leg) for leg in _list_legs(work, row.call_id) if leg.role == "caller"]
    if all(since < timedelta() for since in ended):
        return MESSAGE_CHECK_AFTER if row.kind == "message" else CHECK_AFTER
    return LOOK_EVERY if min(ended) < WATCHED_FOR else CHECK_AFTER


def _is_over(work: Work, row: Row[Any]) -> bool:
    return all(_since_end(work, leg) >= ABSENT_AFTER for leg in _list_legs(work, row.call_id) if leg.role == "caller")


def _since_end(work: Work, leg: Row[Any]) -> timedelta:
    """How long ago the leg ended; less than nothing where it goes on."""
    return work.at - leg.ended_at if leg.ended_at is not None else timedelta(seconds=-1)


def _sid_of_leg(work: Work, row: Row[Any]) -> str | None:
    place = find_leg_of_message(work, row.id)
    return place[0].twilio_sid if place else None


def _list_legs(work: Work, call_id: str) -> list[Row[Any]]:
    return list(work.connection.execute(select(legs_table).where(legs_table.c.call_id == call_id)))
