"""Recordings: real audio of deterministic tones, paused, stopped, encrypted and deleted (Twilio: Recordings)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from phonesim.audio import frames, render
from phonesim.encryption import Envelope, seal
from phonesim.twiml.attributes import words
from phonesim.twiml.document import Verb
from phonesim.values import rfc2822

if TYPE_CHECKING:
    from phonesim.conference import Conference
    from phonesim.interpreter import Interpreter
    from phonesim.leg import Leg

SHORTEST = 0.1
RUNNING = frozenset({"in-progress", "paused"})
TOO_SHORT = 16101


@dataclass(frozen=True, slots=True)
class RecordingHook:
    """Where recording events go, and which of in-progress, completed, absent."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


def recording_hook(run: "Interpreter", verb: Verb) -> RecordingHook | None:
    """The recordingStatusCallback attributes of a verb or noun."""
    url = verb.attributes.get("recordingStatusCallback", "")
    if not url:
        return None
    method = verb.attributes.get("recordingStatusCallbackMethod", "POST").upper()
    return RecordingHook(run.resolve(url), method, words(verb, "recordingStatusCallbackEvent", "completed"))


class Recording:
    """One recording of a call leg, or of a conference (then ``leg`` is its first participant)."""

    def __init__(
        self, leg: "Leg", source: str, channels: int = 1, hook: RecordingHook | None = None, track: str = "both",
        conference: "Conference | None" = None,
    ) -> None:  # fmt: skip
        self.net, self.leg, self.source, self.channels = leg.net, leg, source, channels
        self.hook, self.track, self.conference = hook, track, conference
        self.sid = self.net.sids.new("RE")
        self.status = "in-progress"
        self.started_at = self.updated = self.net.now
        self.error_code: int | None = None
        self.envelope: Envelope | None = None
        self._since: datetime | None = self.net.now
        self._stretches: list[tuple[float, bool]] = []
        self._audible = True
        self.net.recordings[self.sid] = self
        (conference or leg).recordings.append(self)
        self.net.record("recording", leg.address, recording_sid=self.sid, status="in-progress")
        self._report("in-progress")

    def call_sid(self) -> str | None:
        """The recorded call; None for a conference."""
        return None if self.conference else self.leg.sid

    def conference_sid(self) -> str | None:
        """The recorded conference, if it is one."""
        return self.conference.sid if self.conference else None

    @property
    def url(self) -> str:
        """The address without extension, as callbacks give it."""
        return f"{self.net.options.api_url}/2010-04-01/Accounts/{self.net.account_sid}/Recordings/{self.sid}"

    @property
    def running(self) -> bool:
        """True until stopped."""
        return self.status in RUNNING

    @property
    def seconds(self) -> float:
        """Recorded time so far; silence of a pause counts, a skipped pause does not."""
        open_ = (self.net.now - self._since).total_seconds() if self._since and self.running else 0.0
        return sum(seconds for seconds, _ in self._stretches) + open_

    def summary(self) -> dict[str, str]:
        """What actions and call callbacks say about a recording."""
        duration = str(round(self.seconds))
        return {"RecordingUrl": self.url, "RecordingSid": self.sid, "RecordingDuration": duration}

    def pause(self, behaviour: str = "silence") -> None:
        """Pause; ``silence`` keeps the length, ``skip`` leaves the time out."""
        if self.status == "in-progress":
            self._cut()
            self._audible = False
            self._since = None if behaviour == "skip" else self.net.now
            self._become("paused")

    def resume(self) -> None:
        """Go on after a pause."""
        if self.status == "paused":
            self._cut()
            self._audible, self._since = True, self.net.now
            self._become("in-progress")

    def stop(self) -> None:
        """End; the media can be fetched some seconds later."""
        if self.running:
            self._cut()
            self._become("processing")
            self.net.scheduler.after(self.net.options.recording_processing_seconds, self._complete)

    def delete(self) -> None:
        """Forget the media; the metadata stays."""
        self._become("deleted")
        self._stretches.clear()

    def media(self, channels: int | None = None) -> Iterator[bytes]:
        """The stored file: WAV, or its AES-256-GCM ciphertext when recordings are encrypted."""
        plain = render([(seconds, self._speakers(on, channels)) for seconds, on in self._stretches])
        return self.envelope.ciphertext(plain) if self.envelope else plain

    def media_bytes(self, channels: int | None = None) -> int:
        """The size of that file."""
        size = 44 + frames(self.seconds) * 2 * (channels or self.channels)
        return size + 16 if self.envelope else size

    def _speakers(self, audible: bool, channels: int | None) -> list[str]:
        names = [self.leg.address, f"{self.sid}:far"][: channels or self.channels]
        return names if audible else [""] * len(names)

    def _cut(self) -> None:
        if self._since:
            seconds = (self.net.now - self._since).total_seconds()
            self._stretches.append((seconds, self._audible))
        self._since = None

    def _complete(self) -> None:
        if self.seconds < SHORTEST:
            self.error_code = TOO_SHORT
            self._become("absent")
            return self._report("absent")
        if key := self.net.options.recording_key:
            self.envelope = seal(key)
        self._become("completed")
        self._report("completed")
        return None

    def _become(self, status: str) -> None:
        self.status, self.updated = status, self.net.now
        self.net.record("recording", self.leg.address, recording_sid=self.sid, status=status)

    def _report(self, event: str) -> None:
        if self.hook is None or event not in self.hook.events:
            return
        whose = {"ConferenceSid": self.conference.sid} if self.conference else {"CallSid": self.leg.sid}
        duration = {"RecordingDuration": str(round(self.seconds))} if event == "completed" else {}
        sealed = {"EncryptionDetails": self.envelope.as_json()} if self.envelope else {}
        params = {
            "AccountSid": self.net.account_sid, **whose, "RecordingSid": self.sid, "RecordingUrl": self.url,
            "RecordingStatus": event, **duration, "RecordingChannels": str(self.channels),
            "RecordingStartTime": rfc2822(self.started_at), "RecordingSource": self.source,
            "RecordingTrack": self.track, **sealed,
        }  # fmt: skip
        self.net.callback(self.hook.url, self.hook.method, params, self.conference or self.leg)
