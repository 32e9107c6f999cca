"""From Twilio's parameters to the answers that flows understand. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable

from callflows.vocabulary import Answer, DialEnded, Interrupted, Pressed, Silence, Spoke, WaitBroke
from ivr.twilio.parameters import VoiceRequest

Reader = Callable[[VoiceRequest], Answer | None]

GONE = ("completed", "busy", "no-answer", "failed", "canceled")
BROKEN_WAITS = ("error", "system-error", "queue-full")


def gathered(asked: VoiceRequest) -> Answer:
    """Keys before speech before silence."""
    if asked.digits:
        return Pressed(asked.digits)
    if asked.speech:
        return Spoke(asked.speech, asked.confidence)
    return Silence()


def queue_ended(asked: VoiceRequest) -> Answer | None:
    """Why the caller left the queue; None when we asked for it."""
    if asked.queue_result == "hangup":
        return Interrupted("hung-up")
    if asked.queue_result in BROKEN_WAITS:
        return WaitBroke(asked.queue_result)
    return None


def dial_ended(asked: VoiceRequest) -> Answer:
    """Why a Dial ended: the party hung up, stepped out or was dropped; the conversation knows which it can be."""
    if asked.call_status in GONE:
        return Interrupted("hung-up")
    return DialEnded(connected=asked.dial_bridged is True and asked.dial_call_status != "no-answer")
