"""An interpreter is rung for a talk that has begun: the language, an accept key, the call. Nothing about anybody."""

from __future__ import annotations

from callflows.dialogues.accepting import accept_key, refusal
from callflows.prompts import DEFAULT_LANGUAGE, Line, line
from callflows.values import Interpreting
from callflows.vocabulary import (
    AcceptInterpreting,
    DeclineInterpreting,
    Do,
    Flow,
    Outcome,
    Pressed,
    Say,
    WithPerson,
)

TRIES = range(8)
"""A company's own menu and queue come first, so the question is asked until an interpreter is there to hear it."""


def interpreter_call(asked: Interpreting) -> Flow:
    """Connect nobody before the accept key, and tell nothing before it but the language."""
    answer = yield from accept_key(question(asked), timeout=6, language=DEFAULT_LANGUAGE, tries=TRIES)
    if answer != Pressed("1"):
        yield Do("decline", DeclineInterpreting(refusal(answer)))
        return Outcome("declined")
    granted = yield Do("accept", AcceptInterpreting())
    if not granted.won:
        yield Say("gone", in_both(asked, "interpreter.gone"))
        return Outcome("gone")
    yield Say("joining", in_both(asked, "interpreter.joining"))
    yield WithPerson("talk", "caller")
    yield Say("ended", in_both(asked, "interpreter.ended"))
    return Outcome("done")


def question(asked: Interpreting) -> tuple[Line, ...]:
    """Who asks and for which language, in each of the two languages."""
    return tuple(
        line(
            "interpreter.asked",
            language,
            operator=asked.operator,
            spoken_language=line(f"language.{asked.caller_language}", language).spoken(),
        )
        for language in languages(asked)
    )


def in_both(asked: Interpreting, prompt: str) -> tuple[Line, ...]:
    """A line in each of the two languages."""
    return tuple(line(prompt, language) for language in languages(asked))


def languages(asked: Interpreting) -> tuple[str, ...]:
    """English, which everybody who answers at a company speaks, and the language that is asked for."""
    both = (DEFAULT_LANGUAGE, asked.caller_language)
    return both if both[0] != both[1] else both[:1]
