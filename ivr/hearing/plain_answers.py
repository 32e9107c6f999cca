"""Answers in which the ear can have heard nothing: numbers, days and names, with what is said around them.

The ear learned sentences. A name or a ZIP code in figures is like none of them, and it takes many for
an illness: of ZIP codes in figures one in five.
"""

from __future__ import annotations

from callflows.dialogues.one_time_code import DIGITS
from callflows.identity.digits import read_digits
from callflows.identity.framing import AROUND_A_CODE, AROUND_A_DAY, AROUND_A_NAME, AROUND_A_NUMBER
from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.rarity import is_frequent
from callflows.identity.words import words_of
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.ear import Ear
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.vocabulary import WORD
from ivr.hearing.windows import plain_words

_NUMBERS = frozenset((*ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *cardinals("en-US"), *cardinals("es-US")))
_PLAIN = _NUMBERS | MONTHS.keys() | AROUND_A_NAME | AROUND_A_DAY | AROUND_A_NUMBER
"""Words, folded, that tell of no illness where there is no other."""


def is_plain(words: str) -> bool:
    """Whether every word of an answer is a number, a letter, part of a day, or said around one or around a name.

    Only where such an answer is asked for may what the ear takes it for be set aside: the phrases of a protocol are
    heard in it all the same.
    """
    return all(_is_of(_PLAIN, word) for word in _words(words))


def is_code(words: str, language: str) -> bool:
    """Whether an answer is a one-time code: six digits with what people say beside them, or plain numbers alone."""
    digits = any(len(read) == DIGITS for read in read_digits((words,), language))
    known = _PLAIN | AROUND_A_CODE if digits else _NUMBERS
    return all(_is_of(known, word) for word in _words(words))


def may_be_name(ear: Ear, words: str) -> bool:
    """Whether every word of an answer is plain or may be of a name.

    That is a frequent name, though it is a word too ("Rosa", "Gray"), or what the ear never learned, of no illness.
    """
    return all(_is_of(_PLAIN, word) or _may_be_of_a_name(ear, word) for word in _words(words))


def _words(words: str) -> list[str]:
    """The words of an answer. What names 911, is past the limit of a meter or has no words is one that is not plain."""
    said = WORD.findall(" ".join(plain_words(words)))
    return [""] if not said or names_911(words) or find_alarm(words) else said


def _may_be_of_a_name(ear: Ear, word: str) -> bool:
    if not word or is_clinical(word):
        return False
    return word not in ear.classifier.vocabulary.places or all(map(is_frequent, words_of(word)))


def _is_of(known: frozenset[str], word: str) -> bool:
    parts = words_of(word)
    return bool(parts) and all(part.isdigit() or len(part) == 1 or part in known for part in parts)
