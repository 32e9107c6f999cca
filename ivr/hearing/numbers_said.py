"""Numbers as people say the readings of a meter: "thirty eight", "two ten over one twenty", "one oh four"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from text_to_num import alpha2digit

ZERO_SAID_AS_LETTER = re.compile(r"\b(\d) (?:oh|o) ?(\d)\b")
HUNDREDS_LEFT_OUT = re.compile(r"(?<![\d.]\s)(?<![\d.])\b([1-9]) ([1-9]\d|0[1-9])\b(?!\s\d)")
HUNDREDS_APART = re.compile(r"\b([1-9]) 100\b")
HALVES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(\d+) and a half\b"),
    "es": re.compile(r"\b(\d+) y medi[oa]\b"),
}
COMMA = re.compile(r"(?<=\d),(?=\d\b)")


def with_digits(text: str, language: str) -> str:
    """``text`` in small letters with its numbers in digits, as ``language`` (en or es) says them.

    Hundreds that are left out, as in "two ten" for 210, are put back where two numbers stand side by side.
    """
    said = alpha2digit(text.lower().replace("-", " "), language, threshold=0)
    said = COMMA.sub(".", HALVES[language].sub(r"\1.5", said))
    said = HUNDREDS_APART.sub(r"\g<1>00", said)
    said = ZERO_SAID_AS_LETTER.sub(r"\g<1>0\2", said)
    return HUNDREDS_LEFT_OUT.sub(r"\1\2", said)
