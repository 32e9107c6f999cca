"""How a webhook is recognised that Twilio sends twice, late or out of order. Such a webhook changes nothing.

1. An incoming call is known by its CallSid (``incoming_calls.open_call``), which is unique in the database.
2. A second Twilio call for one leg of ours, made by an uncertain repeat, carries another CallSid.
3. An answer carries the step that it answers in its address; the leg has gone on from an older one.
4. News of a leg and of a conference is numbered by Twilio.
5. News of a recording, a page or anything else with a lifecycle finds no move in its transition table
   (``callflows/lifecycles/tables.py``).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row


def is_second_call(leg: Row[Any], twilio_sid: str | None) -> bool:
    """Whether another Twilio call than this one is known to be the leg."""
    return bool(leg.twilio_sid is not None and leg.twilio_sid != twilio_sid)


def is_answered_step(leg: Row[Any], step: int | None) -> bool:
    """Whether the answer is to another step than the one being asked; None is the one being asked."""
    return bool(step is not None and step != leg.step)


def is_old_status(leg: Row[Any], event: str, sequence: int | None) -> bool:
    """Whether the news of a leg is older than what is known. The end of a leg always counts, but only once."""
    older = sequence is not None and sequence <= leg.sequence
    return bool(leg.state == "ended" or (older and event != "ended"))


def is_old_conference_event(leg: Row[Any], sequence: int | None) -> bool:
    """Whether the news of a participant is not newer than what is known; news without a number is old."""
    return bool((sequence or 0) <= leg.conference_sequence)
