"""How old a patient is, as callers say it: one of the ages by which the screen is chosen.

Of several ages that are said the youngest counts, and a baby of no stated age is a newborn: the younger, the more is
asked about. A number without a unit may be weeks or years, and tells nothing below :data:`SURELY_YEARS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callflows.values import ADULT, AGES, CHILD, INFANT, NEWBORN
from ivr.hearing.numbers_said import with_digits
from ivr.hearing.phrases import raises

SURELY_YEARS = 25
NAMED: dict[str, tuple[str, ...]] = {
    NEWBORN: ("newborn", "just born", "baby", "recien nacido", "recien nacida", "bebe"),
    CHILD: ("toddler", "child", "kid", "little boy", "little girl", "nino", "nina"),
    ADULT: (
        *("adult", "grown up", "teenager", "elderly", "husband", "wife", "mother", "father", "grandmother"),
        *("grandfather", "adulto", "adulta", "adolescente", "esposo", "esposa", "abuelo", "abuela"),
    ),
}
"""Words for an age, the youngest first. Sons and daughters may be of any."""
_IN_MONTHS = {
    **dict.fromkeys(("day", "days", "dia", "dias", "día", "días"), 1 / 30),
    **dict.fromkeys(("week", "weeks", "semana", "semanas"), 12 / 52),
    **dict.fromkeys(("month", "months", "mes", "meses"), 1.0),
    **dict.fromkeys(("year", "years", "ano", "anos", "año", "años"), 12.0),
}
_ONE = re.compile(r"\b(?:an?|una?)\s+(?=(?:day|week|month|year|d[ií]a|semana|mes|a[nñ]o)\b)")
_AND_MONTHS = re.compile(r"(\d+\s*(?:years?|a[nñ]os?))\s*(?:and|y)?\s*\d+\s*(?:months?|mes(?:es)?)\b")
_WITH_UNIT = re.compile(rf"(\d+)\s*({'|'.join(sorted(_IN_MONTHS, key=len, reverse=True))})\b")
_BARE = re.compile(r"\d+")


def age_said(words: str) -> str:
    """One of AGES, or "" where the words tell none."""
    told = [_age_of(months) for language in ("en", "es") for months in _months_said(words, language)]
    if told:
        return min(told, key=AGES.index)
    return next((age for age, names in NAMED.items() if raises(words, names)), "")


def _months_said(words: str, language: str) -> Iterator[float]:
    said = _AND_MONTHS.sub(r"\1", _ONE.sub("1 ", with_digits(words, language)))
    found = _WITH_UNIT.findall(said)
    yield from (int(number) * _IN_MONTHS[unit] for number, unit in found)
    if not found:
        yield from (12.0 * int(number) for number in _BARE.findall(said) if SURELY_YEARS <= int(number) < 120)


def _age_of(months: float) -> str:
    """The age of a patient of so many months."""
    if months < 3:
        return NEWBORN
    if months < 12:
        return INFANT
    return CHILD if months < 12 * 12 else ADULT
