"""Asking Twilio about recordings whose news never came: Twilio tells of the end of a recording once, and not again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.lifecycles.tables import RECORDING
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, transaction
from ivr.jobs import outbox
from ivr.jobs.timers import set_timer
from ivr.recordings.capture import CHECK_AFTER, find, get, note_status
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone
from ivr.twilio.parameters import RecordingCallback

UNFINISHED = ("wanted", "running")


def check_recording(work: Work, recording_id: str) -> None:
    """Have Twilio asked how the recording stands, and ask again later until its end is known."""
    row = find(work, recording_id)
    if row is None or row.state not in UNFINISHED:
        return
    if row.twilio_sid is not None:
        outbox.put_item(
            work,
            "ask_recording",
            recording_id,
            call_id=row.call_id,
            nonce=True,
            urgency="housekeeping",
        )
    set_timer(work, "check_recording", recording_id, work.at + CHECK_AFTER, call_id=row.call_id)


def fetch_status(services: Services, item: Row[Any]) -> None:
    """Take what Twilio says as the news that was missed. A recording that Twilio does not know is absent."""
    with transaction(services) as work:
        row = get(work, item.subject)
    try:
        found = services.twilio.fetch_recording(row.twilio_sid)
    except PartyGone:
        with transaction(services) as work:
            fire(work, RECORDING, recording, row.id, "absent")
        return
    news = RecordingCallback(
        recording_sid=found.sid, status=found.status, duration=found.duration, channels=found.channels
    )
    with transaction(services) as work:
        note_status(work, row.id, news)
