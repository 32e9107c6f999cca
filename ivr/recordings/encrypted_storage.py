"""How a recording gets encrypted: its media goes from Twilio into the vault, and Twilio's copy is deleted.

The vault encrypts each recording with a key of its own (``recordings_vault/encryption.py``).
"""

from __future__ import annotations

import contextlib
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import PROVIDER_DELETED, RECORDING
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, transaction
from ivr.directory.revisions import load
from ivr.jobs import outbox
from ivr.recordings.capture import get
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone, TemporaryFailure

ACTOR = "recordings"
MEDIA_TYPE = "audio/x-wav"


def enqueue_fetch(work: Work, recording_id: str) -> None:
    """Have the media fetched. The outbox tries for hours."""
    call_id = get(work, recording_id).call_id
    outbox.put_item(work, "fetch_recording", recording_id, call_id=call_id, urgency="housekeeping")


def fetch(services: Services, item: Row[Any]) -> None:
    """Stream the media from Twilio into the encrypted store. Nothing unencrypted is written on the way.

    Twilio's copy stays until ours is verified. Raises TemporaryFailure while the media is not there yet.
    """
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
                keep=_retention_rule(services, row),
            )
    except (PartyGone, TemporaryFailure) as problem:
        _note_failure(services, row, type(problem).__name__)
        raise TemporaryFailure("the media is not there yet") from problem
    with transaction(services) as work:
        fire(work, RECORDING, recording, row.id, "stored", stored_at=work.at, last_error=None)
        record(work, "recording-stored", row.call_id, recording=row.id)


def alert_fetch_failed(services: Services, item: Row[Any]) -> None:
    """Alert a supervisor: hours of trying were in vain, and Twilio still has the media."""
    with transaction(services) as work:
        row = get(work, item.subject)
        record(work, "alert", row.call_id, what="recording-not-fetched", recording=item.subject)


def enqueue_delete(work: Work, recording_id: str) -> None:
    """Have Twilio's copy deleted, now that ours is verified."""
    call_id = get(work, recording_id).call_id
    outbox.put_item(work, "delete_recording", recording_id, call_id=call_id, urgency="housekeeping")


def delete_at_provider(services: Services, item: Row[Any]) -> None:
    """Delete Twilio's copy. It is no failure that the copy is gone already."""
    with services.database.read() as connection:
        row = connection.execute(select(recording).where(recording.c.id == item.subject)).one()
    # One that was deleted before is on Twilio's list again where Twilio never did it, or another region answered.
    if row.state not in ("stored", PROVIDER_DELETED):
        return
    with contextlib.suppress(PartyGone):
        if item.attempts > 1:
            # The answer to an earlier try may be all that was lost: what is gone need not be deleted again.
            services.twilio.fetch_recording(row.twilio_sid)
        services.twilio.delete_recording(row.twilio_sid)
    with transaction(services) as work:
        fire(work, RECORDING, recording, row.id, "deleted")


def _retention_rule(services: Services, row: Row[Any]) -> str:
    """How long it is kept: a message by the operator's rule, a call by that of the practice that owns it."""
    with services.database.read() as connection:
        held = load(connection).practices.get(row.practice_id)
    own = None if row.kind == "message" or held is None else held.recording.keep
    return own or services.settings.retention_messages


def _note_failure(services: Services, row: Row[Any], error: str) -> None:
    with transaction(services) as work:
        tried = {"fetch_attempts": recording.c.fetch_attempts + 1, "last_error": error}
        work.connection.execute(update(recording).where(recording.c.id == row.id).values(tried))
