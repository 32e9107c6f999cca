"""How much one item that was said speaks for a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callflows.identity.dates import read_dates
from callflows.identity.digits import read_digits
from callflows.identity.values import ITEMS, Said, Weight
from callflows.identity.words import letters_and_digits, words_of

NOTHING = Weight(0.0, False)
"""What nothing said, or nothing on file, says."""


def weigh(item: str, said: Sequence[Said], held: str, language: str) -> Weight:
    """The evidence of every attempt at one item, held against what a record has. KeyError for an unknown item."""
    agrees = _AGREES[item]
    if not held or not any(alternative.strip() for answer in said for alternative in answer):
        return NOTHING
    if any(agrees(answer, held, language) for answer in said):
        return Weight(_FOR[item], True)
    return Weight(-4.0, False)


def _name(answer: Said, held: str, _language: str) -> bool:
    wanted = sorted(words_of(held))
    return any(sorted(words_of(heard)) == wanted for heard in answer)


def _date(answer: Said, held: str, language: str) -> bool:
    return held in read_dates(answer, language)


def _characters(answer: Said, held: str, language: str) -> bool:
    wanted = letters_and_digits(held)
    return any(letters_and_digits(heard) == wanted for heard in (*answer, *read_digits(answer, language)))


def _telephone(answer: Said, held: str, language: str) -> bool:
    return any(len(heard) >= 10 and heard[-10:] == held[-10:] for heard in read_digits(answer, language))


_AGREES: dict[str, Callable[[Said, str, str], bool]] = dict(
    zip(ITEMS, (_name, _date, _characters, _characters, _telephone), strict=True)
)
_FOR = dict(zip(ITEMS, (6.0, 8.0, 5.0, 9.0, 9.0), strict=True))
