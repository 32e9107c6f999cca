"""The crisis line and Poison Control: their words, and a key that connects the caller while the page goes on.

A caller who dials there by themselves leaves us, and whoever is being paged finds nobody. We dial for them, they come
back with star, and a clinician who accepts meanwhile is told where the caller is and takes them from there.
"""

from __future__ import annotations

from callflows.dialogues.questions import SearchEnded, WantsPerson, ask, judge
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    DialEnded,
    DialHelpLine,
    Dialogue,
    Do,
    Joined,
    PauseRecording,
    Pressed,
    ResumeRecording,
    Say,
    Spoke,
    StartEscalation,
    TakenOver,
)
from callflows.vocabulary.hearing import YES

HELP_KEY = "8"
OFFERED = 4
"""Seconds of silence after which whoever does not want the line goes on."""


def help_words(call: Call, name: str) -> tuple[Line, ...]:
    """What is said of a help line, and the key that connects."""
    return (call.line(f"help.{name}", number=spoken_number(dict(call.help_lines)[name])),)


def spoken_number(number: str) -> str:
    """A number of the configuration as people say it: digit by digit, in the groups of this country."""
    digits = number.lstrip("+")
    groups = (digits[:1], digits[1:4], digits[4:7], digits[7:]) if len(digits) == 11 else (digits,)
    return ", ".join(" ".join(group) for group in groups)


def offer_help_line(call: Call, key: str, name: str) -> Dialogue:
    """Tell of the line and connect whoever wants it. Returns who came meanwhile, None where nobody has yet."""
    try:
        answer = yield ask(call.while_paged(), f"{key}", help_words(call, name), timeout=OFFERED)
        judge(call, answer)
    except SearchEnded as ended:
        return ended.answer
    except WantsPerson:
        return None
    if is_wanted(answer):
        return (yield from connect_help_line(call, f"{key}/line", name))
    return None


def is_wanted(answer: Answer) -> bool:
    """Whether an answer takes up the offer."""
    return answer == Pressed(HELP_KEY) or (isinstance(answer, Spoke) and answer.reply == YES)


def connect_help_line(call: Call, key: str, name: str) -> Dialogue:
    """Dial the line while the page goes on. Returns who came meanwhile, None where nobody has yet.

    Nobody takes a caller from the line to tell them that no clinician came; so paging is begun again where it ended.
    Nothing is recorded meanwhile: whoever answers there was not told of it.
    """
    yield Do(f"{key}/unrecorded", PauseRecording())
    try:
        came = yield DialHelpLine(f"{key}/dial", dict(call.help_lines)[name], call.lines("help.connecting"))
    except TakenOver:
        yield Do(f"{key}/taken/recorded", ResumeRecording())
        raise
    yield Do(f"{key}/recorded", ResumeRecording())
    if isinstance(came, Joined):
        yield Say(f"{key}/clinician", call.lines("help.clinician"))
        return came
    yield Do(f"{key}/page", StartEscalation("emergent"))
    yield Say(f"{key}/back", call.lines("help.back" if came == DialEnded(True) else "help.failed"))
    return None
