"""How well the ear would hear what it never learned, by its own sentences: for choosing thresholds and writing more.

Each hand, and each group of red flags, is left out of the training in turn and heard with what is left. Nothing that is
held out for testing is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

from ivr.hearing.classifier import Classifier
from ivr.hearing.ear import Listened
from ivr.hearing.encoder import Vectors
from ivr.hearing.figures import Trial
from ivr.hearing.kinds import EVERYDAY, GROUPS
from ivr.hearing.sentences import Sentence
from ivr.hearing.training import train

TOPIC_PARTS = 6
Part = Callable[[Sentence], str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: the sentences, each whole as a text with its vector, and all that is scored of each."""

    sentences: Sequence[Sentence]
    listened: Listened

    @property
    def texts(self) -> list[str]:
        """Each sentence whole, in small letters."""
        return [said[0] for said in self.listened.stretches]

    @property
    def vectors(self) -> Vectors:
        """The vector of each."""
        firsts = [0, *accumulate(len(said) for said in self.listened.stretches)][:-1]
        return self.listened.vectors[firsts]

    def learn(self, wanted: Callable[[Sentence], bool] = lambda one: True) -> Classifier:
        """The classifier that is learned from those that are wanted."""
        kept = [place for place, one in enumerate(self.sentences) if wanted(one)]
        texts = self.texts
        return train(
            [texts[place] for place in kept], self.vectors[kept], [self.sentences[place].label for place in kept]
        )


def left_out(lesson: Lesson, part: Part, done: Callable[[], None] = lambda: None) -> list[Trial]:
    """What is heard in each part of the sentences by an ear that learned from all the others; "" is no part."""
    names = sorted({part(one) for one in lesson.sentences} - {""})
    return [trial for name in names for trial in _heard_without(lesson, part, name, done)]


def by_hand(sentence: Sentence) -> str:
    """Who wrote it; everyday talk has too few hands, and is left out by topic."""
    return "" if sentence.kind == EVERYDAY else sentence.hand


def by_group(sentence: Sentence) -> str:
    """The group of red flags."""
    return sentence.label if sentence.label in GROUPS else ""


def by_topic(sentence: Sentence) -> str:
    """One of a few parts of the everyday topics."""
    return str(crc32(sentence.key.encode()) % TOPIC_PARTS) if sentence.kind == EVERYDAY else ""


def _heard_without(lesson: Lesson, part: Part, name: str, done: Callable[[], None]) -> Iterator[Trial]:
    classifier = lesson.learn(lambda one: part(one) != name)
    asked = [place for place, one in enumerate(lesson.sentences) if part(one) == name]
    heard = lesson.listened.only(asked).heard(classifier)
    done()
    yield from zip([lesson.sentences[place] for place in asked], heard, strict=True)
