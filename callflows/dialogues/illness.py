"""Asking whether anybody is ill: whoever clearly says no goes on, and everybody else is cared for."""

from __future__ import annotations

from callflows.dialogues.questions import (
    GONE,
    TAKEN_OVER,
    TOLD,
    SymptomHeard,
    WantsPerson,
    ask,
    help_line_in,
    is_alarming,
    reply_of,
)
from callflows.values import Call
from callflows.vocabulary import Answer, Dialogue, HungUp, Spoke, TakenOver
from callflows.vocabulary.hearing import NO, PERSON, SUSPECT


def make_sure_of_errand(call: Call, key: str, words: str) -> Dialogue:
    """Ask once whether somebody is ill, as ``words`` sounded. Raises SymptomHeard at all but a clear no."""
    danger = yield from danger_behind(call, key)
    if danger:
        raise SymptomHeard(words, danger)


def danger_behind(call: Call, key: str) -> Dialogue:
    """The danger that the question found, or "". Whoever is gone before answering may be ill.

    Raises SymptomHeard at words that tell of an emergency.
    """
    try:
        answer = yield ask(call, key, call.lines("errand.ask"))
        return "" if reply_of(call.in_care(), answer) == NO else danger_told(answer)
    except WantsPerson:
        return PERSON
    except HungUp:
        return GONE
    except TakenOver:
        return TAKEN_OVER


def need_clear_no(call: Call, answer: Answer) -> None:
    """Raise SymptomHeard unless an answer to whether anybody is ill is a clear no; and as ``judge`` does."""
    if reply_of(call.in_care(), answer) != NO:
        raise SymptomHeard(words_of_illness(answer), danger_told(answer), help_line_in(call, answer))


def danger_told(answer: Answer) -> str:
    """The danger in an answer that says that somebody is ill."""
    return SUSPECT if isinstance(answer, Spoke) and answer.danger == SUSPECT else TOLD


def words_of_illness(answer: Answer) -> str:
    """The words of an answer where these tell what is wrong, or ""."""
    return answer.words if isinstance(answer, Spoke) and is_alarming(answer) else ""
