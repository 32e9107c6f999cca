"""Dial Queue: an agent's leg takes the front caller (Twilio: Queue)."""

from datetime import timedelta

from phonesim.callqueue import Claim, Entry, find_queue, queue_named
from phonesim.interpreter import Goto, Interpreter, method_of
from phonesim.process import Script, Wait
from phonesim.twiml.attributes import flag, integer
from phonesim.twiml.document import Verb
from phonesim.verbs.children import LONGEST_DIAL, RING_BUFFER
from phonesim.verbs.dial import CONNECTORS, DialResult, join, part, recording_of


def dial_queue(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    """Wait for a caller up to the timeout, then talk; a queue that does not exist fails at once."""
    noun = verb.children[0]
    create = not run.net.options.missing_queue_fails
    queue = queue_named(run.net, noun.text) if create else find_queue(run.net, noun.text)
    if queue is None:
        result.status, result.extra = "failed", _companions(run, {"DequeueResult": "error"})
        return
    claim = Claim(queue, run.leg, _whisper(run, noun))
    queue.ask(claim)
    try:
        entry = yield from _reached(run, verb, claim)
        if entry:
            yield from _talk(run, verb, claim, entry, result)
    finally:
        part(run.leg)
        claim.release()


def _whisper(run: Interpreter, noun: Verb) -> Goto | None:
    url = noun.attributes.get("url", "")
    return Goto(run.resolve(url), method_of(noun, "method")) if url else None


def _reached(run: Interpreter, verb: Verb, claim: Claim) -> Script[Entry | None]:
    seconds = integer(verb, "timeout", 30) + RING_BUFFER
    deadline = run.net.now + timedelta(seconds=seconds)
    with run.leg.ear.playing("ring"):
        while not (claim.entry and claim.entry.bridged):
            left = (deadline - run.net.now).total_seconds()
            if left <= 0 and claim.entry is None:
                return None
            yield Wait(left if claim.entry is None else None, frozenset({"queue"}))
    return claim.entry


def _talk(run: Interpreter, verb: Verb, claim: Claim, entry: Entry, result: DialResult) -> Script[None]:
    join(run.leg, entry.leg)
    started = run.net.now
    result.talked, result.bridged, result.status = True, True, "completed"
    result.extra = _companions(run, _dequeued(entry))
    result.recording = recording_of(run, verb)
    try:
        yield from _until_over(run, verb, claim)
    finally:
        if result.recording:
            result.recording.stop()
        lasted = round((run.net.now - started).total_seconds())
        result.extra |= _companions(run, {"DequeuedCallDuration": str(lasted)})


def _companions(run: Interpreter, known: dict[str, str]) -> dict[str, str]:
    return known if run.net.options.dequeue_parameters else {}


def _dequeued(entry: Entry) -> dict[str, str]:
    return {
        "QueueSid": entry.queue.sid, "DequeueResult": "bridged", "DequeuedCallSid": entry.leg.sid,
        "DequeuedCallQueueTime": str(entry.seconds),
    }  # fmt: skip


def _until_over(run: Interpreter, verb: Verb, claim: Claim) -> Script[None]:
    wants = frozenset({"queue", "key"} if flag(verb, "hangupOnStar") else {"queue"})
    until = run.net.later(integer(verb, "timeLimit", LONGEST_DIAL))
    while not claim.over:
        signal = yield Wait((until - run.net.now).total_seconds(), wants)
        if signal is None or (signal.kind == "key" and signal.value == "*"):
            return


CONNECTORS["Queue"] = dial_queue
