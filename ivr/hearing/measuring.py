"""The ear tested with held-out sentences, in every style in which words reach it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ivr.hearing.ear import Ear, listen
from ivr.hearing.encoder import Encoder
from ivr.hearing.figures import Trial
from ivr.hearing.held_out import HeldOut
from ivr.hearing.kinds import GROUPS
from ivr.hearing.sentences import Sentence
from ivr.hearing.styles import styles
from ivr.hearing.trials import Lesson

Row = tuple[str, list[Trial]]
"""A style, and what was heard in it."""


def measure(ear: Ear, held: HeldOut, wanted: Sequence[str] | None = None) -> list[Row]:
    """What is heard in each style, or in those that are ``wanted``, of the sentences as they stand in it."""
    named = {name: style for name, style in styles(held.frames).items() if wanted is None or name in wanted}
    return [(name, _heard(ear, held.sentences, style(held.sentences))) for name, style in named.items()]


def measure_untrained(lesson: Lesson, held: HeldOut, encoder: Encoder) -> list[Row]:
    """What is heard in each group of red flags by an ear that learned all but this group. Raises CannotTrain."""
    return [
        (
            "by weights that never learned the group",
            [trial for group in GROUPS for trial in _without(lesson, held, encoder, group)],
        )
    ]


def _heard(ear: Ear, sentences: Sequence[Sentence], texts: Sequence[str]) -> list[Trial]:
    said = [replace(one, text=text) for one, text in zip(sentences, texts, strict=True)]
    return list(zip(said, ear.hear_each(texts), strict=True))


def _without(lesson: Lesson, held: HeldOut, encoder: Encoder, group: str) -> Iterator[Trial]:
    asked = [one for one in held.sentences if one.label == group]
    if asked:
        classifier = lesson.learn(lambda one: one.label != group)
        yield from zip(asked, listen(encoder, [one.text for one in asked]).heard(classifier), strict=True)
