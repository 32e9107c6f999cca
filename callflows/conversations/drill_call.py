"""A test of the on-call line: whoever goes on call is rung and presses a key. Nothing about anybody, and nobody else.

A voicemail that answers presses none, and so does a phone in somebody else's pocket.
"""

from __future__ import annotations

from callflows.dialogues.accepting import YES, accept_key
from callflows.prompts import line
from callflows.values import Page
from callflows.vocabulary import ConfirmReachable, Do, Flow, Outcome, Say

REACHED, UNCONFIRMED, GONE = "reached", "not confirmed", "gone"
"""How the conversation ended."""


def drill_call(about: Page) -> Flow:
    """Say what it is, twice at most, until 1 is pressed, and let it be written down. Returns the outcome."""
    test = (line("drill.test", about.language, practice=about.practice), line("drill.confirm", about.language))
    answer = yield from accept_key(test, timeout=8, language=about.language, keys=(YES,))
    if answer != YES:
        yield Say("unconfirmed", (line("drill.unconfirmed", about.language), line("farewell", about.language)))
        return Outcome(UNCONFIRMED)
    granted = yield Do("confirm", ConfirmReachable())
    if not granted.won:
        yield Say("gone", (line("drill.gone", about.language), line("farewell", about.language)))
        return Outcome(GONE)
    yield Say("confirmed", (line("drill.confirmed", about.language), line("farewell", about.language)))
    return Outcome(REACHED)
