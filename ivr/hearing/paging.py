"""What pages a clinician before the caller has answered any question: for measuring how often that is without need.

At the first menu only a phrase that a clinical lead signed as an emergency does. What the ear alone hears is asked
about there; where care has begun already it pages too, if it is grave.
"""

from __future__ import annotations

from collections.abc import Callable

from ivr.hearing.heard import Heard, is_grave
from ivr.hearing.phrases import raises
from ivr.hearing.sentences import Sentence

Paged = Callable[[Sentence, Heard], bool]


def paged_by(phrases: tuple[str, ...]) -> tuple[Paged, Paged]:
    """Whether a sentence pages at once: said at the first menu, and said where care has begun."""

    def at_the_menu(sentence: Sentence, _heard: Heard) -> bool:
        return raises(sentence.text, phrases)

    def in_care(sentence: Sentence, heard: Heard) -> bool:
        return is_grave(heard) or at_the_menu(sentence, heard)

    return at_the_menu, in_care
