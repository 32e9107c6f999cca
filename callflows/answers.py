"""Answers as text, for the log. The inverse pair is exact: ``read(write(a)) == a``."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from callflows import vocabulary
from callflows.vocabulary import Answer, Known

_KINDS: dict[str, type[Answer]] = {
    kind.__name__: kind
    for kind in vars(vocabulary).values()
    if isinstance(kind, type) and issubclass(kind, Answer) and kind is not Answer
}


class UnreadableAnswer(ValueError):
    """A stored answer is not one this release understands."""


def write(answer: Answer) -> str:
    """The answer as one line of JSON, its kind first."""
    values: list[Any] = [getattr(answer, field.name) for field in fields(answer)]
    return json.dumps([type(answer).__name__, *values], ensure_ascii=False)


def read(text: str) -> Answer:
    """The answer that ``write`` made ``text`` from.

    Raises:
        UnreadableAnswer: the text is damaged or from another release. The text is not repeated: it may be private.
    """
    try:
        kind, *values = json.loads(text)
        return _frozen(_KINDS[kind](*values))
    except (ValueError, KeyError, TypeError):
        # What is wrong with it would repeat a part of it.
        raise UnreadableAnswer("a logged answer cannot be read by this release") from None


def _frozen(answer: Answer) -> Answer:
    if isinstance(answer, Known):
        return Known(tuple((str(name), str(value)) for name, value in answer.value))
    return answer
