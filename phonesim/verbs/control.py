"""Redirect, Hangup, Reject, Leave, Start and Stop."""

from collections.abc import Generator
from typing import Any

from phonesim.interpreter import HANDLERS, Ending, Goto, Interpreter, Step, method_of
from phonesim.recording import Recording, RecordingHook, recording_hook
from phonesim.twiml.attributes import trims
from phonesim.twiml.document import Verb

Instant = Generator[Any, Any, Step]


def redirect(run: Interpreter, verb: Verb) -> Instant:
    """Go on with another document; as first verb it leaves the call ringing."""
    yield from ()
    return Goto(run.resolve(verb.text), method_of(verb, "method"))


def hangup(run: Interpreter, _verb: Verb) -> Instant:
    """End the leg; as first verb it still answers."""
    yield from ()
    run.answer()
    run.leg.finish("completed")
    return Ending.STOPPED


def reject(run: Interpreter, verb: Verb) -> Instant:
    """Refuse an unanswered call: busy, or no-answer for the default reason; an answered call is hung up."""
    yield from ()
    busy = verb.attributes.get("reason") == "busy"
    if run.leg.in_progress:
        run.leg.finish("completed")
    else:
        run.leg.finish("busy" if busy else "no-answer", 486 if busy else 404)
    return Ending.STOPPED


def leave(_run: Interpreter, _verb: Verb) -> Instant:
    """Leave the queue, keep the call."""
    yield from ()
    return Ending.LEFT


def start(run: Interpreter, verb: Verb) -> Instant:
    """Start recordings in the background; returns at once."""
    yield from ()
    run.answer()
    for child in verb.children:
        channels = 2 if child.attributes.get("channels") == "dual" else 1
        hook = _absolute_hook(run, child)
        source, track = run.net.options.start_recording_source, child.attributes.get("track", "both")
        Recording(run.leg, source, channels, hook, track, trim=trims(child, False))
    return None


def _absolute_hook(run: Interpreter, verb: Verb) -> RecordingHook | None:
    url = verb.attributes.get("recordingStatusCallback", "")
    if url and "://" not in url:
        run.complain(11200, "the callback URL of Start Recording must be absolute")
        return None
    return recording_hook(run, verb)


def stop(run: Interpreter, verb: Verb) -> Instant:
    """Stop the recordings started in the background."""
    yield from ()
    run.answer()
    if any(child.name == "Recording" for child in verb.children):
        for recording in run.leg.recordings:
            if recording.source == run.net.options.start_recording_source:
                recording.stop()
    return None


HANDLERS.update(
    {"Redirect": redirect, "Hangup": hangup, "Reject": reject, "Leave": leave, "Start": start, "Stop": stop}
)
