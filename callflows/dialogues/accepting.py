"""The accept key: nobody is connected without pressing it, and a voicemail that answers never does."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.vocabulary import Answer, Ask, Dialogue, Pressed

TWICE = range(2)
YES, NO = Pressed("1"), Pressed("2")
DECLINED = "declined"
"""Why somebody did not accept who passed it on by a key."""


def accept_key(
    lines: tuple[Line, ...],
    *,
    timeout: int,
    language: str,
    tries: range = TWICE,
    key: str = "",
    keys: tuple[Pressed, ...] = (YES, NO),
) -> Dialogue:
    """Say what it is about until 1 (yes), 2 (no) or another of ``keys`` is pressed. Returns the last answer.

    ``timeout`` is in seconds.
    """
    for attempt in tries:
        answer = yield Ask(f"{key}accept/{attempt}", lines, timeout=timeout, language=language)
        if answer in keys:
            return answer
    return answer


def refusal(answer: Answer) -> str:
    """Why it was not accepted: "declined" by a key, or "unaccepted" for want of one."""
    return DECLINED if answer == NO else "unaccepted"
