"""Whoever names 911 has an emergency in mind, however the recogniser writes it: found by a rule, not by likeness."""

from __future__ import annotations

import re

from ivr.hearing.numbers_said import with_digits

LANGUAGES = ("en", "es")
_NAMED = re.compile(r"(?<![\d$.])(?<!\d[ -])9[ -]?1[ -]?1([ -]?9[ -]?1[ -]?1)*(?![ -]?\d)")
"""The three digits, as often as they are said, and no others around them, so that they are no part of a telephone
number, a date or a postcode.
"""


def names_911(text: str) -> bool:
    """Whether ``text`` names 911 in English or Spanish, in digits or in words. That it is not wanted is not heard."""
    return any(_NAMED.search(with_digits(text, language)) for language in LANGUAGES)
