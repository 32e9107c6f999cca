"""What answers hold beside the item that was asked for: a number, a day, a name, a code, or whom it is about.

The ear learned sentences. A name or a ZIP code in figures is like none of them, and it takes many for an illness: of
ZIP codes in figures one in five. And what is said in one breath with them says less to it than alone.
"""

from __future__ import annotations

from collections.abc import Container

from callflows.dialogues import listed, one_time_code
from callflows.identity.digits import read_digits
from callflows.identity.framing import AROUND_A_CODE, AROUND_A_DAY, AROUND_A_NAME, AROUND_A_NUMBER, AROUND_WHOM
from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.rarity import is_frequent
from callflows.identity.words import words_of
from callflows.vocabulary.requests import CODE, ORGANISATION_CODE, WHOM
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.vocabulary import WORD
from ivr.hearing.windows import plain_words

NAME = "name"
_NUMBERS = frozenset((*ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *cardinals("en-US"), *cardinals("es-US")))
_PLAIN = _NUMBERS | MONTHS.keys() | AROUND_A_NAME | AROUND_A_DAY | AROUND_A_NUMBER
"""Words, folded, that tell of no illness where there is no other."""
_DIGITS = {CODE: one_time_code.DIGITS, ORGANISATION_CODE: listed.DIGITS}
"""How many each kind of codes has."""
_BEFORE_DEEDS = frozenset(["me", "te", "le", "lo", "les", "nos"])
"""In Spanish what follows one of these is a deed, and no name: "me dispararon"."""
_DEEDS = ("ing", "ish", "less", "ando", "iendo", "arme", "arse", "erme", "irme", "irse")
"""How words end that tell what somebody does or how they are."""
_NAMES_LIKE_DEEDS = frozenset(
    ("fernando", "orlando", "armando", "rolando", "hernando", "king", "ming", "sterling", "fleming", "parrish")
)


def is_code(words: str, language: str, item: str = CODE) -> bool:
    """Whether an answer is a code: all its digits with what people say beside them, or plain numbers alone."""
    return not rest_of(words, item, language)


def rest_of(words: str, item: str, language: str, learned: Container[str] = ()) -> str:
    """What is left of an answer without the item that was asked for and what is said around it.

    All of it where it names 911, is past the limit of a meter or has no words. A name may be of words that were never
    ``learned`` by the ear.
    """
    said = WORD.findall(" ".join(plain_words(words)))
    if not said or names_911(words) or find_alarm(words):
        return words or "?"
    known = _known_around(item, words, language)
    others = [
        word
        for word, before in zip(said, ["", *said], strict=False)
        if not _is_of(known, word) and not (item == NAME and _may_be_of_a_name(word, before, learned))
    ]
    return " ".join(others)


def _known_around(item: str, words: str, language: str) -> frozenset[str]:
    if item == WHOM:
        return AROUND_WHOM
    if item not in _DIGITS:
        return _PLAIN
    digits = any(len(read) == _DIGITS[item] for read in read_digits((words,), language))
    return _PLAIN | AROUND_A_CODE if digits else _NUMBERS


def _may_be_of_a_name(word: str, before: str, learned: Container[str]) -> bool:
    """Whether a word may be of a name: a frequent one, though it is a word too ("Rosa", "Gray"), or what was never
    learned, that is of no illness and is no deed.
    """
    if is_clinical(word) or not words_of(word):
        return False
    return all(map(is_frequent, words_of(word))) or (word not in learned and not _is_deed(word, before))


def _is_deed(word: str, before: str) -> bool:
    plain = words_of(word)[-1]
    return before in _BEFORE_DEEDS or (plain.endswith(_DEEDS) and plain not in _NAMES_LIKE_DEEDS)


def _is_of(known: frozenset[str], word: str) -> bool:
    parts = words_of(word)
    return bool(parts) and all(part.isdigit() or len(part) == 1 or part in known for part in parts)
