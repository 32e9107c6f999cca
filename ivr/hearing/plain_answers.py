"""Answers in which the ear can have heard nothing: numbers, days, names, and words that it never learned.

The ear learned sentences. A name or a ZIP code in figures is like none of them, and it takes many for
an illness: of ZIP codes in figures one in five.
"""

from __future__ import annotations

from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.words import words_of
from ivr.hearing.ear import Ear
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.vocabulary import WORD
from ivr.hearing.windows import plain_words

_AROUND_A_DAY = "st nd rd th of the del el born nacido nacida"
_AROUND_A_NAME = "my name is it's its this i'm am first last me llamo mi nombre es soy apellido se llama de la"
_PLAIN = frozenset(
    (
        *(*MONTHS, *ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *cardinals("en-US"), *cardinals("es-US")),
        *(*_AROUND_A_DAY.split(), *_AROUND_A_NAME.replace("'", "").split()),
    )
)
"""Words, folded, that tell of no illness where there is no other."""


def tells_nothing(ear: Ear, words: str) -> bool:
    """Whether every word of an answer is a number, part of a day, around a name, or one that the ear never learned.

    Only where such an answer is asked for may what the ear takes it for be set aside: the phrases of a protocol are
    heard in it all the same.
    """
    said = WORD.findall(" ".join(plain_words(words)))
    if not said or names_911(words) or find_alarm(words):
        return False
    return all(word not in ear.classifier.vocabulary.places or _is_plain(word) for word in said)


def _is_plain(word: str) -> bool:
    return all(part.isdigit() or len(part) == 1 or part in _PLAIN for part in words_of(word))
