"""Ways in which the same words reach the ear: as they are, in capitals, with words lost, behind other talk."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random
from zlib import crc32

from ivr.hearing.held_out import WORDS, Frames
from ivr.hearing.sentences import Sentence

LOST = 0.1
"""The share of words that a bad line loses."""
LOST_IN_COPIES = 0.15
"""The same where words are lost for learning: a little more, because most sentences are short and would lose none."""
WITHOUT_ACCENTS = 0.5
"""The share of the same that have no accents either."""
SEED = 911
JOINTS = {
    "en-US": ("and", "but", "and also", "oh and", "and then", "but right now", "so", "anyway"),
    "es-US": ("y", "pero", "y también", "ah y", "y es que", "pero ahorita", "bueno", "pues"),
}
"""What stands between a wish and what is said after it."""
Style = Callable[[Sequence[Sentence]], list[str]]


def styles(frames: Frames) -> Mapping[str, Style]:
    """Every style by its name, with those of the frames that each language has."""
    names = sorted({name for framed in frames.values() for name in framed})
    return {
        "as is": lambda sentences: [one.text for one in sentences],
        "IN CAPITALS": lambda sentences: [one.text.upper() for one in sentences],
        "without accents": lambda sentences: [without_accents(one.text) for one in sentences],
        "one word in ten lost": with_words_lost,
        **{f"behind: {name}": _behind(frames, name) for name in names},
    }


def behind_wishes(sentences: Sequence[Sentence], wishes: Sequence[Sentence]) -> list[str]:
    """Each sentence behind a wish in its language, in one breath; the same ones in every run."""
    chance = Random(SEED)
    said = {language: [one.text for one in wishes if one.language == language] or [""] for language in JOINTS}
    return [
        f"{chance.choice(said[one.language])} {chance.choice(JOINTS[one.language])} {one.text}" for one in sentences
    ]


def with_words_lost(sentences: Sequence[Sentence]) -> list[str]:
    """One word in ten is lost, the same ones in every run; at least one stays."""
    chance = Random(SEED)
    return [_without_some(sentence.text, LOST, chance) for sentence in sentences]


def worn_copy(text: str) -> str:
    """``text`` with some words lost, every second time also its accents, as some recognisers write.

    Only its own words decide which: other sentences beside it change nothing.
    """
    chance = Random(crc32(text.encode()))
    worn = _without_some(text, LOST_IN_COPIES, chance)
    return without_accents(worn) if chance.random() < WITHOUT_ACCENTS else worn


def without_accents(text: str) -> str:
    """``text`` in letters alone: "niño" is "nino"."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _without_some(text: str, lost: float, chance: Random) -> str:
    words = text.split()
    return " ".join([word for word in words if chance.random() >= lost] or words[:1])


def _behind(frames: Frames, name: str) -> Style:
    """Each sentence in the next frame of its language, in turn."""

    def framed(sentences: Sequence[Sentence]) -> list[str]:
        rows = [frames.get(one.language, {}).get(name) or [WORDS] for one in sentences]
        return [row[place % len(row)].replace(WORDS, sentences[place].text) for place, row in enumerate(rows)]

    return framed
