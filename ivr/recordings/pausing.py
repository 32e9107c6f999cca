"""Pausing the recording of a call while somebody is heard who was not told of it, a help line, and while a code is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, select

from callflows.lifecycles.tables import RECORDING
from callflows.vocabulary import UNRECORDED, PauseRecording, ResumeRecording
from ivr.calls.tables import leg as legs_table
from ivr.core.services import Services
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox
from ivr.recordings.tables import recording
from ivr.twilio.errors import PartyGone, TemporaryFailure

LOOKS = range(4)
"""So often what is so is looked at for one item."""


def enqueue(work: Work, leg: Row[Any], key: str, _effect: PauseRecording | ResumeRecording) -> None:
    """Have Twilio told to pause or resume, where this call is recorded."""
    ours = select(recording.c.id).where(
        recording.c.call_id == leg.call_id,
        recording.c.kind == "call",
        recording.c.state.in_((RECORDING.begins, "running")),
    )
    for recording_id in work.connection.execute(ours).scalars():
        about = {"leg": leg.id, "sid": leg.twilio_sid or ""}
        outbox.put_item(
            work, "pause_recording", recording_id, call_id=leg.call_id, nonce=True, urgency="emergent", **about
        )


def pause_or_resume(services: Services, item: Row[Any]) -> None:
    """Pause while the caller is on a help line or is asked for a code, and resume otherwise.

    What is so now counts, not which item this is. Items may come twice, out of order and at the same time: whoever has
    told Twilio looks again, because the caller may have moved on meanwhile and another's word may have come there
    first. Raises TemporaryFailure while the recording has not begun at Twilio, or where the caller moves on faster than
    Twilio is told.
    """
    told: Callable[[str, str], None] | None = None
    for _ in LOOKS:
        steer, recording_sid = _find_what_is_so(services, item)
        if steer is None or steer == told:
            return
        told = steer
        with suppress(PartyGone):
            steer(item.details["sid"], recording_sid)
    raise TemporaryFailure("the caller moves on faster than Twilio is told")


def _find_what_is_so(services: Services, item: Row[Any]) -> tuple[Callable[[str, str], None] | None, str]:
    """What Twilio is to be told of which recording; nothing of one that is over."""
    with services.database.read() as connection:
        found = connection.execute(
            select(recording.c.state, recording.c.twilio_sid).where(recording.c.id == item.subject)
        ).one()
        pending = connection.execute(
            select(legs_table.c.pending_kind).where(legs_table.c.id == item.details["leg"])
        ).scalar()
    if found.state == RECORDING.begins:
        raise TemporaryFailure("the recording has not begun")
    if found.state != "running":
        return None, ""
    unrecorded = pending in [kind.__name__ for kind in UNRECORDED]
    return services.twilio.pause_recording if unrecorded else services.twilio.resume_recording, found.twilio_sid
