"""A recording's way: wanted, running, announced, fetched into the vault, deleted at Twilio."""

from __future__ import annotations

import contextlib
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
from ivr.directory.revisions import load
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone, TemporaryFailure
from ivr.twilio.parameters import RecordingCallback

ACTOR = "recordings"
MEDIA_TYPE = "audio/x-wav"
CHECK_AFTER = timedelta(minutes=15)
"""How long nothing is heard of a recording before Twilio is asked how it stands."""
MESSAGE_STEP_DIGITS = 4
"""A message's recording id is the id of its leg and the step, in this many digits."""


def refuse(work: Work, leg: Row[Any], key: str, _effect: RefuseRecording) -> None:
    """The caller opted out: nothing starts a recording of this call any more."""
    asked = (call.c.id == leg.call_id) & (call.c.recording_consent == "not-asked")
    work.connection.execute(update(call).where(asked).values(recording_consent="refused"))
    record(work, "recording-refused", leg.call_id)


def want(work: Work, leg: Row[Any], key: str, _effect: StartRecording) -> None:
    """The notice was played and the caller stayed: record the leg, unless it was refused or already runs."""
    asked = (call.c.id == leg.call_id) & (call.c.recording_consent == "not-asked")
    if not work.connection.execute(update(call).where(asked).values(recording_consent="noticed")).rowcount:
        return
    recording_id = work.services.ids()
    _insert(work, recording_id, leg.call_id, "call", None)
    outbox.put(work, "start_recording", recording_id, urgency="urgent", leg=leg.id, sid=leg.twilio_sid or "")
    record(work, "recording-wanted", leg.call_id, recording=recording_id)


def start(services: Services, item: Row[Any]) -> None:
    """Ask Twilio, unless an earlier try already did."""
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


def start_failed(services: Services, item: Row[Any]) -> None:
    """The call goes on unrecorded, and somebody is told."""
    with transaction(services) as work:
        row = get(work, item.subject)
        fire(work, RECORDING, recording, item.subject, "absent")
        record(work, "alert", row.call_id, what="recording-not-started", recording=item.subject)


def message_left(work: Work, call_id: str, recording_id: str, twilio_sid: str | None) -> None:
    """A message was recorded in the call; its media may not be ready yet."""
    if find(work, recording_id) is None:
        _insert(work, recording_id, call_id, "message", twilio_sid)


def progressed(work: Work, recording_id: str, news: RecordingCallback) -> None:
    """Twilio's news of a recording: ready to fetch, or absent."""
    leg = legs.find(work, recording_id[:-MESSAGE_STEP_DIGITS])
    if leg is not None:
        # The news of a message may come before the message itself is reported.
        message_left(work, leg.call_id, recording_id, news.recording_sid)
    if find(work, recording_id) is None:
        return
    if news.status == "completed":
        known = {"duration_seconds": news.duration, "channels": news.channels}
        stamps = known | ({"twilio_sid": news.recording_sid} if news.recording_sid else {})
        fire(work, RECORDING, recording, recording_id, "completed", **stamps)
    elif news.status == "absent":
        fire(work, RECORDING, recording, recording_id, "absent")


def fetch(work: Work, recording_id: str) -> None:
    """Bring it home, trying for hours if need be."""
    outbox.put(work, "fetch_recording", recording_id, urgency="housekeeping")


def bring_home(services: Services, item: Row[Any]) -> None:
    """Stream the media straight into the encrypted store; Twilio's copy is kept until ours is verified."""
    with services.database.read() as connection:
        row = connection.execute(select(recording).where(recording.c.id == item.subject)).one()
    if row.state != "announced":
        return
    try:
        with services.twilio.recording_media(row.twilio_sid) as media:
            services.vault.ingest(
                recording_id=row.id,
                practice_id=row.practice_id,
                chunks=media,
                expected_length=media.length,
                media_type=MEDIA_TYPE,
                duration_seconds=row.duration_seconds or 0,
                channels=row.channels or 1,
                actor=ACTOR,
                at=services.clock.now(),
                keep=_keep(services, row),
            )
    except (PartyGone, TemporaryFailure) as problem:
        _note_failure(services, row, type(problem).__name__)
        raise TemporaryFailure("the media is not there yet") from problem
    with transaction(services) as work:
        fire(work, RECORDING, recording, row.id, "stored", stored_at=work.at, last_error=None)
        record(work, "recording-stored", row.call_id, recording=row.id)


def fetch_failed(services: Services, item: Row[Any]) -> None:
    """Hours of trying were in vain: Twilio still has it, and a person must look."""
    with transaction(services) as work:
        row = get(work, item.subject)
        record(work, "alert", row.call_id, what="recording-not-fetched", recording=item.subject)


def delete(work: Work, recording_id: str) -> None:
    """Ours is verified: Twilio's copy goes."""
    outbox.put(work, "delete_recording", recording_id, urgency="housekeeping")


def release(services: Services, item: Row[Any]) -> None:
    """Delete the media at Twilio; a copy that is gone already is as good."""
    with services.database.read() as connection:
        row = connection.execute(select(recording).where(recording.c.id == item.subject)).one()
    if row.state != "stored":
        return
    with contextlib.suppress(PartyGone):
        services.twilio.delete_recording(row.twilio_sid)
    with transaction(services) as work:
        fire(work, RECORDING, recording, row.id, "deleted")


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
    set_timer(work, "check_recording", recording_id, work.at + CHECK_AFTER)


def _keep(services: Services, row: Row[Any]) -> str | None:
    """The practice's own rule for its recordings; those of no practice follow the installation's for messages."""
    with services.database.read() as connection:
        practices = load(connection).practices
    held = practices.get(row.practice_id)
    return held.recording.keep if held else services.settings.retention_messages


def _note_failure(services: Services, row: Row[Any], error: str) -> None:
    with transaction(services) as work:
        tried = {"fetch_attempts": recording.c.fetch_attempts + 1, "last_error": error}
        work.connection.execute(update(recording).where(recording.c.id == row.id).values(tried))
