"""Capturing recordings: consent, the start at Twilio, messages, and Twilio's news of how a recording stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import RECORDING
from callflows.vocabulary import RefuseRecording, StartRecording
from ivr.calls import legs
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

CHECK_AFTER = timedelta(minutes=15)
"""How long nothing is heard of a recording before Twilio is asked how it stands."""


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
    sid = item.details["sid"]
    try:
        running = services.twilio.list_recordings(sid) if item.attempts > 1 else []
        found = next((one.sid for one in running if one.status in ("in-progress", "paused")), None)
        url = Urls(services.settings.public_url).recording(item.subject)
        started = found or services.twilio.start_recording(sid, url)
    except PartyGone:
        with transaction(services) as work:
            fire(work, RECORDING, recording, item.subject, "absent")
        return
    with transaction(services) as work:
        work.connection.execute(update(recording).where(recording.c.id == item.subject).values(twilio_sid=started))
        fire(work, RECORDING, recording, item.subject, "started")


def note_start_failed(services: Services, item: Row[Any]) -> None:
    """Alert a supervisor: the call goes on unrecorded."""
    with transaction(services) as work:
        row = get(work, item.subject)
        fire(work, RECORDING, recording, item.subject, "absent")
        record(work, "alert", row.call_id, what="recording-not-started", recording=item.subject)


def note_message(work: Work, call_id: str, recording_id: str, twilio_sid: str | None) -> None:
    """Insert the recording of a message, once. Its media may not be ready yet."""
    if find(work, recording_id) is None:
        _insert(work, recording_id, call_id, "message", twilio_sid)


def may_be(work: Work, recording_id: str, news: RecordingCallback) -> bool:
    """Whether news is about this recording: of its call, and of what it is at Twilio where that is known."""
    row, leg = find(work, recording_id), legs.find_by_sid(work, news.call_sid or "")
    if row is None or leg is None:
        return row is None
    return row.call_id == leg.call_id and row.twilio_sid in (None, news.recording_sid)


def note_status(work: Work, recording_id: str, news: RecordingCallback) -> None:
    """Note Twilio's news of a recording: its media is ready to fetch, or there is none."""
    if find(work, recording_id) is None and not _note_unreported_message(work, recording_id, news):
        return
    if news.status == "completed":
        known = {"duration_seconds": news.duration, "channels": news.channels}
        stamps = known | ({"twilio_sid": news.recording_sid} if news.recording_sid else {})
        fire(work, RECORDING, recording, recording_id, "completed", **stamps)
    elif news.status == "absent":
        fire(work, RECORDING, recording, recording_id, "absent")


def message_id(leg_id: str, step: int) -> str:
    """The recording id of the message left at a step of a leg: the same however often Twilio tells us of it."""
    return f"{leg_id}{step:04d}"


def _note_unreported_message(work: Work, recording_id: str, news: RecordingCallback) -> bool:
    """Insert the message that this news is the first of; False where it is of no message of the leg that Twilio names.

    News of a message may come before the message itself is reported. News of a recorded call always finds its row,
    which is written before Twilio is asked to record. ``recording.kind`` tells the two apart from then on.
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
    set_timer(work, "check_recording", recording_id, work.at + CHECK_AFTER, call_id=call_id)
