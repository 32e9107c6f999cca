"""Digits as people say them."""

from __future__ import annotations

from callflows.identity.values import Said
from callflows.identity.words import words_of

_DIGITS = {
    **dict(
        zip(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), "0123456789", strict=True)
    ),
    **dict(
        zip(
            ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
            "0123456789",
            strict=True,
        )
    ),
    "oh": "0",
    "o": "0",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3, "doble": 2}


def read_digits(words: Said, language: str) -> tuple[str, ...]:
    """The strings of digits that an answer can mean, likeliest first."""
    found = [_read(heard) for heard in words]
    return tuple(dict.fromkeys(each for each in found if each))


def _read(heard: str) -> str:
    digits, times = "", 1
    for word in words_of(heard):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        digits += (word if word.isdigit() else _DIGITS.get(word, "")) * times
        times = 1
    return digits
