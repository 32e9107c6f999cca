"""How much what was said of one item speaks for a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callflows.identity.birth_dates import Nearness, compare_dates, read_date
from callflows.identity.codes import CodeAnswer, compare_code, read_code, spells
from callflows.identity.name_evidence import name_weigher
from callflows.identity.telephones import compare_telephone, read_telephone
from callflows.identity.values import ITEMS, Said, Weight
from callflows.identity.weights import (
    EXACT_MRN,
    EXACT_ZIP,
    FITTED,
    KNOTS_OF_DIGITS,
    Calibration,
    at_knots,
    together,
)
from callflows.identity.words import letters_and_digits

MOST_ATTEMPTS = 6
"""Answers to one question that count, the last ones: nobody is asked more often, and each is one more chance."""
LIKE_ENOUGH = 0.86
"""The likeness from which a postcode agrees: one of its characters may be another that sounds alike."""

NOTHING_LESS = 2.0
"""A likeness that nothing reaches, for codes that agree only as a whole."""

Weigher = Callable[[str], Weight]
"""Weighs what was said against what one record holds, "" where it holds nothing."""


def weigh(item: str, said: Sequence[Said], held: str, language: str) -> Weight:
    """The evidence of every answer to one question, held against what a record has. KeyError for an unknown item.

    Nothing said and nothing on file are no evidence.
    """
    return weigher(item, said, language)(held)


def weigher(item: str, said: Sequence[Said], language: str, by: Calibration = FITTED) -> Weigher:
    """Read what was said of an item once, to be held against many records."""
    return _WEIGHERS[item](said[-MOST_ATTEMPTS:], language, by)


def _date_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    answers = [read_date(answer, language) for answer in said]

    def weigh_date(held: str) -> Weight:
        found = [near for near in (compare_dates(answer, held) for answer in answers) if near is not None]
        return Weight(together([by.of_dates[near] for near in found], by.of_repeats), Nearness.EXACT in found)

    return weigh_date


def _zip_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    return _code_weigher(said, language, by, EXACT_ZIP, LIKE_ENOUGH)


def _mrn_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    """Numbers that follow one another are those of other patients, so that nothing less than all of one agrees."""
    return _code_weigher(said, language, by, EXACT_MRN, NOTHING_LESS)


def _code_weigher(said: Sequence[Said], language: str, by: Calibration, exact: float, like_enough: float) -> Weigher:
    answers = [read_code(answer, language) for answer in said]

    def weigh_code(held: str) -> Weight:
        is_digits = letters_and_digits(held).isdigit()
        found = [each for each in (_compared(answer, held) for answer in answers) if each is not None]
        values = [
            at_knots(likeness, by.of_codes) if not is_digits else _digits_value(likeness, is_exact, exact)
            for likeness, is_exact in found
        ]
        return Weight(
            together(values, by.of_repeats),
            any(same or (like >= like_enough and not is_digits) for like, same in found),
        )

    return weigh_code


def _compared(answer: CodeAnswer, held: str) -> tuple[float, bool] | None:
    likeness = compare_code(answer, held)
    return None if likeness is None else (likeness, spells(answer, held))


def _digits_value(likeness: float, is_exact: bool, exact: float) -> float:
    return exact if is_exact else at_knots(likeness, KNOTS_OF_DIGITS)


def _phone_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    answers = [read_telephone(answer, language) for answer in said]

    def weigh_phone(held: str) -> Weight:
        found = [each for each in (compare_telephone(answer, held) for answer in answers) if each is not None]
        return Weight(together([value for value, _ in found], by.of_repeats), any(same for _, same in found))

    return weigh_phone


_WEIGHERS: dict[str, Callable[[Sequence[Said], str, Calibration], Weigher]] = dict(
    zip(ITEMS, (name_weigher, _date_weigher, _zip_weigher, _mrn_weigher, _phone_weigher), strict=True)
)
