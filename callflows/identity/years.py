"""Years of birth as they are said and written down by recognisers."""

from __future__ import annotations

import re
from collections.abc import Sequence

EARLIEST, LATEST = 1890, 2049
"""No clock is read here: years of birth are those of anybody who may call while this release is in use."""
NEW_CENTURY = 30
"""Two digits under this may mean the years from 2000 on, and are read as those first."""

_ROMAN = re.compile(r"mm(?=.)(x{0,2})(ix|iv|v?i{0,3})")
_ROMAN_ENDS = {end: value for value, end in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))}


def read_year(texts: Sequence[str]) -> tuple[int, ...]:
    """The years that groups of digits begin with, likeliest first; none where they begin with no year.

    19 and 80, 1980, 80, 2000 and 3, 20019 for 2019, and 1980 followed by a stray 8 for 1988.
    """
    if not texts:
        return ()
    whole = _whole(texts)
    if whole:
        return whole
    first = texts[0]
    if len(first) == 3 and first.startswith("0"):
        return _two_digits(first[1:])
    if len(first) == 1 and len(texts) > 1 and len(texts[1]) == 1:
        first += texts[1]
    return _two_digits(first) if len(first) == 2 else ()


def _whole(texts: Sequence[str]) -> tuple[int, ...]:
    joined = ""
    for place, text in enumerate(texts[:4]):
        joined += text
        if len(joined) == 4 and EARLIEST <= int(joined) <= LATEST:
            rest = texts[place + 1 : place + 2]
            return (int(joined), *_mended(joined, rest))
        if len(joined) == 5 and re.fullmatch(r"200[0-4]\d|19[1-9]0[1-9]", joined):
            return (int(joined[:2] + joined[3:]) if joined.startswith("200") else int(joined[:3] + joined[4]),)
        if len(joined) > 4:
            return ()
    return ()


def _mended(joined: str, rest: Sequence[str]) -> tuple[int, ...]:
    """What 1980 may be that is followed by 8: recognisers write "nineteen eighty-eight" so."""
    if joined.endswith("0") and rest and len(rest[0]) == 1 and rest[0] != "0":
        return (int(joined) + int(rest[0]),)
    return ()


def _two_digits(text: str) -> tuple[int, ...]:
    short = int(text)
    return (2000 + short, 1900 + short) if short < NEW_CENTURY else (1900 + short,)


def roman_year(word: str) -> str:
    """MMVII as digits, "" for any other word and for "mm": some recognisers write years after 2000 so."""
    found = _ROMAN.fullmatch(word)
    return str(2000 + 10 * len(found[1]) + _ROMAN_ENDS[found[2]]) if found else ""
