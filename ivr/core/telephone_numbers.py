"""Which numbers may be rung or texted. Whatever is dialled is judged here, at the moment at which it is dialled.

Two kinds of people give us numbers. Callers can type anything and show anything as their own, and the practice pays
for the call: theirs must be ordinary telephones nearby. Those of the configuration were written by the operator, who
may have people abroad: they may be anywhere, but never a number that costs by being rung.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from typing import Literal, NewType

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from ivr.core.withheld_numbers import is_placeholder

Ringable = NewType("Ringable", str)
"""An address that was judged fit to be rung. Only :func:`parse_ringable` makes one; what dials takes nothing else."""

GivenBy = Literal["caller", "configuration"]

NEARBY = frozenset({"US", "CA", "PR", "VI"})
"""The other countries of the North American plan look like these and cost like abroad (FCC: "809 Area Code Scams")."""
NOWHERE = "001"
"""The region of country codes that are no country's: satellites, international networks, premium and shared cost."""
ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
_PAID_BY_THE_MINUTE = re.compile(r"\+1\d{3}(976\d{4}|5551212)")
"""In the North American plan: lines that bill whoever calls them, and directory assistance. They look ordinary."""
_NO_TELEPHONE = re.compile(r"\+1(600\d{7}|\d{3}([2-9]11|700|95[089])\d{4})")
"""In the North American plan: exchanges that no telephone has, being codes of services (911), of carriers or for
testing lines, and numbers of no area, among them satellites of Canada. They look ordinary too."""
_WRITTEN = re.compile(r"\+?[0-9]{1,20}")
_BROWSER = re.compile(r"client:[a-z][a-z0-9_-]{0,39}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def read_shown_number(caller_id: str) -> str | None:
    """The E.164 number of a caller ID; None where none shows: withheld, a placeholder, a client, free text.

    It tells a telephone from others. Whether it may be rung is another question.
    """
    number = caller_id.strip()
    return number if _E164.fullmatch(number) and not is_placeholder(number) else None


def parse_ringable(
    address: str, given_by: GivenBy, own_lines: Container[str] = (), abroad: Collection[str] = ()
) -> Ringable | None:
    """The address to dial, in E.164; None where it may not be rung. A browser is rung where the configuration says so.

    A number is ten digits, or whole with a plus: how it came, typed or shown, makes no difference. ``own_lines`` are
    the numbers that lead back to us: ringing one would have us talk with ourselves. ``abroad`` are further countries of
    which an ordinary telephone may be rung for a caller.
    """
    if given_by == "configuration" and _BROWSER.fullmatch(address):
        return Ringable(address)
    if not _WRITTEN.fullmatch(address):
        return None
    try:
        number = phonenumbers.parse(address, "US")
    except NumberParseException:
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if (
        written in own_lines
        or _PAID_BY_THE_MINUTE.fullmatch(written)
        or not _is_allowed(number, written, given_by, NEARBY.union(abroad))
    ):
        return None
    return Ringable(written)


def _is_allowed(number: PhoneNumber, written: str, given_by: GivenBy, nearby: Collection[str]) -> bool:
    region, kind = phonenumbers.region_code_for_number(number), phonenumbers.number_type(number)
    if kind in ORDINARY and _NO_TELEPHONE.fullmatch(written):
        return False
    if given_by == "caller":
        return not is_placeholder(written) and region in nearby and kind in ORDINARY
    return region not in (None, NOWHERE) and kind in (*ORDINARY, PhoneNumberType.TOLL_FREE)


def spell_digits(number: str) -> str:
    """Ten digits as people say them: one by one, in three groups."""
    return ", ".join(" ".join(group) for group in (number[:3], number[3:6], number[6:]))
