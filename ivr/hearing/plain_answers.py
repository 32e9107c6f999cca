"""What answers hold beside the item that was asked for: a number, a day, a name, a code, or whom it is about.

The ear learned sentences. A name or a ZIP code in figures is like none of them, and it takes many for an illness: of
ZIP codes in figures one in five. And what is said in one breath with them says less to it than alone.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from callflows.dialogues import listed, one_time_code
from callflows.identity.digits import read_digits
from callflows.identity.framing import (
    AROUND_A_CODE,
    AROUND_A_DAY,
    AROUND_A_NAME,
    AROUND_A_NUMBER,
    AROUND_WHOM,
    SMALL_TALK,
)
from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.rarity import is_frequent
from callflows.identity.words import words_of
from callflows.vocabulary.requests import CODE, CONFIRM, ORGANISATION_CODE, WHOM
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.confirmations import CONFIRMING, DENYING, WHOSE
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.non_answers import is_non_answer, without_non_answers
from ivr.hearing.replies import FILLERS, places_without, plain_reply
from ivr.hearing.vocabulary import WORD
from ivr.hearing.windows import plain_words

NAME = "name"
_NUMBERS = frozenset((*ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *cardinals("en-US"), *cardinals("es-US")))
_PLAIN = _NUMBERS | MONTHS.keys() | AROUND_A_NAME | AROUND_A_DAY | AROUND_A_NUMBER
"""Words, folded, that tell of no illness where there is no other."""
_GIVEN = (_NUMBERS - AROUND_A_NUMBER) | MONTHS.keys()
_REPLIES = {WHOM: (WHOSE,), CONFIRM: (DENYING, CONFIRMING)}
_DIGITS = {CODE: one_time_code.DIGITS, ORGANISATION_CODE: listed.DIGITS}
"""How many each kind of codes has."""
_BEFORE_DEEDS = frozenset(["me", "te", "le", "lo", "les", "nos"])
"""In Spanish what follows one of these is a deed, and no name: "me dispararon"."""
_DEEDS = ("ing", "ish", "less", "ando", "iendo", "arme", "arse", "erme", "irme", "irse")
"""How words end that tell what somebody does or how they are."""
_SAYS_WHOM, _POLITE = frozenset(("for", "about", "behalf", "para")), frozenset(("please", "favor", "thanks", "gracias"))
"""Words by which somebody says whom it is about, and such as are no cry beside them."""
_SMALL = 3
"""Letters of words that may be said twice in one answer without a meaning of their own."""
_NAMES_BEFORE_NAMES = frozenset(("dolores", "remedios", "amparo", "consuelo", "angustias"))
_NAMES_ANYWHERE = frozenset(("van", "luz"))
"""Names that are words of illness or help too; said after a name they may be such a word."""
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
    if is_non_answer(words):
        return ""
    if item in _REPLIES:
        return _rest_of_reply(words, item)
    known, said = _known_around(item, words, language), without_non_answers(said)
    if item not in (NAME, *_DIGITS) and any(_is_given(word) for word in said):
        known |= SMALL_TALK
    others = [
        word
        for word, before in zip(said, ["", *said], strict=False)
        if not _is_of(known, word) and not (item == NAME and _may_be_of_a_name(word, before, learned))
    ]
    if item == NAME and _are_names(others, [word for word in said if not _is_of(known, word)]):
        return ""
    return " ".join(others)


def _rest_of_reply(words: str, item: str) -> str:
    """What is left of an answer to whom it is about, or whether something is right."""
    told = [(plain, token) for token in words.split() for plain in plain_reply(token)]
    said, known = [plain for plain, _ in told], AROUND_WHOM if item == WHOM else _PLAIN | FILLERS
    if item == WHOM and _is_cry(said):
        return words
    if item == WHOM and not _SAYS_WHOM.isdisjoint(said):
        known |= _POLITE
    left = list(range(len(said)))
    for forms in _REPLIES[item]:
        left, _ = places_without(said, forms, left)
    return " ".join(dict.fromkeys(told[place][1] for place in left if not _is_of(known, said[place])))


def _is_given(word: str) -> bool:
    """Whether a word is of a number or a day."""
    return any(part.isdigit() or part in _GIVEN for part in words_of(word))


def _is_cry(said: Sequence[str]) -> bool:
    """Whether somebody is named again and again: whose name it is cannot be all that is told."""
    return any(said.count(word) > 1 for word in said if word in AROUND_WHOM and len(word) > _SMALL)


def _known_around(item: str, words: str, language: str) -> frozenset[str]:
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


def _are_names(others: Sequence[str], told: Sequence[str]) -> bool:
    """Whether what may be of an illness stands where a name does, before another one: "Dolores Ruiz"."""
    names = [word for word in told if word not in others]
    first = [word for word in told[:1] if set(plain_reply(word)) <= _NAMES_BEFORE_NAMES]
    return bool(names) and all(word in first or set(plain_reply(word)) <= _NAMES_ANYWHERE for word in others)


def _is_deed(word: str, before: str) -> bool:
    plain = words_of(word)[-1]
    return before in _BEFORE_DEEDS or (plain.endswith(_DEEDS) and plain not in _NAMES_LIKE_DEEDS)


def _is_of(known: frozenset[str], word: str) -> bool:
    parts = words_of(word)
    return bool(parts) and all(part.isdigit() or len(part) == 1 or part in known for part in parts)
