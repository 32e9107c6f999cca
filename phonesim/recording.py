"""Recordings: real audio of deterministic tones, paused, stopped, encrypted and deleted (Twilio: Recordings)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from phonesim.audio import Stretch, frames, render
from phonesim.encryption import Envelope, seal
from phonesim.hooks import RecordingHook
from phonesim.leg import Leg
from phonesim.protocols import Tape
from phonesim.values import rfc2822
from phonesim.web.cookies import CookieJar

SHORTEST = 0.1
RUNNING = frozenset({"in-progress", "paused"})
TOO_SHORT, SILENT, NO_KEY = 16101, 16102, 16105


class Gathering(Protocol):
    """Gives what a recording of a conference asks of it."""

    sid: str
    jar: CookieJar
    recordings: list[Tape]


class Recording:
    """One recording of a call leg, or of a conference (then ``leg`` is its first participant)."""

    def __init__(
        self, leg: Leg, source: str, channels: int = 1, hook: RecordingHook | None = None, track: str = "both",
        conference: Gathering | None = None, trim: bool = False,
    ) -> None:  # fmt: skip
        self.net, self.leg, self.source, self.channels = leg.net, leg, source, channels
        self.hook, self.track, self.conference, self.trim = hook, track, conference, trim
        self.sid = self.net.sids.new("RE")
        self.status = "in-progress"
        self.started_at = self.updated = self.net.now
        self.error_code: int | None = None
        self.envelope: Envelope | None = None
        self._since: datetime | None = self.net.now
        self._stretches: list[tuple[float, bool]] = []
        self._audible, self._lost = True, False
        self._speech: tuple[float, float] | None = None
        self.net.shelf(Recording)[self.sid] = self
        (conference or leg).recordings.append(self)
        self.net.record("recording", leg.address, recording_sid=self.sid, status="in-progress")
        self._report("in-progress")
        self._report("started")

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

    @property
    def missing(self) -> bool:
        """True while a completed recording has no media to fetch: never, or not yet."""
        late = self.net.faults.on.get("media-late")
        if late is None or self.net.now >= self.updated + timedelta(seconds=late.value or 0):
            return self._lost
        return self._lost or bool(self.net.faults.strikes("media-late", self.leg.address))

    def summary(self) -> dict[str, str]:
        """What actions and call callbacks say about a recording; the length is that before trimming."""
        duration = str(round(self.seconds))
        return {"RecordingUrl": self.url, "RecordingSid": self.sid, "RecordingDuration": duration}

    def spoken(self, seconds: float) -> None:
        """The recorded party says something that long."""
        if self.status == "in-progress":
            first = self._speech[0] if self._speech else self.seconds
            self._speech = (first, self.seconds + seconds)

    def pause(self, behaviour: str = "silence") -> None:
        """Pause; ``silence`` keeps the length, ``skip`` leaves the time out."""
        if self.status == "in-progress":
            self._cut()
            self._audible = False
            self._since = None if behaviour == "skip" else self.net.now
            self._become("paused")
            self._report("paused")

    def resume(self) -> None:
        """Go on after a pause."""
        if self.status == "paused":
            self._cut()
            self._audible, self._since = True, self.net.now
            self._become("in-progress")
            self._report("resumed")

    def stop(self) -> None:
        """End; the media can be fetched some seconds later."""
        if self.running:
            self._cut()
            self._become("processing")
            self._report("stopped")
            self.net.shelf(Recording).finish(self.sid)
            self.net.scheduler.after(self.net.options.recording_processing_seconds, self._complete)

    def delete(self) -> None:
        """Forget the media; the metadata stays for some weeks."""
        self._become("deleted")
        self._stretches.clear()

    def forget(self) -> None:
        """Take it off the network for good."""
        self.net.shelf(Recording).pop_item(self.sid)

    def forgotten(self, after: timedelta) -> bool:
        """Deleted longer ago than the metadata is kept."""
        return self.status == "deleted" and self.net.now - self.updated > after

    def media(self, channels: int | None = None) -> Iterator[bytes]:
        """The stored file: WAV, or its AES-256-GCM ciphertext when recordings are encrypted."""
        stretches = [Stretch(seconds, self._speakers(on, channels)) for seconds, on in self._kept()]
        plain = render(stretches)
        return self.envelope.ciphertext(plain) if self.envelope else plain

    def media_bytes(self, channels: int | None = None) -> int:
        """The size of that file."""
        size = 44 + frames(sum(seconds for seconds, _ in self._kept())) * 2 * (channels or self.channels)
        return size + 16 if self.envelope else size

    def _kept(self) -> list[tuple[float, bool]]:
        most = self.net.options.longest_media
        if most is None or self.seconds <= most or not self._stretches:
            return self._stretches
        return [(most, self._stretches[0][1])]

    def _speakers(self, audible: bool, channels: int | None) -> tuple[tuple[str, ...], ...]:
        near, far = (self.leg.address,), (f"{self.sid}:far",)
        both = {"inbound": (near, ()), "outbound": ((), far)}.get(self.track, (near, far))
        heard = both if audible else ((), ())
        return heard if (channels or self.channels) == 2 else (heard[0] + heard[1],)

    def _cut(self) -> None:
        if self._since:
            seconds = (self.net.now - self._since).total_seconds()
            self._stretches.append((seconds, self._audible))
        self._since = None

    def _complete(self) -> None:
        if error := self._why_absent():
            return self._absent(error)
        if self.trim and self.track == "inbound" and self._speech:
            self._stretches = trimmed(self._stretches, *self._speech)
        key, code = self.net.account.public_keys.for_recordings()
        if code == NO_KEY:
            return self._absent(code)
        if code:
            self.net.alert(code, self.leg.sid, "", f"recording {self.sid}")
        self.envelope = seal(key) if key else None
        self._become("completed")
        return self._report("completed")

    def _why_absent(self) -> int | None:
        if self.seconds < SHORTEST:
            return TOO_SHORT
        silent = self.source == "RecordVerb" and not self._speech
        if silent and not self.net.options.silent_recordings_kept:
            return SILENT
        if self.net.faults.strikes("recordings-lost", self.leg.address):
            self._lost = self.net.faults.choose("recordings-lost", (True, False))
            return None if self._lost else SILENT
        return None

    def _absent(self, error: int) -> None:
        self.error_code = error
        self.net.alert(error, self.leg.sid, "", f"recording {self.sid}")
        self._stretches.clear()
        self._become("absent")
        self._report("absent")

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


def trimmed(stretches: list[tuple[float, bool]], start: float, end: float) -> list[tuple[float, bool]]:
    """What is left between two moments: silence before the first and after the last word is cut away."""
    kept, at = [], 0.0
    for seconds, audible in stretches:
        inside = min(at + seconds, end) - max(at, start)
        if inside > 0:
            kept.append((inside, audible))
        at += seconds
    return kept
