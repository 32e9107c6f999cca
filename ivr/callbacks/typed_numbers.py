"""Numbers that a caller typed to be called back on. Anybody can type anything, and the practice pays for the call."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGIONS = frozenset({"US", "CA", "PR", "VI"})
"""The other countries of the North American plan look like these and cost like abroad (FCC: "809 Area Code Scams")."""
KINDS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)


def parse_ordinary_number(typed: str) -> str | None:
    """The E.164 of an ordinary telephone in the United States or Canada; None for premium, toll-free and abroad."""
    try:
        number = phonenumbers.parse(typed, "US")
    except NumberParseException:
        return None
    ordinary = phonenumbers.region_code_for_number(number) in REGIONS and phonenumbers.number_type(number) in KINDS
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if ordinary else None


def spoken_digits(number: str) -> str:
    """Ten digits as people say them: one by one, in three groups."""
    return ", ".join(" ".join(group) for group in (number[:3], number[3:6], number[6:]))
