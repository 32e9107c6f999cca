"""Where a clinician may practise.

The licence must be valid where the *patient* is at the time of the call, wherever the clinician sits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from routing.zones import to_local

_IN_COMPACT = """
AL AR AZ CO CT DE FL GA IA ID IN KS KY LA MD ME MO MS MT NC ND NE NH NJ NM OH OK PA RI SC SD TN TX UT VA VT WA WI WV WY
"""
COMPACT_STATES = frozenset(_IN_COMPACT.split())
"""States where the Nurse Licensure Compact is in operation: 40, as listed by compactstates.com in July 2026.

Massachusetts and the US Virgin Islands have enacted it without starting; Guam takes part only in one direction.
"""

JOINED_LATER: Mapping[str, date] = MappingProxyType({"PA": date(2025, 7, 7), "CT": date(2025, 10, 1)})
"""The first days of the states that took the compact into operation last; the others were in it long before. A state
that has enacted it is added to both, with its day, once its board has announced one."""

_COMPACT_KINDS = frozenset({"RN", "LPN", "LVN"})
_PRESCRIBERS = frozenset({"MD", "DO", "APRN", "NP", "PA"})
_MEETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "LPN": frozenset({"LPN", "LVN", "RN"}) | _PRESCRIBERS,
        "RN": frozenset({"RN"}) | _PRESCRIBERS,
        "MD": frozenset({"MD", "DO"}),
    }
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence to practise. ``expires`` is its last valid day, which ends at midnight UTC.

    That is some hours before the day ends in the fifty states, so a licence is never used late there. ``compact`` is
    the multistate privilege of a nurse whose home is ``state``.
    """

    kind: str
    state: str
    expires: date
    compact: bool = False


def covers(licence: Licence, kind: str, state: str, at: datetime) -> bool:
    """Whether the licence allows work that asks for ``kind`` with a patient who is in ``state`` at ``at``."""
    return (
        to_local(at, "UTC").date() <= licence.expires
        and licence.kind in _MEETS.get(kind, frozenset({kind}))
        and (licence.state == state or _compact_reaches(licence, state, at))
    )


def in_compact(state: str, at: datetime) -> bool:
    """Whether the compact is in operation in ``state``, from the end of its first day by UTC on: late, never early."""
    joined = JOINED_LATER.get(state)
    return state in COMPACT_STATES and (joined is None or to_local(at, "UTC").date() > joined)


def licensed(licences: Iterable[Licence], kind: str, state: str, at: datetime) -> bool:
    """Whether any of the licences covers the work."""
    return any(covers(licence, kind, state, at) for licence in licences)


def may_prescribe(licences: Iterable[Licence], state: str, at: datetime) -> bool:
    """Whether any of the licences is a physician's or advanced practitioner's, valid in ``state``."""
    return any(covers(licence, kind, state, at) for licence in licences for kind in _PRESCRIBERS)


def prescribes(licences: Iterable[Licence], at: datetime) -> bool:
    """Whether any of the licences is a physician's or advanced practitioner's, valid in any state."""
    return any(may_prescribe((one,), one.state, at) for one in licences)


def _compact_reaches(licence: Licence, state: str, at: datetime) -> bool:
    # The compact is for registered and practical nurses only, and follows the nurse's home state.
    both = (licence.state, state)
    return licence.compact and licence.kind in _COMPACT_KINDS and all(in_compact(one, at) for one in both)
