"""Record: one party leaves a message (Twilio: Record)."""

from dataclasses import dataclass, field

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Interpreter, Step
from phonesim.process import Script, Signal, Wait
from phonesim.recording import SHORTEST, Recording
from phonesim.twiml.attributes import flag, integer, trims
from phonesim.twiml.document import Verb
from phonesim.verbs.callbacks import recording_hook

LONGEST, LONGEST_TRANSCRIBED, LONGEST_OF_CLIENTS = 3600, 120, 600
SHORTEST_TRANSCRIBED = 2


@dataclass(slots=True)
class Message:
    """A message being left. It ends after ``silence`` seconds of silence (0: never), a finish key, or ``longest``."""

    recording: Recording
    silence: int
    finish: str
    longest: int
    said: list[str] = field(default_factory=list)

    def listen(self) -> Script[str]:
        """Listen until it ends. Return the key that ended it, or nothing."""
        net = self.recording.net
        left, quiet = float(self.longest), float(self.silence or self.longest)
        while left > 0:
            before = net.now
            signal: Signal | None = yield Wait(min(left, quiet), frozenset({"key", "speech"}))
            left -= (net.now - before).total_seconds()
            if signal is None:
                return ""
            if signal.kind == "key" and signal.value in self.finish:
                return str(signal.value)
            if signal.kind == "speech":
                self.said.append(signal.value[0].text)
            quiet = signal.detail.get("seconds", 0.0) + (self.silence or self.longest)
        return ""


def record(run: Interpreter, verb: Verb) -> Script[Step]:
    """Beep, record until silence, a key, the limit or hang-up, then ask the action (default: this document)."""
    run.answer()
    if flag(verb, "playBeep", True):
        with run.leg.ear.playing("beep", "", run.net.options.beep_seconds):
            yield Wait(run.net.options.beep_seconds)
    message = _message(run, verb)
    recording = message.recording
    try:
        digits = yield from message.listen()
    except HungUp:
        recording.stop()
        action = run.action(verb, {**recording.summary(), "Digits": "hangup"}, default=True)
        run.notify(action)
        raise
    finally:
        recording.stop()
        _transcribe(run, verb, message)
    if recording.seconds < SHORTEST and not run.net.options.empty_record_action:
        return None
    return run.action(verb, {**recording.summary(), "Digits": digits}, default=True)


def _message(run: Interpreter, verb: Verb) -> Message:
    transcribed = flag(verb, "transcribe")
    usual = LONGEST_OF_CLIENTS if run.leg.address.startswith("client:") else LONGEST
    longest = integer(verb, "maxLength", LONGEST_TRANSCRIBED if transcribed else usual)
    if transcribed and longest > LONGEST_TRANSCRIBED:
        run.complain(13615, "a message to be transcribed lasts at most 120 seconds", verb.line)
        longest = LONGEST_TRANSCRIBED
    silence, finish = integer(verb, "timeout", 5), verb.attributes.get("finishOnKey", "1234567890*#")
    hook = recording_hook(run, verb)
    recording = Recording(run.leg, "RecordVerb", 1, hook, "inbound", trim=trims(verb, True))
    return Message(recording, silence, finish, longest)


def _transcribe(run: Interpreter, verb: Verb, message: Message) -> None:
    url = verb.attributes.get("transcribeCallback", "")
    if url and flag(verb, "transcribe"):
        to, long_enough = run.resolve(url), message.recording.seconds >= SHORTEST_TRANSCRIBED
        seconds = run.net.options.recording_processing_seconds + run.net.options.transcription_seconds
        run.net.scheduler.after(seconds, lambda: _tell(run, to, message, long_enough))


def _tell(run: Interpreter, url: str, message: Message, long_enough: bool) -> None:
    recording, leg = message.recording, run.leg
    done = long_enough and bool(message.said)
    sid = run.net.sids.new("TR")
    accounts = f"{run.net.options.api_url}/2010-04-01/Accounts/{run.net.account_sid}"
    params = {
        **leg.parameters(), "TranscriptionSid": sid, "TranscriptionType": "fast",
        "TranscriptionStatus": "completed" if done else "failed",
        "TranscriptionText": " ".join(message.said) if done else "",
        "TranscriptionUrl": f"{accounts}/Transcriptions/{sid}",
        "RecordingSid": recording.sid, "RecordingUrl": recording.url,
    }  # fmt: skip
    run.net.callback(url, "POST", params, leg)


HANDLERS["Record"] = record
