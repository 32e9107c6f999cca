"""What answers hold beside the item that was asked for: a number, a day, a name, a code, or whom it is about.

The ear learned sentences. A name or a ZIP code in figures is like none of them, and it takes many for an illness: of
ZIP codes in figures one in five. And what is said in one breath with them says less to it than alone.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from callflows.dialogues.one_time_code import DIGITS
from callflows.identity.digits import read_digits
from callflows.identity.framing import AROUND_A_CODE, AROUND_A_DAY, AROUND_A_NAME, AROUND_A_NUMBER, AROUND_WHOM
from callflows.identity.months import MONTHS
from callflows.identity.number_words import JOINING, MULTIPLIERS, ORDINALS, REPEATED, cardinals
from callflows.identity.rarity import is_frequent
from callflows.identity.words import words_of
from callflows.vocabulary.requests import CODE, CONFIRM, WHOM
from ivr.hearing.clinical_stems import is_clinical
from ivr.hearing.confirmations import CONFIRMING, DENYING
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.non_answers import is_non_answer
from ivr.hearing.replies import forms_of, places_without, plain_reply
from ivr.hearing.vocabulary import WORD
from ivr.hearing.windows import plain_words

NAME = "name"
_NUMBERS = frozenset((*ORDINALS, *MULTIPLIERS, *REPEATED, *JOINING, *cardinals("en-US"), *cardinals("es-US")))
_PLAIN = _NUMBERS | MONTHS.keys() | AROUND_A_NAME | AROUND_A_DAY | AROUND_A_NUMBER
"""Words, folded, that tell of no illness where there is no other."""
_WHOSE = forms_of("""
yes | no | yeah | nope | si | not for me | its not for me | it is not for me | not about me | its not about me
not myself | its not me | it isnt for me | isnt for me | isnt about me | for myself | about myself
its for myself | its myself | myself | no es para mi | no es por mi | no para mi | no por mi | para mi mismo | para mi misma | por mi mismo
por mi misma | soy yo mismo | soy yo misma | para mi | por mi
""")
"""What is said of whom it is about with words that elsewhere tell how somebody is."""
_REPLIES = {WHOM: (_WHOSE,), CONFIRM: (CONFIRMING, DENYING)}
_BEFORE_DEEDS = frozenset(["me", "te", "le", "lo", "les", "nos"])
"""In Spanish what follows one of these is a deed, and no name: "me dispararon"."""
_DEEDS = ("ing", "ish", "less", "ando", "iendo", "arme", "arse", "erme", "irme", "irse")
"""How words end that tell what somebody does or how they are."""
_SMALL = 3
"""Letters of words that may be said twice in one answer without a meaning of their own."""
_NAMES_LIKE_DEEDS = frozenset(
    ("fernando", "orlando", "armando", "rolando", "hernando", "king", "ming", "sterling", "fleming", "parrish")
)


def is_code(words: str, language: str) -> bool:
    """Whether an answer is a one-time code: six digits with what people say beside them, or plain numbers alone."""
    return not rest_of(words, CODE, language)


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
    known = _known_around(item, words, language)
    others = [
        word
        for word, before in zip(said, ["", *said], strict=False)
        if not _is_of(known, word) and not (item == NAME and _may_be_of_a_name(word, before, learned))
    ]
    return " ".join(others)


def _rest_of_reply(words: str, item: str) -> str:
    """What is left of an answer to whom it is about, or whether something is right."""
    told = [(plain, token) for token in words.split() for plain in plain_reply(token)]
    said, known = [plain for plain, _ in told], AROUND_WHOM if item == WHOM else _PLAIN
    if item == WHOM and _is_cry(said):
        return words
    left = list(range(len(said)))
    for forms in _REPLIES[item]:
        left, _ = places_without(said, forms, left)
    return " ".join(dict.fromkeys(told[place][1] for place in left if not _is_of(known, said[place])))


def _is_cry(said: Sequence[str]) -> bool:
    """Whether somebody is named again and again: whose name it is cannot be all that is told."""
    return any(said.count(word) > 1 for word in said if word in AROUND_WHOM and len(word) > _SMALL)


def _known_around(item: str, words: str, language: str) -> frozenset[str]:
    if item != CODE:
        return _PLAIN
    digits = any(len(read) == DIGITS for read in read_digits((words,), language))
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
