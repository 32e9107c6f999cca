"""What the ear hears in some words, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ivr.hearing.classifier import Scores
from ivr.hearing.ear import Ear, listen
from ivr.hearing.heard import Class, Heard, Sureness, judge, sureness
from ivr.hearing.sentences import Sentence
from ivr.hearing.windows import windows

NEAREST = 5


def explain(ear: Ear, text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """Lines that say the class, the scores of the whole and of each stretch, and the nearest sentences."""
    heard = ear.hear(text)
    yield _in_words(heard)
    for words, scores in ear.stretches(text):
        yield f"  {_scores(scores)}  {words}"
    if windows(text):
        yield "nearest of what it learned:"
        yield from _nearest(ear, text, sentences)


def _in_words(heard: Heard) -> str:
    found = judge(heard)
    if found is Class.EMERGENT:
        return f"emergent: ask about {heard.group}"
    if found is Class.OFFICE:
        second = f" or {heard.second}" if sureness(heard) is Sureness.BEST_TWO else ""
        return f"office: {heard.service}{second} ({sureness(heard).value}, {heard.service_score:.2f})"
    return {
        Class.CLINICAL: "clinical: a nurse should hear it",
        Class.EVERYDAY: "everyday: nothing of the clinic, or too little to tell",
        Class.NOTHING: "nothing: no words",
    }[found]


def _scores(scores: Scores) -> str:
    group = max(scores.groups, key=lambda name: scores.groups[name], default="none")
    parts = f"clinical {scores.clinical:.2f}, office {scores.office:.2f}, everyday {scores.everyday:.2f}"
    return f"emergent {scores.emergent:.2f} ({group}), {parts}"


def _nearest(ear: Ear, text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """The sentences whose vectors are nearest to that of the whole text."""
    learned = ear.encoder.encode([windows(one.text)[0] for one in sentences])
    near = learned @ listen(ear.encoder, [text]).vectors[0]
    for place in np.argsort(-near, kind="stable")[:NEAREST]:
        one = sentences[int(place)]
        yield f"  {near[place]:.2f}  {one.kind}, {one.key} ({one.language}, hand {one.hand}): {one.text}"
