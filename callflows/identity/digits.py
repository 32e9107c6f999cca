"""Digits as people say them: one by one, in groups, doubled."""

from __future__ import annotations

from collections.abc import Iterable

from callflows.identity.number_words import SOUND_LIKE_DIGITS
from callflows.identity.numbers import Group, groups
from callflows.identity.values import Said
from callflows.identity.words import MOST


def read_digits(words: Said, language: str) -> tuple[str, ...]:
    """The strings of digits that an answer can mean, likeliest first.

    "Twelve thirty-four" is 1234, and perhaps 12304; "for" among digits is perhaps a 4. Words that are no numbers are
    passed over.
    """
    plain, unlikely = [], []
    for heard in words[:MOST]:
        found = groups(heard, language)
        plain.append(_joined(found))
        unlikely += [_by_word(found), _joined(_with_homophones(found))]
    return tuple(dict.fromkeys(each for each in (*plain, *unlikely) if each))


def without_numbers(heard: str, language: str) -> str:
    """The words of one alternative that are no numbers and sound like none, folded."""
    found = groups(heard, language)
    return " ".join(each.text for each in found if not each.is_number and each.text not in SOUND_LIKE_DIGITS)


def _joined(found: Iterable[Group]) -> str:
    return "".join(group.text for group in found if group.is_number)


def _by_word(found: Iterable[Group]) -> str:
    return "".join("".join(group.parts) or group.text for group in found if group.is_number)


def _with_homophones(found: Iterable[Group]) -> Iterable[Group]:
    return [Group(SOUND_LIKE_DIGITS[group.text]) if group.text in SOUND_LIKE_DIGITS else group for group in found]
