"""What the ear hears in some words, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ivr.hearing.classifier import Scores
from ivr.hearing.ear import Ear, listen
from ivr.hearing.heard import Class, Heard, Sureness, decided_by, judge, sureness
from ivr.hearing.replies import is_bare_reply
from ivr.hearing.sentences import Sentence
from ivr.hearing.windows import MARKS, plain_words, windows

NEAREST = 5


def explain(ear: Ear, text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """Lines that say the class, by what it was decided and what follows, all scores, and the nearest sentences."""
    heard = ear.hear(text)
    yield _in_words(heard)
    by_rule = listen(ear.encoder, [text]).alarms[0]
    if by_rule:
        yield "because: a rule, which counts as certain: a meter's reading past its limits, or 911 by name"
    elif judge(heard) is not Class.NOTHING:
        yield f"because: {decided_by(heard)}"
    yield f"the line: {BARE if is_bare_reply(text) else FOLLOWS[judge(heard)]}"
    if not by_rule:
        yield from _never_learned(text, sentences)
    for words, scores in ear.stretches(text):
        yield f"  {_scores(scores)}  {words}"
    for name, scores in ear.views(text).items():
        yield f"all of it by its {name} alone: {_scores(scores)}"
    if windows(text):
        yield "nearest of what it learned:"
        yield from _nearest(ear, text, sentences)


FOLLOWS = {
    Class.EMERGENT: "says the 911 words and asks whether it is so now; silence, unclear words and yes raise the call",
    Class.CLINICAL: "asks whether anybody is ill; all but a clear no goes to a nurse or a clinician",
    Class.OFFICE: "takes up the wish where it is sure of it, else offers the best two, else reads the menu",
    Class.EVERYDAY: "asks whether anybody is ill, then reads the menu again",
    Class.NOTHING: "asks whether anybody is ill, then reads the menu again",
}
"""What follows a class where a caller says what they call about; phrases of a protocol raise beside it."""

BARE = "does not ask the ear: that is a no or a doubt and nothing else, and the question says what follows from it"


def _never_learned(text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """A line about words that stand in no sentence it learned: what is heard in them is guessed."""
    learned = {word.strip(MARKS) for one in sentences for word in plain_words(one.text)}
    said = list(dict.fromkeys(filter(None, (word.strip(MARKS) for word in plain_words(text)))))
    strange = [word for word in said if word not in learned and not word.isdigit()]
    if strange and len(strange) == len(said):
        yield f"not understood: it never learned any of these words ({', '.join(strange)}), so all of this is a guess"
    elif strange:
        yield f"never learned: {', '.join(strange)}; what is heard in them is guessed"


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
