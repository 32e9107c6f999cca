"""The prompt catalogues: every line that is spoken, in every language, as one text with blanks.

Grade 5-6 reading level, action before key, one idea a sentence. A practice's own texts (protocol
questions, service names) come with its configuration instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from callflows.prompts import en_us, es_us
from callflows.prompts.call_back_times import CALL_BACK_TIMES
from callflows.prompts.dial_in import DIAL_IN
from callflows.prompts.drill import DRILL
from callflows.prompts.dropped_line import DROPPED
from callflows.prompts.hold import HOLD

_OF_ONE_THING = (CALL_BACK_TIMES, DIAL_IN, DRILL, DROPPED, HOLD)
CATALOGUES: dict[str, dict[str, str]] = {
    language: {**prompts, **{name: text for texts in _OF_ONE_THING for name, text in texts[language].items()}}
    for language, prompts in (("en-US", en_us.PROMPTS), ("es-US", es_us.PROMPTS))
}
DEFAULT_LANGUAGE = "en-US"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say in one language.

    ``prompt`` names a catalogue entry, or is empty when ``text`` holds the practice's own words.
    ``private`` marks lines that carry something about a patient.
    """

    prompt: str
    language: str = DEFAULT_LANGUAGE
    values: tuple[tuple[str, str], ...] = ()
    text: str = ""
    private: bool = False

    def spoken(self) -> str:
        """The words to be spoken."""
        return self.text or filled(CATALOGUES[self.language][self.prompt], dict(self.values))


_COUNTED = re.compile(r"\{(\w+):([^|}]+)\|([^|}]+)\}")


def filled(text: str, values: dict[str, str]) -> str:
    """A text with its blanks filled. ``{minutes:minute|minutes}`` is a number with its noun: one, or several."""
    counted = _COUNTED.sub(lambda blank: f"{{{blank[1]}}} {blank[2] if values[blank[1]] == '1' else blank[3]}", text)
    return counted.format(**values)


def line(prompt: str, language: str, **values: str) -> Line:
    """A catalogue line with its blanks filled."""
    return Line(prompt, language, tuple(sorted(values.items())))


@cache
def plain_lines(language: str, prompts: tuple[str, ...]) -> tuple[Line, ...]:
    """Catalogue lines without blanks. A flow asks for the same few at every replay."""
    return tuple(Line(prompt, language) for prompt in prompts)


def own_words(text: str, language: str, *, private: bool = False) -> Line:
    """A line in the practice's own words."""
    return Line("", language, text=text, private=private)


def languages() -> tuple[str, ...]:
    """Every language that a caller can be served in by voice prompts."""
    return tuple(sorted(CATALOGUES))
