"""Where a call lands when our own software fails it, or when nobody knows the number it dialled."""

from __future__ import annotations

from callflows.conversations.kept import keep_for_clinician
from callflows.dialogues.emergency_911 import emergency_words
from callflows.dialogues.fallback import to_fallback
from callflows.dialogues.promises import urgent_callback
from callflows.dialogues.talking import ClinicianAsked
from callflows.values import Call
from callflows.vocabulary import Do, Flow, HungUp, Outcome, RaiseAlert, Say


def safe_landing(call: Call) -> Flow:
    """Apologise, raise an alarm, connect to a person with everything known so far. Never silence.

    What was heard before is not known here, so whoever hangs up is called back as if it had been a symptom.
    """
    yield Do("landing/alert", RaiseAlert("safe-landing"))
    yield Say("landing/apology", call.lines("apology"))
    try:
        return (yield from to_fallback(call.in_care(), "landing"))
    except HungUp:
        yield Do("landing/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))


def unknown_number(call: Call) -> Flow:
    """A number that no practice owns: the emergency words, then the operator's fallback pool."""
    yield Say("emergency", emergency_words(call.practice.languages))
    yield Do("unknown/alert", RaiseAlert("unknown-number"))
    try:
        return (yield from to_fallback(call.in_care(), "unknown"))
    except HungUp:
        return Outcome("hung up")
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))
