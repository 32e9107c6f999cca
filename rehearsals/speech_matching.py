"""Matching words with what somebody heard, and finding the moment at which they had been spoken."""

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
    """A position in what somebody heard: the sound, and the letter in it."""

    sound: int = 0
    letter: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """The position at which words end, and the instant at which they have been or will have been spoken."""

    end: Point
    at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """Words to listen for. ``pattern`` matches plain text; with a ``language`` only sounds in that language count."""

    pattern: str
    language: str = ""

    def spoken_in(self, sound: Heard) -> bool:
        """Return whether the sound is in the right language."""
        return self.language in ("", sound.language)


def words(text: str, language: str = "") -> tuple[Words, ...]:
    """Match exactly these words, whatever their case, accents and extra blanks."""
    return (Words(re.escape(plain(text)), language),)


def prompt(name: str, language: str = "") -> tuple[Words, ...]:
    """Match a prompt of the catalogues, whatever fills its blanks, in this language or else in any."""
    spoken = [language] if language else sorted(CATALOGUES)
    return tuple(Words(_template(CATALOGUES[one][name]), one) for one in spoken)


def plain(text: str) -> str:
    """Return the text without case, accents and extra blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def find(heard: Sequence[Heard], wanted: Sequence[Words], since: Point = Point()) -> Place | None:
    """Return the first place at or after ``since`` where any of ``wanted`` was heard."""
    for index in range(since.sound, len(heard)):
        text = plain(heard[index].spoken)
        first = since.letter if index == since.sound else 0
        ends = list(_ends(heard[index], text, wanted, first))
        if ends:
            return Place(Point(index, min(ends)), _spoken_at(heard[index], min(ends) / len(text)))
    return None


def find_cut(heard: Sequence[Heard], wanted: Sequence[Words], since: Point = Point()) -> Place | None:
    """Return the first place at or after ``since`` where any of ``wanted`` was cut short, wherever it had begun."""
    for index in range(since.sound, len(heard)):
        sound = heard[index]
        whole, spoken = plain(sound.text), plain(sound.spoken)
        if not sound.cut or sound.until is None:
            continue
        for one in wanted:
            found = re.compile(one.pattern).search(whole) if one.spoken_in(sound) else None
            if found is not None and found.start() < len(spoken) < found.end():
                return Place(Point(index, len(spoken)), sound.until)
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
