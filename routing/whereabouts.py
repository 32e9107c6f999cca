"""Where the patient is now: a state by its ZIP code, and which state stands for a patient of whom less is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from routing.licences import Licence, may_take_pages

Place = Literal["", "elsewhere", "unlicensed", "unknown", "unasked"]

_PREFIXES = """
NY 005 100-149, PR 006-007 009, VI 008, MA 010-027 055, RI 028-029, NH 030-038, ME 039-049, VT 050-054 056-059,
CT 060-069, NJ 070-089, PA 150-196, DE 197-199, DC 200 202-205, VA 201 220-246, MD 206-212 214-219, WV 247-268,
NC 270-289, SC 290-299, GA 300-319 398-399, FL 320-339 341-342 344 346-347 349, AL 350-352 354-369, TN 370-385,
MS 386-397, KY 400-427, OH 430-459, IN 460-479, MI 480-499, IA 500-516 520-528, WI 530-532 534-535 537-549,
MN 550-551 553-567, SD 570-577, ND 580-588, MT 590-599, IL 600-620 622-629, MO 630-631 633-641 644-658,
KS 660-662 664-679, NE 680-681 683-693, LA 700-701 703-708 710-714, AR 716-729, OK 730-731 734-741 743-749,
TX 733 750-770 772-799 885, CO 800-816, WY 820-831, ID 832-838, UT 840-847, AZ 850-853 855-857 859-860 863-865,
NM 870-875 877-884, NV 889-891 893-895 897-898, CA 900-908 910-928 930-961, HI 967-968, OR 970-979, WA 980-986 988-994,
AK 995-999
"""

_ELSEWHERE = "MD 20588, VA 20598, NY 06390, WY 83414, AS 96799, GU 96910-96932, MP 96950-96952"


def _read(table: str) -> Iterator[tuple[str, str]]:
    for entry in table.split(","):
        state, *ranges = entry.split()
        for one in ranges:
            first, _, last = one.partition("-")
            for number in range(int(first), int(last or first) + 1):
                yield f"{number:0{len(first)}}", state


STATE_BY_PREFIX = MappingProxyType(dict(_read(_PREFIXES)))
"""State by the first three digits (USPS Domestic Mail Manual, labeling list L002, "3-Digit ZIP Code Prefix Matrix").

Left out are prefixes that are not assigned, those of the armed forces (090 to 099, 340 and 962 to 966: such an address
tells nothing of where somebody is), that of the parcel return service (569), and 969, which Guam and the Northern
Mariana Islands share with countries of their own.
"""

STATE_BY_ZIP = MappingProxyType(dict(_read(_ELSEWHERE)))
"""The codes whose post office is in another state than their prefix says, and those of the islands that share 969."""


def state_of_zip(digits: str) -> str | None:
    """The state or territory of a five-digit ZIP code by its two letters; None where the code tells none.

    A post office may serve a few houses across a state line, so the answer is read back to who typed the code.
    """
    if len(digits) != 5 or not (digits.isascii() and digits.isdigit()):
        return None
    return STATE_BY_ZIP.get(digits) or STATE_BY_PREFIX.get(digits[:3])


def state_to_ask_for(said: str | None, called: str, *, licensed: bool) -> str | None:
    """The state whose licences and rules a call is held to; None: not known, so that no licence will do.

    ``said`` is what the caller answered: None when nobody asked, empty when the answer did not tell. ``called`` is the
    state of the location called. It stands for the patient's only where nobody asked, and never in ``licensed`` work: a
    licence must be valid where the patient is at the time of the call.
    """
    if said is None and not licensed:
        return called
    return said or None


def place_to_tell(
    said: str | None, called: str, licences: Iterable[Licence], at: datetime, kinds: Collection[str] = ()
) -> Place:
    """What whoever is paged must hear of where the patient is; empty in the usual case.

    "elsewhere": not in the state of the location ``called``; "unlicensed": in a state where none of the clinician's
    ``licences`` is valid at the instant; "unknown": asked, and not known; "unasked": nobody asked, and none of the
    licences is valid in the state called. Which count is said by ``kinds``, see
    :func:`routing.licences.may_take_pages`. Care goes on in each: telling is all.
    """
    if said == "":
        return "unknown"
    if not may_take_pages(licences, said or called, at, kinds):
        return "unlicensed" if said else "unasked"
    return "" if said in (None, called) else "elsewhere"
