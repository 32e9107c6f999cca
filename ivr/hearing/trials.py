"""How well the ear would hear what it never learned, by its own sentences: for choosing thresholds and writing more.

Each hand, and each group of red flags, is left out of the training in turn and heard with what is left. Nothing that is
held out for testing is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from zlib import crc32

import numpy as np

from ivr.hearing.classifier import Classifier
from ivr.hearing.copies import Copy, copies_of
from ivr.hearing.ear import Listened, listen
from ivr.hearing.encoder import Encoder, Vectors
from ivr.hearing.figures import Trial
from ivr.hearing.kinds import EVERYDAY, GROUPS
from ivr.hearing.sentences import Sentence
from ivr.hearing.styles import behind_wishes, with_words_lost
from ivr.hearing.training import Example, train

TOPIC_PARTS = 6
SPARE = 8
"""One wish in so many is spare."""
STYLED = 3
"""One emergency in so many is heard in other styles too."""
Part = Callable[[Sentence], str]
Wanted = Callable[[Sentence], bool]


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences, and all that is scored of each."""

    sentences: Sequence[Sentence]
    listened: Listened

    def heard(self, classifier: Classifier, wanted: Wanted) -> list[Trial]:
        """What a classifier hears in those that are wanted."""
        asked = [place for place, one in enumerate(self.sentences) if wanted(one)]
        heard = self.listened.only(asked).heard(classifier)
        return list(zip([self.sentences[place] for place in asked], heard, strict=True))


@dataclass(frozen=True, slots=True)
class Lesson(Said):
    """What is learned from: the sentences whole, and copies of them."""

    copies: Sequence[Copy]
    vectors_of_copies: Vectors

    @property
    def texts(self) -> list[str]:
        """Each sentence whole, in small letters."""
        return [said[0] for said in self.listened.stretches]

    @property
    def vectors(self) -> Vectors:
        """The vector of each."""
        firsts = [0, *accumulate(len(said) for said in self.listened.stretches)][:-1]
        return self.listened.vectors[firsts]

    def learn(self, wanted: Wanted = lambda one: True) -> Classifier:
        """The classifier that is learned from those that are wanted, and from copies that hold no word of others."""
        kept = [place for place, one in enumerate(self.sentences) if wanted(one)]
        texts, known = self.texts, set(kept)
        written = [Example(texts[place], self.sentences[place].label) for place in kept]
        rows = [row for row, copy in enumerate(self.copies) if copy.sources <= known]
        copies = [self.copies[row] for row in rows]
        copied = [Example(copy.text, copy.label, copy.counts, copied=True) for copy in copies]
        return train([*written, *copied], np.concatenate([self.vectors[kept], self.vectors_of_copies[rows]]))


def lesson_of(encoder: Encoder, sentences: Sequence[Sentence]) -> Lesson:
    """What is learned from these sentences."""
    copies = copies_of(sentences)
    listened = listen(encoder, [one.text for one in sentences])
    return Lesson(sentences, listened, copies, encoder.encode([copy.text for copy in copies]))


def in_styles(sentences: Sequence[Sentence], encoder: Encoder) -> dict[str, Said]:
    """Some of the emergencies as a bad line and a caller with two matters bring them; the same ones in every run."""
    chosen = [one for one in sentences if one.label in GROUPS][::STYLED]
    wishes = [one for one in sentences if is_spare(one)]
    texts = {"one word in ten lost": with_words_lost(chosen), "behind a wish": behind_wishes(chosen, wishes)}
    return {name: Said(chosen, listen(encoder, said)) for name, said in texts.items()}


def left_out(
    lesson: Lesson, part: Part, styled: Mapping[str, Said] | None = None, done: Callable[[], None] = lambda: None
) -> dict[str, list[Trial]]:
    """What is heard in each part of the sentences by an ear that learned from all the others; "" is no part.

    By style, "as is" first. Wishes that are spare are learned by none.
    """
    heard: dict[str, list[Trial]] = defaultdict(list)
    for name in sorted({part(one) for one in lesson.sentences} - {""}):
        classifier = lesson.learn(partial(_others, part, name))
        for style, said in {"as is": lesson, **(styled or {})}.items():
            heard[style] += said.heard(classifier, partial(_these, part, name))
        done()
    return heard


def _others(part: Part, name: str, sentence: Sentence) -> bool:
    return part(sentence) != name and not is_spare(sentence)


def _these(part: Part, name: str, sentence: Sentence) -> bool:
    return part(sentence) == name


def is_spare(sentence: Sentence) -> bool:
    """Whether it is one of a few wishes behind which emergencies are put: none that was learned would be a fair one."""
    return sentence.kind == "office" and crc32(sentence.text.encode()) % SPARE == 0


def by_hand(sentence: Sentence) -> str:
    """Who wrote it; everyday talk has too few hands, and is left out by topic."""
    return "" if sentence.kind == EVERYDAY else sentence.hand


def by_group(sentence: Sentence) -> str:
    """The group of red flags."""
    return sentence.label if sentence.label in GROUPS else ""


def by_topic(sentence: Sentence) -> str:
    """One of a few parts of the everyday topics."""
    return str(crc32(sentence.key.encode()) % TOPIC_PARTS) if sentence.kind == EVERYDAY else ""
