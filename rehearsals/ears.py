"""Finding words in what somebody heard, and the moment at which they had been spoken."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from phonesim import Heard


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


def plain(text: str) -> str:
    """Text without case, accents and extra blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def find(heard: Sequence[Heard], words: str, since: Point = Point()) -> Place | None:
    """The first place at or after ``since`` where ``words`` were heard, case and accents aside."""
    wanted = plain(words)
    for index in range(since.sound, len(heard)):
        text = plain(heard[index].spoken)
        place = text.find(wanted, since.letter if index == since.sound else 0)
        if place >= 0:
            end = place + len(wanted)
            return Place(Point(index, end), _spoken_at(heard[index], end / len(text)))
    return None


def _spoken_at(sound: Heard, share: float) -> datetime:
    return sound.at if sound.until is None else sound.at + (sound.until - sound.at) * share
