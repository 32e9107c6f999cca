"""When the 911 words are said. The words themselves are in ``callflows/prompts/emergency_911.py``."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.values import Call


def emergency_words(languages: tuple[str, ...]) -> tuple[Line, ...]:
    """The first words of every call, in every language."""
    return tuple(Line("emergency", language) for language in languages)


def red_flag_words(call: Call) -> tuple[Line, ...]:
    """What a caller hears at once when a red flag was heard, in their language."""
    return call.lines("symptom.911")


def danger_words(call: Call) -> tuple[Line, ...]:
    """What a caller hears who may be in danger, in their language; nobody is being called yet."""
    return call.lines("danger.911")
