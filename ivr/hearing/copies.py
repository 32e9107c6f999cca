"""Copies of sentences as they reach the ear, which it learns beside them: with words lost, and cut out of longer talk.

A run of words out of long talk begins and ends anywhere: in the middle of one sentence, or with half of one and half of
the next, which nobody writes down. Of all long talk some piece sounds a little like an emergency, unless the ear has
learned such pieces of harmless talk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from zlib import crc32

from ivr.hearing.kinds import EVERYDAY
from ivr.hearing.sentences import LANGUAGES, Sentence
from ivr.hearing.styles import JOINTS, worn_copy
from ivr.hearing.windows import WIDTH, plain_words, windows

WORN_COUNTS, PIECE_COUNTS = 1.0, 0.05
"""What a sentence with words lost, and a piece of talk, count beside a sentence that somebody wrote."""
TOLD = 4
"""Sentences that are told one after the other where a piece of harmless talk is cut out."""

Word = tuple[str, int | None]
"""A word with the place of the sentence that it is from; that of a joint has none."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Words that nobody wrote so, what they teach, and the places of the sentences that they are made of.

    ``worn``: a whole sentence with words lost, and no piece of talk.
    """

    text: str
    label: str
    sources: frozenset[int]
    worn: bool = False

    @property
    def counts(self) -> float:
        """How much it counts in what is learned."""
        return WORN_COUNTS if self.worn else PIECE_COUNTS


def copies_of(sentences: Sequence[Sentence]) -> list[Copy]:
    """The copies of all sentences, the same in every run: of each a worn one, of harmless ones pieces of longer talk.

    An errand has no pieces: those of "the bill for when my son choked" would teach that nobody chokes.
    """
    harmless = {
        language: [place for place, one in enumerate(sentences) if one.language == language and _is_harmless(one)]
        for language in LANGUAGES
    }
    return [copy for place in range(len(sentences)) for copy in _copies(sentences, place, harmless)]


def _is_harmless(sentence: Sentence) -> bool:
    return sentence.kind in ("office", EVERYDAY)


def _copies(sentences: Sequence[Sentence], place: int, harmless: Mapping[str, Sequence[int]]) -> Iterator[Copy]:
    one = sentences[place]
    chance = Random(crc32(one.text.encode()))
    yield Copy(" ".join(plain_words(worn_copy(one.text))), one.label, frozenset({place}), worn=True)
    if _is_harmless(one):
        runs = (stretch for stretch in windows(one.text)[1:] if len(stretch.split()) >= WIDTH)
        yield from (Copy(run, one.label, frozenset({place})) for run in runs)
        others = [chance.choice(harmless[one.language]) for _ in range(TOLD - 1)]
        yield _piece(sentences, _told(sentences, (place, *others), chance), chance)


def _told(sentences: Sequence[Sentence], places: Sequence[int], chance: Random) -> list[Word]:
    """The words of some sentences, one said after the other."""
    words: list[Word] = []
    for place in places:
        if words:
            words += [(word, None) for word in chance.choice(JOINTS[sentences[place].language]).split()]
        words += [(word, place) for word in plain_words(sentences[place].text)]
    return words


def _piece(sentences: Sequence[Sentence], words: Sequence[Word], chance: Random) -> Copy:
    """A run of words, wherever it begins; it teaches what the sentence does of which it holds most."""
    start = chance.randint(0, max(0, len(words) - WIDTH))
    piece = words[start : start + WIDTH]
    counts = Counter(source for _, source in piece if source is not None)
    ((most, _),) = counts.most_common(1)
    return Copy(" ".join(word for word, _ in piece), sentences[most].label, frozenset(counts))
