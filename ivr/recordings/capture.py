"""Capturing recordings: consent, the start at Twilio, messages, and Twilio's news of how a recording stands.

Every recording is a row before Twilio is asked for it. Its news may never come, or come when nobody is there to take
it, and what Twilio has made without our knowing would stay there for ever.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import RECORDING
from callflows.vocabulary import LeaveMessage, MessageLeft, RefuseRecording, StartRecording
from ivr.calls import conversation, leg_lifecycle, legs, log
from ivr.calls.configuration import call_row
from ivr.calls.events import record
from ivr.calls.tables import call
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, transaction
from ivr.core.urls import Urls
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone
from ivr.twilio.parameters import RecordingCallback
from ivr.twilio.rest_api import RecordingState

CHECK_AFTER = timedelta(minutes=15)
"""How long nothing is heard of the recording of a call that goes on before Twilio is asked how it stands."""
MESSAGE_CHECK_AFTER = timedelta(minutes=1)
"""The same for a message, which is longer only where somebody has a lot to say."""
OF_A_MESSAGE = "RecordVerb"
"""Twilio's word for where a message comes from."""


def refuse_recording(work: Work, leg: Row[Any], key: str, _effect: RefuseRecording) -> None:
    """Note that the caller refused to be recorded. Nothing starts a recording of this call any more."""
    asked = (call.c.id == leg.call_id) & (call.c.recording_consent == "not-asked")
    work.connection.execute(update(call).where(asked).values(recording_consent="refused"))
    record(work, "recording-refused", leg.call_id)


def enqueue_start(work: Work, leg: Row[Any], key: str, _effect: StartRecording) -> None:
    """Have the leg recorded, now that the notice was played and the caller stayed.

    Does nothing where the caller has refused, or where a recording was started before.
    """
    asked = (call.c.id == leg.call_id) & (call.c.recording_consent == "not-asked")
    if not work.connection.execute(update(call).where(asked).values(recording_consent="noticed")).rowcount:
        return
    recording_id = work.services.ids()
    _insert(work, recording_id, leg.call_id, "call", None)
    about = {"leg": leg.id, "sid": leg.twilio_sid or ""}
    outbox.put_item(work, "start_recording", recording_id, call_id=leg.call_id, urgency="urgent", **about)
    record(work, "recording-wanted", leg.call_id, recording=recording_id)


def start(services: Services, item: Row[Any]) -> None:
    """Start the recording at Twilio, unless an earlier try already did."""
    with services.database.read() as connection:
        state = connection.execute(select(recording.c.state).where(recording.c.id == item.subject)).scalar_one()
    if state != RECORDING.begins:
        return
    sid = item.details["sid"]
    try:
        started = _find_started(services, sid) if item.attempts > 1 else None
        url = Urls(services.settings.public_url).recording(item.subject)
        started = started or services.twilio.start_recording(sid, url)
    except PartyGone:
        with transaction(services) as work:
            fire(work, RECORDING, recording, item.subject, "absent")
        return
    with transaction(services) as work:
        fire(work, RECORDING, recording, item.subject, "started", twilio_sid=started)


def _find_started(services: Services, sid: str) -> str | None:
    """What an earlier try has started, running or over by now: a call is recorded once, messages apart."""
    found = services.twilio.list_recordings(sid)
    return next((one.sid for one in found if one.source != OF_A_MESSAGE and one.status != "absent"), None)


def note_start_failed(services: Services, item: Row[Any]) -> None:
    """Alert a supervisor: the call goes on unrecorded."""
    with transaction(services) as work:
        row = get(work, item.subject)
        fire(work, RECORDING, recording, item.subject, "absent")
        record(work, "alert", row.call_id, what="recording-not-started", recording=item.subject)


def expect_message(work: Work, leg: Row[Any]) -> None:
    """Insert the row of the message that the caller is about to be asked for, once."""
    note_message(work, leg.call_id, message_id(leg.id, leg.step), None)


def note_message(work: Work, call_id: str, recording_id: str, twilio_sid: str | None) -> None:
    """Note what Twilio calls the recording of a message. Its media may not be ready yet."""
    if find(work, recording_id) is None:
        _insert(work, recording_id, call_id, "message", twilio_sid)
    elif twilio_sid is not None:
        unknown = (recording.c.id == recording_id) & recording.c.twilio_sid.is_(None)
        work.connection.execute(update(recording).where(unknown).values(twilio_sid=twilio_sid))


def adopt(work: Work, call_id: str, found: RecordingState) -> Row[Any]:
    """Insert a row for what Twilio has of a call and nobody expected, so that it comes into custody too; the row."""
    recording_id = work.services.ids()
    _insert(work, recording_id, call_id, "message" if found.source == OF_A_MESSAGE else "call", found.sid)
    record(work, "recording-adopted", call_id, recording=recording_id)
    return get(work, recording_id)


