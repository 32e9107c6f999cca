"""The accept key: nobody is connected without pressing it, and a voicemail that answers never does."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.vocabulary import Answer, Ask, Dialogue, Pressed

TWICE = range(2)


def accept_key(lines: tuple[Line, ...], *, timeout: int, language: str, tries: range = TWICE) -> Dialogue:
    """Say what it is about until 1 (yes) or 2 (no) is pressed. Returns the last answer; ``timeout`` is in seconds."""
    for attempt in tries:
        answer = yield Ask(f"accept/{attempt}", lines, timeout=timeout, language=language)
        if answer in (Pressed("1"), Pressed("2")):
            return answer
    return answer


def refusal(answer: Answer) -> str:
    """Why it was not accepted: "declined" by a key, or "unaccepted" for want of one."""
    return "declined" if answer == Pressed("2") else "unaccepted"
