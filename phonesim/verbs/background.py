"""Start and Stop: recordings, media streams and transcriptions beside the document (Twilio: Stream, Transcription)."""

import json
from collections.abc import Generator
from typing import Any

from phonesim.hooks import RecordingHook
from phonesim.interpreter import HANDLERS, Interpreter, Step, method_of
from phonesim.leg import Leg
from phonesim.recording import Recording
from phonesim.twiml.attributes import trims
from phonesim.twiml.document import Verb
from phonesim.values import Heard, iso8601
from phonesim.verbs.callbacks import recording_hook

Instant = Generator[Any, Any, Step]
PREFIXES = {"Stream": "MZ", "Transcription": "GT"}
BAD_STREAM_URL = 31922


class Background:
    """A stream or transcription of a leg. Its callback hears of start and stop; no media is carried anywhere."""

    def __init__(self, run: Interpreter, verb: Verb) -> None:
        self.kind, self.net, self.leg = verb.name, run.net, run.leg
        self.sid = run.net.sids.new(PREFIXES[verb.name])
        self.name = verb.attributes.get("name", self.sid)
        self.alive = True
        callback = "statusCallback" if self.kind == "Stream" else "statusCallbackUrl"
        url = verb.attributes.get(callback, "")
        self._url, self._method = run.resolve(url) if url else "", method_of(verb, "statusCallbackMethod")
        self._sequence = 0
        run.leg.background.append(self)
        run.leg.watchers.append(lambda what: self.stop() if what == "ended" else None)
        self.report("started")

    def stop(self) -> None:
        """End it; only the first time counts."""
        if self.alive:
            self.alive = False
            self.leg.background.remove(self)
            self.report("stopped")

    def report(self, event: str, **more: str) -> None:
        """Tell the callback."""
        number, self._sequence = self._sequence + 1, self._sequence + 1
        kind = self.kind
        params = {
            "AccountSid": self.net.account_sid, "CallSid": self.leg.sid, f"{kind}Sid": self.sid,
            f"{kind}Name": self.name, f"{kind}Event": f"{kind.lower()}-{event}", "SequenceNumber": str(number),
            "Timestamp": iso8601(self.net.now), **more,
        }  # fmt: skip
        if self._url:
            self.net.callback(self._url, self._method, params, self.leg)


class Transcription(Background):
    """Tells its callback what is said: by the caller (inbound_track) and to the caller (outbound_track)."""

    def __init__(self, run: Interpreter, verb: Verb) -> None:
        super().__init__(run, verb)
        self._language = verb.attributes.get("languageCode", "en-US")
        track = verb.attributes.get("track", "both_tracks")
        if track != "outbound_track":
            run.leg.mouth.append(lambda text, seconds: self._said("inbound_track", text, seconds))
        if track != "inbound_track":
            run.leg.ear.followers.append(self._heard)

    def _heard(self, sound: Heard) -> None:
        if sound.kind in {"say", "speech"}:
            self._said("outbound_track", sound.text, sound.planned or 0.0)

    def _said(self, track: str, text: str, seconds: float) -> None:
        data = json.dumps({"transcript": text, "confidence": 1.0})
        what = {"LanguageCode": self._language, "Track": track, "TranscriptionData": data, "Final": "true"}
        self.leg.after(seconds, lambda: self.report("content", **what) if self.alive else None)


def start(run: Interpreter, verb: Verb) -> Instant:
    """Start what is nested, in the background; returns at once."""
    yield from ()
    run.answer()
    for child in verb.children:
        if child.name == "Recording":
            _record(run, child)
        elif child.name == "Transcription":
            Transcription(run, child)
        elif child.attributes.get("url", "").startswith("wss://"):
            Background(run, child)
        else:
            run.complain(BAD_STREAM_URL, "the url of a Stream is a wss:// address", child.line)
    return None


def _record(run: Interpreter, verb: Verb) -> None:
    channels = 2 if verb.attributes.get("channels") == "dual" else 1
    source, track = run.net.options.start_recording_source, verb.attributes.get("track", "both")
    Recording(run.leg, source, channels, _absolute_hook(run, verb), track, trim=trims(verb, False))


def _absolute_hook(run: Interpreter, verb: Verb) -> RecordingHook | None:
    url = verb.attributes.get("recordingStatusCallback", "")
    if url and "://" not in url:
        run.complain(11200, "the callback URL of Start Recording must be absolute", verb.line)
        return None
    return recording_hook(run, verb)


def stop(run: Interpreter, verb: Verb) -> Instant:
    """Stop what was started in the background: by its name, or the newest of its kind."""
    yield from ()
    run.answer()
    for child in verb.children:
        if child.name == "Recording":
            _stop_recordings(run.leg, run.net.options.start_recording_source)
            continue
        name = child.attributes.get("name")
        chosen = [one for one in run.leg.background if one.kind == child.name and name in {None, one.name}]
        for one in chosen[-1:]:
            one.stop()
    return None


def _stop_recordings(leg: Leg, source: str) -> None:
    for recording in leg.recordings:
        if recording.source == source:
            recording.stop()


HANDLERS.update({"Start": start, "Stop": stop})
