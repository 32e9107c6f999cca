"""Finding words in what somebody heard, and the moment at which they had been spoken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from callflows.prompts import CATALOGUES
from phonesim import Heard

_BLANK = re.compile(r"\{\w+\}")
_GAP = "\ufffc"
"""Stands for a blank of a prompt while its text is made plain."""


@dataclass(frozen=True, slots=True)
class Point:
    """How far a listener has come: the sound, and the letter in it."""

    sound: int = 0
    letter: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where words end, and when they had been (or will have been) spoken."""

    end: Point
    at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """Words to listen for, ``pattern`` in plain text; with a ``language`` only where they are spoken in it."""

    pattern: str
    language: str = ""

    def spoken_in(self, sound: Heard) -> bool:
        """Whether the sound is in the right language."""
        return self.language in ("", sound.language)


def words(text: str, language: str = "") -> tuple[Words, ...]:
    """Exactly these words, case, accents and extra blanks aside."""
    return (Words(re.escape(plain(text)), language),)


def prompt(name: str, language: str = "") -> tuple[Words, ...]:
    """A prompt of the catalogues, whatever fills its blanks, in this language or else in any."""
    spoken = [language] if language else sorted(CATALOGUES)
    return tuple(Words(_template(CATALOGUES[one][name]), one) for one in spoken)


def plain(text: str) -> str:
    """Text without case, accents and extra blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def find(heard: Sequence[Heard], wanted: Sequence[Words], since: Point = Point()) -> Place | None:
    """The first place at or after ``since`` where any of ``wanted`` was heard."""
    for index in range(since.sound, len(heard)):
        text = plain(heard[index].spoken)
        first = since.letter if index == since.sound else 0
        ends = list(_ends(heard[index], text, wanted, first))
        if ends:
            return Place(Point(index, min(ends)), _spoken_at(heard[index], min(ends) / len(text)))
    return None


def _ends(sound: Heard, text: str, wanted: Sequence[Words], first: int) -> Iterator[int]:
    for one in wanted:
        found = re.compile(one.pattern).search(text, first) if one.spoken_in(sound) else None
        if found is not None:
            yield found.end()


def _template(text: str) -> str:
    return re.escape(plain(_BLANK.sub(_GAP, text))).replace(re.escape(_GAP), ".+?")


def _spoken_at(sound: Heard, share: float) -> datetime:
    return sound.at if sound.until is None else sound.at + (sound.until - sound.at) * share
