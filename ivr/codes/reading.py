"""Which code was keyed or said, of however many digits a kind of codes has, and an answer without it."""

from __future__ import annotations

from dataclasses import replace

from callflows.dialogues.one_time_code import DIGITS
from callflows.identity.digits import read_digits, without_numbers
from callflows.vocabulary import Answer, Pressed, Spoke
from callflows.vocabulary.hearing import CALM
from callflows.vocabulary.requests import CODE
from ivr.hearing.plain_answers import is_code

EMERGENCY = "911"
"""No code holds it: whoever reads such a code out would be taken for somebody who asks for help."""
PART_OF_A_CODE = 4
"""So many digits may be one. Fewer are kept, because people name doses and ages."""


def read_code(given: Answer, language: str, length: int = DIGITS, item: str = CODE) -> tuple[str, ...]:
    """The codes that an answer can mean, likeliest first, also one of too few or too many digits; none where something
    else was given.

    Words that tell of an illness are none, nor are those with more in them than numbers and fewer or more digits.
    """
    if isinstance(given, Pressed):
        return (given.digits,) if len(given.digits) > 1 else ()
    if not isinstance(given, Spoke) or given.danger != CALM:
        return ()
    readings = read_digits((given.words,), language)
    if any(EMERGENCY in digits for digits in readings):
        return ()
    whole = tuple(digits for digits in readings if len(digits) == length)
    if whole or not is_code(given.words, language, item):
        return whole
    return tuple(digits for digits in readings[:1] if len(digits) > 1)


def without_code(given: Answer, language: str) -> Answer:
    """The answer without its numbers where they may be a code, or a part of one, which is kept nowhere.

    A cry for 911 stays one.
    """
    if not isinstance(given, Spoke):
        return given
    readings = read_digits((given.words,), language)
    if all(len(digits) < PART_OF_A_CODE for digits in readings):
        return given
    cried = given.danger != CALM and any(EMERGENCY in digits for digits in readings)
    return replace(given, words=f"{without_numbers(given.words, language)}{f' {EMERGENCY}' if cried else ''}".strip())
