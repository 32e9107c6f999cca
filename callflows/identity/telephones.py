"""Telephone numbers as they are said, held against one in E.164."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from callflows.identity.digits import read_digits
from callflows.identity.values import Said
from callflows.identity.weights import EXACT_PHONE, KNOTS_OF_WHOLE_CODES, LOCAL_PHONE, at_knots
from callflows.identity.words import letters_and_digits

FEWEST, LOCAL = 9, 7
"""Digits of a whole national number at least, and of one without its area in North America."""
NORTH_AMERICAN = 10


@dataclass(frozen=True, slots=True)
class TelephoneAnswer:
    """The numbers that one answer can mean, without what is dialled before them."""

    numbers: tuple[str, ...] = field(repr=False)


def read_telephone(answer: Said, language: str) -> TelephoneAnswer:
    found = (digits.removeprefix("011").lstrip("0") for digits in read_digits(answer, language))
    return TelephoneAnswer(tuple(dict.fromkeys(each for each in found if each)))


def compare_telephone(answer: TelephoneAnswer, held: str) -> tuple[float, bool] | None:
    """What an answer says for a number on file, and whether it is the whole of it; None where none was said or held."""
    wanted = letters_and_digits(held)
    if not answer.numbers or not wanted.isdigit():
        return None
    fewest = NORTH_AMERICAN if wanted.startswith("1") else FEWEST
    if any(len(each) >= fewest and wanted.endswith(each) for each in answer.numbers):
        return EXACT_PHONE, True
    if any(len(each) == LOCAL and wanted.endswith(each) for each in answer.numbers):
        return LOCAL_PHONE, False
    national = wanted[-NORTH_AMERICAN:]
    likest = max(Levenshtein.normalized_similarity(each, national) for each in answer.numbers)
    return at_knots(likest, KNOTS_OF_WHOLE_CODES), False
