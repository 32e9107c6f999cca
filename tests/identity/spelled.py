"""Names and codes as people spell them."""

from __future__ import annotations

NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey x-ray yankee zulu"
)
EVERYDAY = (
    "apple boy cat dog edward frank george harry ice john king larry mary nancy orange peter queen robert sam tom"
    " umbrella victor william x-ray yellow zebra"
)


def spelled(text: str, style: int) -> str:
    """Single letters; the alphabet of aviation; "B as in boy"; or "T for Tom", with digits as they are."""
    return " ".join(_one(letter, style) for letter in text.lower() if letter.isalnum())


def _one(letter: str, style: int) -> str:
    if style == 0 or letter.isdigit():
        return letter
    nato, everyday = (words.split()[ord(letter) - ord("a")] for words in (NATO, EVERYDAY))
    return {1: nato, 2: f"{letter} as in {everyday}", 3: f"{letter} for {everyday}"}[style]
