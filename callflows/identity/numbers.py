"""Numbers as people say them: words and digits become groups of digits, in the order in which they were said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.words import fold


@dataclass(frozen=True, slots=True)
class Group:
    """A number with its leading zeros, or a word that is none."""

    text: str
    is_number: bool = True
    is_ordinal: bool = False
    parts: tuple[str, ...] = ()
    """The same digits one word after the other, where a number is made of several words: 20 and 1 of twenty-one."""


_PIECES = re.compile(r"(\d+)(?:st|nd|rd|th)\b|(\d+)|([a-z]+)")


def groups(heard: str, language: str) -> tuple[Group, ...]:
    """The numbers and words of one alternative. "Nineteen eighty" is 19 and 80, "two thousand and four" is 2004."""
    return tuple(_repeated(_Reader(language).read(heard)))


class _Reader:
    """Adds words to the number that is being said until one cannot belong to it.

    ``_value`` is that number, or None between numbers; ``_room`` is what a further word must stay under to be
    added: 10 after "twenty", 100 after "nineteen hundred", 1 after a number that is whole.
    """

    def __init__(self, language: str) -> None:
        self._cardinals = cardinals(language)
        self._found: list[Group] = []
        self._value: int | None = None
        self._room = 1
        self._parts: list[str] = []
        self._joining: list[str] = []

    def read(self, heard: str) -> list[Group]:
        for ordinal, digits, word in _PIECES.findall(fold(heard)):
            if word:
                self._take_word(word)
            else:
                self._take_digits(ordinal or digits, bool(ordinal))
        self._end()
        return self._found

    def _take_digits(self, digits: str, is_ordinal: bool) -> None:
        fits = self._value is not None and self._room == 100 and len(digits) <= 2 and not digits.startswith("0")
        if fits:
            self._add(int(digits), 1)
            return
        self._end()
        if len(digits) == 4 and digits.endswith("00") and not digits.startswith("0"):
            self._begin(int(digits), 100)
        else:
            self._found.append(Group(digits, is_ordinal=is_ordinal))

    def _take_word(self, word: str) -> None:
        if word in MULTIPLIERS:
            self._multiply(MULTIPLIERS[word])
        elif word in self._cardinals:
            self._take_number(self._cardinals[word])
        elif word in ORDINALS:
            self._take_number(ORDINALS[word])
            self._end(is_ordinal=True)
        elif word in JOINING and self._value is not None and self._room > 1:
            self._joining.append(word)
        else:
            self._end()
            self._found.append(Group(word, is_number=False))

    def _take_number(self, number: int) -> None:
        room = 10 if 20 <= number < 100 and number % 10 == 0 else 100 if number >= 100 else 1
        if self._value is not None and 0 < number < self._room:
            self._add(number, room)
        else:
            self._end()
            self._begin(number, room)

    def _multiply(self, by: int) -> None:
        """Nobody says 22 000 here: "May twenty, two thousand" is 20 and 2000."""
        if by == 1000 and len(self._parts) == 2 and self._value is not None and self._value < 100:
            thousands = int(self._parts[1])
            self._value, self._parts = int(self._parts[0]), []
            self._end()
            self._begin(thousands * by, by)
        elif self._value is not None and self._room in (1, 10) and 0 < self._value < 100:
            self._begin(self._value * by, by)
            self._joining = []
        else:
            self._end()
            self._begin(by, by)

    def _begin(self, number: int, room: int) -> None:
        self._value, self._room, self._parts = number, room, [str(number)]

    def _add(self, number: int, room: int) -> None:
        assert self._value is not None
        self._value += number
        self._room = min(room, self._room)
        self._parts.append(str(number))
        self._joining = []

    def _end(self, is_ordinal: bool = False) -> None:
        if self._value is not None:
            parts = tuple(self._parts) if len(self._parts) > 1 else ()
            self._found.append(Group(str(self._value), is_ordinal=is_ordinal, parts=parts))
        self._found += [Group(word, is_number=False) for word in self._joining]
        self._value, self._room, self._parts, self._joining = None, 1, [], []


def _repeated(found: list[Group]) -> Iterator[Group]:
    """Double and triple, carried out on the first digit of the number that follows."""
    times = 1
    for group in found:
        if group.text in REPEATED and not group.is_number:
            times = REPEATED[group.text]
            continue
        if times > 1 and group.is_number:
            yield Group(group.text[0] * times + group.text[1:])
        else:
            yield group
        times = 1
