"""How much what was said of one item speaks for a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callflows.identity.birth_dates import Nearness, compare_dates, read_date
from callflows.identity.codes import CodeAnswer, compare_code, first_five, read_code, spells, with_first_five
from callflows.identity.name_evidence import name_weigher
from callflows.identity.telephones import compare_telephone, read_telephone
from callflows.identity.values import ITEMS, Said, Weight
from callflows.identity.weights import (
    EXACT_MRN,
    EXACT_ZIP,
    FITTED,
    KNOTS_OF_WHOLE_CODES,
    Calibration,
    at_knots,
    together,
)
from callflows.identity.words import letters_and_digits

MOST_ATTEMPTS = 6
"""Answers to one question that count, the last ones: nobody is asked more often, and each is one more chance."""
LIKE_ENOUGH = 0.86
"""The likeness from which a postcode agrees: one of its characters may be another that sounds alike."""

Compared = tuple[float, bool]
"""The likeness of an answer to a code, and whether it can be read as exactly that."""
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
    answers = [with_first_five(read_code(answer, language)) for answer in said]

    def weigh_zip(held: str) -> Weight:
        found = _compared(answers, first_five(held))
        if letters_and_digits(held).isdigit():
            return _whole_code(found, EXACT_ZIP, by)
        values = [at_knots(likeness, by.of_codes) for likeness, _ in found]
        return Weight(together(values, by.of_repeats), any(same or like >= LIKE_ENOUGH for like, same in found))

    return weigh_zip


def _mrn_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    answers = [read_code(answer, language) for answer in said]
    return lambda held: _whole_code(_compared(answers, held), EXACT_MRN, by)


def _whole_code(found: Sequence[Compared], exact: float, by: Calibration) -> Weight:
    """Codes that follow one another are those of other people, so that nothing less than the whole one agrees."""
    values = [exact if is_exact else at_knots(likeness, KNOTS_OF_WHOLE_CODES) for likeness, is_exact in found]
    return Weight(together(values, by.of_repeats), any(is_exact for _, is_exact in found))


def _compared(answers: Sequence[CodeAnswer], held: str) -> list[Compared]:
    """The likeness of each answer of which something was understood, and whether it is the whole code."""
    likenesses = ((compare_code(answer, held), answer) for answer in answers)
    return [(likeness, spells(answer, held)) for likeness, answer in likenesses if likeness is not None]


def _phone_weigher(said: Sequence[Said], language: str, by: Calibration) -> Weigher:
    answers = [read_telephone(answer, language) for answer in said]

    def weigh_phone(held: str) -> Weight:
        found = [each for each in (compare_telephone(answer, held) for answer in answers) if each is not None]
        return Weight(together([value for value, _ in found], by.of_repeats), any(same for _, same in found))

    return weigh_phone


_WEIGHERS: dict[str, Callable[[Sequence[Said], str, Calibration], Weigher]] = dict(
    zip(ITEMS, (name_weigher, _date_weigher, _zip_weigher, _mrn_weigher, _phone_weigher), strict=True)
)
