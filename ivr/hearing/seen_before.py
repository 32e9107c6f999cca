"""What an answer to whether somebody has been seen before holds beside that.

The ear takes "I'm new" for an illness, as it does many short answers that are like no sentence it learned.
"""

from __future__ import annotations

from callflows.identity.words import words_of
from ivr.hearing.meters import find_alarm
from ivr.hearing.nine_one_one import names_911

_SAID = (
    "yes yeah yep yup sure please no nope nah not never im ive i am have havent was wasnt been seen here there before "
    "already new existing returning current a an the its it is this isnt my our first time visit patient you your guys "
    "office to hi hello um uh well si ya no nunca soy es he hemos ido estado sido aqui ahi antes un una el "
    "la mi nuestra primera primer vez visita paciente nuevo nueva por favor bueno ustedes con"
)
AROUND_SEEN = frozenset(_SAID.split())
"""Words, folded, that tell of no illness there where there is no other."""


def rest_beside_seen(words: str) -> str:
    """What is left of an answer without what is said of having been seen before.

    All of it where it names 911, is past the limit of a meter or has no words.
    """
    said = words_of(words)
    if not said or names_911(words) or find_alarm(words):
        return words or "?"
    return " ".join(word for word in said if word not in AROUND_SEEN)
