"""Record: one party leaves a message (Twilio: Record)."""

from dataclasses import dataclass

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Interpreter, Step
from phonesim.process import Script, Signal, Wait
from phonesim.recording import SHORTEST, Recording, recording_hook
from phonesim.twiml.attributes import flag, integer, trims
from phonesim.twiml.document import Verb


@dataclass(frozen=True, slots=True)
class Limits:
    """When a recording ends: seconds of silence (0: never by silence), keys, seconds in all."""

    silence: int
    finish: str
    longest: int


def record(run: Interpreter, verb: Verb) -> Script[Step]:
    """Beep, record until silence, a key, the limit or hang-up, then ask the action (default: this document)."""
    run.answer()
    if flag(verb, "playBeep", True):
        with run.leg.ear.playing("beep", "", run.net.options.beep_seconds):
            yield Wait(run.net.options.beep_seconds)
    recording = Recording(run.leg, "RecordVerb", 1, recording_hook(run, verb), "inbound", trim=trims(verb, True))
    try:
        digits = yield from _listen(run, _limits(run, verb))
    except HungUp:
        recording.stop()
        action = run.action(verb, {**recording.summary(), "Digits": "hangup"}, default=True)
        run.net.notify(run, action)
        raise
    finally:
        recording.stop()
    if recording.seconds < SHORTEST:
        return None
    return run.action(verb, {**recording.summary(), "Digits": digits}, default=True)


def _limits(run: Interpreter, verb: Verb) -> Limits:
    default = 120 if flag(verb, "transcribe") else 3600
    longest = integer(verb, "maxLength", default, run.complain, least=1, most=86400)
    finish = verb.attributes.get("finishOnKey", "1234567890*#")
    return Limits(integer(verb, "timeout", 5, run.complain), finish, longest)


def _listen(run: Interpreter, limits: Limits) -> Script[str]:
    left, quiet = float(limits.longest), float(limits.silence or limits.longest)
    while left > 0:
        before = run.net.now
        signal: Signal | None = yield Wait(min(left, quiet), frozenset({"key", "speech"}))
        left -= (run.net.now - before).total_seconds()
        if signal is None:
            return ""
        if signal.kind == "key" and signal.value in limits.finish:
            return str(signal.value)
        spoken = signal.detail.get("seconds", 0.0)
        quiet = spoken + (limits.silence or limits.longest)
    return ""


HANDLERS["Record"] = record
