"""What the log of a caller tells whoever is handed the call: how old the patient is, and what raised the urgency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callflows.engine.replay import Entry
from callflows.values import AGES, Question
from callflows.vocabulary import Answer, Pressed, Spoke
from callflows.vocabulary.hearing import CALM, EMERGENT, FLAGGED, GRAVE, NO, UNJUDGED

HEARD = {FLAGGED: "said", GRAVE: "said", EMERGENT: "ear", UNJUDGED: "ear"}
"""How an emergency was heard in words: a phrase of the protocol, or by the ear alone."""
SCREENING = "triage/"
AGE = "patient/age/"


def find_age(entries: Iterable[Entry]) -> str:
    """How old the patient is, by the last key or words that told; empty where nothing did."""
    told = [_age_of(one.answer) for one in entries if one.key.startswith(AGE)]
    return next((age for age in reversed(told) if age), "")


def find_flag(entries: Iterable[Entry], questions: Sequence[Question]) -> str:
    """How an emergency was heard first: "said", by the "ear", "asked", by the key for "worse"; empty where none was."""
    raises = {one.key for one in questions if one.raises_to == "emergent"}
    return next((how for one in entries if (how := _flag_of(one, raises))), "")


def list_raised(entries: Iterable[Entry], questions: Sequence[Question]) -> tuple[int, tuple[Question, ...]]:
    """How many questions of the screening were answered, and those whose last answer was no clear no."""
    last = {one.key.split("/")[1]: one.answer for one in entries if one.key.startswith(SCREENING)}
    asked = {one.key: one for one in questions if one.key in last}
    return len(asked), tuple(one for key, one in asked.items() if not is_clear_no(last[key]))


def is_clear_no(answer: Answer) -> bool:
    """Whether an answer to yes or no is a no in which nothing else was heard."""
    return answer == Pressed("2") or (isinstance(answer, Spoke) and (answer.reply, answer.danger) == (NO, CALM))


def _age_of(answer: Answer) -> str:
    if isinstance(answer, Spoke):
        return answer.wish if answer.wish in AGES else ""
    keyed = dict(enumerate(AGES, start=1))
    digits = answer.digits if isinstance(answer, Pressed) else ""
    return keyed.get(int(digits), "") if digits.isdecimal() else ""


def _flag_of(entry: Entry, raises: set[str]) -> str:
    if isinstance(entry.answer, Spoke) and entry.answer.danger in HEARD:
        return HEARD[entry.answer.danger]
    parts = entry.key.split("/")
    if entry.key.startswith(SCREENING):
        return "asked" if parts[1] in raises and not is_clear_no(entry.answer) else ""
    return "worse" if entry.answer == Pressed("2") and "wait" in parts else ""
