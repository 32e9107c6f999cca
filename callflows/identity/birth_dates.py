"""How near a date that was said is to a date of birth on file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import Levenshtein

from callflows.identity.date_orders import Partial
from callflows.identity.dates import partial_dates
from callflows.identity.numbers import groups
from callflows.identity.values import Said
from callflows.identity.words import MOST

LIKE_DIGITS = 0.8
"""The likeness of digits that were run together or lost one, from which they are taken for the date."""
FEWEST_DIGITS = 5


class Nearness(IntEnum):
    """From the least to the most that an answer says for a date."""

    FAR = 0
    ONE_PART = 1
    LIKE = 2
    """Two parts, and another third; or digits that look like it."""
    NEAR = 3
    """Two parts, and a third that differs in one digit."""
    TWO_PARTS = 4
    """Two parts, and nothing that contradicts them."""
    EXACT = 5


@dataclass(frozen=True, slots=True)
class DateAnswer:
    """What one answer says of a date: dates or parts of them, and strings of digits."""

    partials: tuple[Partial, ...]
    digits: tuple[str, ...] = field(repr=False)


def read_date(answer: Said, language: str) -> DateAnswer:
    """Everything that does not depend on a record."""
    alternatives = tuple(dict.fromkeys(answer[:MOST]))
    partials = (each for heard in alternatives for each in partial_dates(heard, language))
    digits = (_digits(heard, language) for heard in alternatives)
    return DateAnswer(
        tuple(dict.fromkeys(partials)), tuple(dict.fromkeys(each for each in digits if len(each) >= FEWEST_DIGITS))
    )


def compare_dates(answer: DateAnswer, held: str) -> Nearness | None:
    """How near the nearest alternative of an answer is; None where nothing of a date was heard or is held."""
    wanted = _parsed(held)
    if wanted is None:
        return None
    forms = _forms(held)
    found = [_nearness(each, wanted) for each in answer.partials]
    found += [Nearness.LIKE for each in answer.digits if _is_like(each, forms)]
    return max(found, default=None)


def _parsed(held: str) -> Partial | None:
    try:
        found = date.fromisoformat(held)
    except ValueError:
        return None
    return Partial(found.year, found.month, found.day)


def _nearness(said: Partial, held: Partial) -> Nearness:
    pairs = ((said.year, held.year), (said.month, held.month), (said.day, held.day))
    right = sum(one == other for one, other in pairs)
    wrong = [(one, other) for one, other in pairs if one is not None and one != other]
    if right == 3:
        return Nearness.EXACT
    if right == 2 and not wrong:
        return Nearness.TWO_PARTS
    if right == 2:
        return Nearness.NEAR if _is_one_digit_off(*wrong[0]) else Nearness.LIKE
    return Nearness.ONE_PART if right == 1 else Nearness.FAR


def _is_one_digit_off(one: int | None, other: int | None) -> bool:
    return Levenshtein.distance(str(one), str(other)) == 1


def _digits(heard: str, language: str) -> str:
    found = groups(heard, language)
    return "".join(group.text for group in found if group.is_number)


def _is_like(digits: str, forms: tuple[str, ...]) -> bool:
    """Whether digits are nearly those of a date, in any order of day and month."""
    return any(Levenshtein.normalized_similarity(digits, form) >= LIKE_DIGITS for form in forms)


def _forms(held: str) -> tuple[str, ...]:
    year, month, day = held.split("-")
    short = f"{int(day)}{int(month)}{year}", f"{int(month)}{int(day)}{year}"
    return f"{day}{month}{year}", f"{month}{day}{year}", *short