def may_be(work: Work, recording_id: str, news: RecordingCallback) -> bool:
    """Whether news is about this recording: of its call, and of what it is at Twilio where that is known."""
    row, leg = find(work, recording_id), legs.find_by_sid(work, news.call_sid or "")
    if row is None or leg is None:
        return row is None
    return row.call_id == leg.call_id and row.twilio_sid in (None, news.recording_sid)


def note_status(work: Work, recording_id: str, news: RecordingCallback) -> None:
    """Note Twilio's news of a recording: it runs, its media is ready to fetch, or there is none."""
    if find(work, recording_id) is None and not _note_unreported_message(work, recording_id, news):
        return
    # The call before its recording, in the order in which whoever answers the call locks them.
    legs.lock_call(work, get(work, recording_id).call_id)
    named = {"twilio_sid": news.recording_sid} if news.recording_sid else {}
    if news.status in ("in-progress", "paused"):
        fire(work, RECORDING, recording, recording_id, "started", **named)
    elif news.status == "completed":
        known = {"duration_seconds": news.duration, "channels": news.channels}
        if fire(work, RECORDING, recording, recording_id, "completed", **known, **named):
            _tell_of_message(work, get(work, recording_id))
    elif news.status == "absent":
        note_absent(work, get(work, recording_id))


def note_absent(work: Work, row: Row[Any]) -> None:
    """Note that there is no such recording. A caller who hung up in a message has left none."""
    place = find_leg_of_message(work, row.id) if row.kind == "message" else None
    if fire(work, RECORDING, recording, row.id, "absent") and place is not None and _is_being_left(*place):
        _end_if_gone(work, place[0])


def message_id(leg_id: str, step: int) -> str:
    """The recording id of the message left at a step of a leg: the same however often Twilio tells us of it."""
    return f"{leg_id}{step:0{STEP_DIGITS}d}"


STEP_DIGITS = 4


def find_leg_of_message(work: Work, recording_id: str) -> tuple[Row[Any], int] | None:
    """The leg and the step that a message was left at; None for a recording that was adopted."""
    step = recording_id[-STEP_DIGITS:]
    leg = legs.find(work, recording_id[:-STEP_DIGITS])
    return (leg, int(step)) if leg is not None and step.isdecimal() else None


def _tell_of_message(work: Work, row: Row[Any]) -> None:
    """Let the conversation know that the message was left, if Twilio's own report of it was lost.

    Otherwise nobody would be promised an answer. Where the conversation went on without it, supervisors are alerted.
    """
    place = find_leg_of_message(work, row.id) if row.kind == "message" else None
    if place is not None and _is_being_left(*place):
        conversation.answer_step(work, place[0].id, place[1], MessageLeft(row.id, row.duration_seconds or 0))
    if place is not None:
        _end_if_gone(work, place[0])
    if row.kind == "message" and not (place and isinstance(log.find_answer(work, *place), MessageLeft)):
        record(work, "alert", row.call_id, what="message-found-late", recording=row.id)


def _is_being_left(leg: Row[Any], step: int) -> bool:
    """Whether the conversation still waits for the message of ``step``."""
    return bool(leg.step == step and leg.pending_kind == LeaveMessage.__name__)


def _end_if_gone(work: Work, leg: Row[Any]) -> None:
    if leg.state == "ended":
        leg_lifecycle.end_unreported_message(work, leg.id)


def _note_unreported_message(work: Work, recording_id: str, news: RecordingCallback) -> bool:
    """Insert the message that this news is the first of; False where it is of no message of the leg that Twilio names.

    The version before this one writes no row before it asks for a message, and may have asked for this one.
    """
    leg = legs.find_by_sid(work, news.call_sid) if news.call_sid else None
    if leg is None or recording_id not in {message_id(leg.id, step) for step in range(leg.step + 1)}:
        return False
    note_message(work, leg.call_id, recording_id, news.recording_sid)
    return True


def find(work: Work, recording_id: str) -> Row[Any] | None:
    """The recording, or None."""
    return work.connection.execute(select(recording).where(recording.c.id == recording_id)).first()


def get(work: Work, recording_id: str) -> Row[Any]:
    """The recording."""
    return work.connection.execute(select(recording).where(recording.c.id == recording_id)).one()


def _insert(work: Work, recording_id: str, call_id: str, kind: str, twilio_sid: str | None) -> None:
    work.connection.execute(
        insert(recording).values(
            id=recording_id,
            call_id=call_id,
            practice_id=call_row(work, call_id).practice_id,
            twilio_sid=twilio_sid,
            kind=kind,
            state=RECORDING.begins,
            fetch_attempts=0,
            wanted_at=work.at,
        )
    )
    first_look = MESSAGE_CHECK_AFTER if kind == "message" else CHECK_AFTER
    set_timer(work, "check_recording", recording_id, work.at + first_look, call_id=call_id)
