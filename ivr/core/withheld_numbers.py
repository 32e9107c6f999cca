"""What stands in place of a caller's number where none shows. None of it is anybody's telephone.

Networks withhold a number by a word, by nothing, or by a word turned into digits on the keys of a telephone. The last
look like numbers: whoever takes them for one rings a stranger, and takes all who hide theirs for one person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

_ARTICLE = 'Twilio Help Center, 223179988, "Why am I getting calls from these strange numbers?"'
_WITH_ONE = "requests of Twilio that were published: the carrier put the country before the word of the article"
_CHANGELOG = 'Twilio changelog, 2022-11-16, "Upcoming changes to withheld caller ID behavior for <Dial> calls"'
_SIP = "RFC 3261, 8.1.1.3, and RFC 3323, 4.1: the address of whoever withholds theirs"

PLACEHOLDERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "+266696687": ("ANONYMOUS", _ARTICLE),
        "+7378742833": ("RESTRICTED", _ARTICLE),
        "+2562533": ("BLOCKED", _ARTICLE),
        "+8656696": ("UNKNOWN", _ARTICLE),
        "+86282452253": ("UNAVAILABLE", _ARTICLE),
        "+464": ("nothing, or No Caller ID", _ARTICLE),
        "+1266696687": ("ANONYMOUS", _WITH_ONE),
        "+17378742833": ("RESTRICTED", _WITH_ONE),
        "+12562533": ("BLOCKED", _WITH_ONE),
        "+18656696": ("UNKNOWN", _WITH_ONE),
        "+186282452253": ("UNAVAILABLE", _WITH_ONE),
    }
)
"""Words keyed as digits: what each spells, and where it is published. +1 737 874 2833 could be a telephone in Texas;
whoever has it is asked for another number, which costs them less than a stranger's call-back costs."""
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "": "Twilio, TwiML voice request: From of a call whose number did not come with it",
        "anonymous": _CHANGELOG,
        "restricted": _CHANGELOG,
        "blocked": _ARTICLE,
        "unknown": _ARTICLE,
        "unavailable": _ARTICLE,
        "no caller id": _ARTICLE,
        "sip:anonymous@anonymous.invalid": _SIP,
        "anonymous@anonymous.invalid": _SIP,
        "sip:thisis@anonymous.invalid": _SIP,
    }
)
"""The same as text, in whatever capitals. No text is a number: they are listed so that each of them is tried."""
_ONE_DIGIT = re.compile(r"\+1?(\d)\1{6,}")
_NORTH_AMERICAN = re.compile(r"\+1([2-9]\d{2}){2}\d{4}")


def is_placeholder(number: str) -> bool:
    """Whether a number in E.164 stands for one that does not show: published as such, or one that nobody can have.

    Carriers fill the field with zeros and with words of which nobody keeps a list. Most of these have too few or too
    many digits for the country that they would be in, or an area or exchange that begins with 0 or 1.
    """
    if number in PLACEHOLDERS or _ONE_DIGIT.fullmatch(number):
        return True
    if number.startswith("+1"):
        return _NORTH_AMERICAN.fullmatch(number) is None
    return not _is_possible(number)


def _is_possible(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE)
