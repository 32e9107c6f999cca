"""The callbacks that verbs and nouns name in their attributes (Twilio: status callbacks, recording callbacks)."""

from phonesim.hooks import RecordingHook, StatusHook
from phonesim.interpreter import Interpreter, method_of
from phonesim.twiml.attributes import words
from phonesim.twiml.document import Verb


def status_hook(run: Interpreter, noun: Verb) -> StatusHook | None:
    """The statusCallback attributes of a noun; events are separated by spaces, default completed."""
    url = noun.attributes.get("statusCallback", "")
    events = words(noun, "statusCallbackEvent", "completed")
    return StatusHook(run.resolve(url), method_of(noun, "statusCallbackMethod"), events) if url else None


def recording_hook(run: Interpreter, verb: Verb) -> RecordingHook | None:
    """The recordingStatusCallback attributes of a verb or noun."""
    url = verb.attributes.get("recordingStatusCallback", "")
    if not url:
        return None
    method = verb.attributes.get("recordingStatusCallbackMethod", "POST").upper()
    return RecordingHook(run.resolve(url), method, words(verb, "recordingStatusCallbackEvent", "completed"))
