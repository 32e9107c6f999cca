"""Recordings of calls (Twilio: "Recordings resource", "Call Recordings subresource")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.twilio.rest_api.connection import Connection
from ivr.twilio.rest_api.identifiers import sid
from ivr.twilio.rest_api.media import Media
from ivr.twilio.rest_api.states import RecordingState, recording_state

LARGEST_PAGE = 1000
MOST_LISTED = 2 * LARGEST_PAGE


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recordings of the account, the newest first; ``more`` where there may be older ones."""

    recordings: tuple[RecordingState, ...]
    more: bool


class Recordings:
    """Recording a call and bringing the recording home."""

    _account: Any
    _connection: Connection
    _media_base: str

    def start_recording(self, call_sid: str, callback_url: str) -> str:
        """Record both sides of a call in progress, a channel each, untrimmed; returns the recording's sid."""
        created = self._account.calls(sid("CA", call_sid)).recordings.create(
            recording_channels="dual",
            recording_track="both",
            trim="do-not-trim",
            recording_status_callback=callback_url,
            recording_status_callback_method="POST",
            recording_status_callback_event=["in-progress completed absent"],
        )
        return str(created.sid)

    def pause_recording(self, call_sid: str, recording_sid: str) -> None:
        """Record silence until resumed, so that times in the recording stay true."""
        self._steer(call_sid, recording_sid, status="paused", pause_behavior="silence")

    def resume_recording(self, call_sid: str, recording_sid: str) -> None:
        """Go on after a pause."""
        self._steer(call_sid, recording_sid, status="in-progress")

    def stop_recording(self, call_sid: str, recording_sid: str) -> None:
        """End this recording; another may be started on the same call."""
        self._steer(call_sid, recording_sid, status="stopped")

    def list_recordings(self, call_sid: str) -> list[RecordingState]:
        """Every recording of a call."""
        return [recording_state(found) for found in self._account.recordings.list(call_sid=sid("CA", call_sid))]

    def list_all_recordings(self, before: datetime | None = None) -> Recorded:
        """The newest recordings of the account, or of those made at ``before`` or sooner, page by page.

        MOST_LISTED at most, and none that is deleted.
        """
        wanted = {} if before is None else {"date_created_before": before}
        found = self._account.recordings.list(**wanted, limit=MOST_LISTED, page_size=LARGEST_PAGE)
        return Recorded(tuple(map(recording_state, found)), more=len(found) == MOST_LISTED)

    def fetch_recording(self, recording_sid: str) -> RecordingState:
        """How a recording stands."""
        return recording_state(self._account.recordings(sid("RE", recording_sid)).fetch())

    def recording_media(self, recording_sid: str) -> Media:
        """The WAV, as a stream. The address is made from the sid and our account; a redirect is an error."""
        url = f"{self._media_base}/Recordings/{sid('RE', recording_sid)}.wav"
        return Media.of(self._connection.send("GET", url))

    def delete_recording(self, recording_sid: str) -> None:
        """Destroy Twilio's copy; `PartyGone` where it is destroyed already."""
        self._account.recordings(sid("RE", recording_sid)).delete()

    def _steer(self, call_sid: str, recording_sid: str, **wish: str) -> None:
        self._account.calls(sid("CA", call_sid)).recordings(sid("RE", recording_sid)).update(**wish)
