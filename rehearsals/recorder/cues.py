"""Choosing the words that a recorded rehearsal writes down: those after which somebody acted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callflows.prompts import CATALOGUES
from phonesim import Heard
from rehearsals.speech_matching import Place, Point, find, plain, words

LETTERS_A_SECOND = 15.0
LEAST_SECONDS = 1.0
"""How fast a sound of the trace was spoken: the network's own defaults."""
CHANGING = ("{time}", "{position}", "{seconds}")
"""Blanks of prompts that another run fills otherwise."""
FEWEST_LETTERS = 10
MOST_LETTERS = 70
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


@dataclass(slots=True)
class Listener:
    """What one person heard on one line, and up to which point it is written down."""

    heard: list[Heard] = field(default_factory=list)
    point: Point = field(default_factory=Point)

    def hears(self, at: datetime, kind: str, text: str) -> None:
        """Note that a sound begins."""
        self.cut_off(at)
        seconds = max(LEAST_SECONDS, len(text) / LETTERS_A_SECOND)
        self.heard.append(Heard(at, at + timedelta(seconds=seconds), text, kind, planned=seconds))

    def cut_off(self, at: datetime) -> None:
        """Note that what is still spoken is cut off: another sound begins, or somebody comes to talk."""
        if self.heard and (last := self.heard[-1]).until and last.until > at:
            last.cut, last.until = True, at

    def cue(self, at: datetime) -> tuple[str, Place] | None:
        """Return the newest words heard by ``at`` that are not yet written, and where they end."""
        for index in range(len(self.heard) - 1, self.point.sound - 1, -1):
            for text in _candidates(_until(self.heard[index], at)):
                place = find(self.heard[: index + 1], words(text), self.point)
                if place is not None and place.at <= at:
                    self.point = place.end
                    return text, place
        return None


def _until(sound: Heard, at: datetime) -> Heard:
    """Return the part of the sound that had been heard by then."""
    over = sound.until is not None and sound.until <= at
    return sound if over else Heard(sound.at, at, sound.text, sound.kind, cut=True, planned=sound.planned)


def _candidates(sound: Heard) -> Iterator[str]:
    """Yield words of a sound, the best first: its last whole sentence, then whole words of what was heard."""
    spoken = _lasting(sound.text, sound.spoken)
    whole = [part for part in _SENTENCE.split(spoken) if part.endswith((".", "?", "!"))]
    begun = spoken if spoken == sound.text else spoken.rpartition(" ")[0]
    for text in (*reversed(whole), begun):
        short = _shortened(text.strip(" .?!,;:¿¡"))
        if len(short) >= FEWEST_LETTERS:
            yield short


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[-MOST_LETTERS:].partition(" ")[2]


def _lasting(text: str, spoken: str) -> str:
    """Return what was spoken, without what differs in another run, such as times and positions."""
    for template in _changing_prompts():
        parts = [re.escape(plain(part)) for part in re.split("|".join(map(re.escape, CHANGING)), template)]
        if re.fullmatch(r"\s*.+?\s*".join(parts), plain(text)):
            pieces = re.split("|".join(map(re.escape, CHANGING)), template)
            return max((piece for piece in pieces if piece in spoken), key=len, default="")
    return spoken


def _changing_prompts() -> Sequence[str]:
    return [text for one in CATALOGUES.values() for text in one.values() if any(blank in text for blank in CHANGING)]
