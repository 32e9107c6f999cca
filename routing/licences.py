"""Where a clinician may practise.

The licence must be valid where the *patient* is at the time of the call, wherever the clinician sits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from routing.licence_kinds import USUAL_SCOPES, Scope
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


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence to practise. ``expires`` is its last valid day, which ends at midnight UTC.

    That is some hours before the day ends in the fifty states, so a licence is never used late there. ``compact`` is
    the multistate privilege of a nurse whose home is ``state``. ``scope`` is what the kind allows; left out, the usual.
    """

    kind: str
    state: str
    expires: date
    compact: bool = False
    scope: Scope | None = None

    @property
    def allows(self) -> Scope:
        """What the licence allows; a kind that nobody has described allows its own work only."""
        return self.scope or USUAL_SCOPES.get(self.kind) or Scope(frozenset({self.kind}))


def covers(licence: Licence, kind: str, state: str, at: datetime) -> bool:
    """Whether the licence allows work that asks for ``kind`` with a patient who is in ``state`` at ``at``."""
    return kind in licence.allows.meets and _holds(licence, state, at)


def in_compact(state: str, at: datetime) -> bool:
    """Whether the compact is in operation in ``state``, from the end of its first day by UTC on: late, never early."""
    joined = JOINED_LATER.get(state)
    return state in COMPACT_STATES and (joined is None or to_local(at, "UTC").date() > joined)


def licensed(licences: Iterable[Licence], kind: str, state: str, at: datetime) -> bool:
    """Whether any of the licences covers the work."""
    return any(covers(licence, kind, state, at) for licence in licences)


def may_take_pages(licences: Iterable[Licence], state: str, at: datetime, kinds: Collection[str] = ()) -> bool:
    """Whether any of the licences, valid in ``state``, makes its holder a clinician who may be on call.

    ``kinds`` are the kinds of work of which it must cover one; without any, it must be a prescriber's: a physician's
    or an advanced practitioner's.
    """
    return any(_pageable(licence, kinds) and _holds(licence, state, at) for licence in licences)


def may_take_pages_somewhere(licences: Iterable[Licence], at: datetime, kinds: Collection[str] = ()) -> bool:
    """The same in any state."""
    return any(may_take_pages((one,), one.state, at, kinds) for one in licences)


def _pageable(licence: Licence, kinds: Collection[str]) -> bool:
    return not licence.allows.meets.isdisjoint(kinds) if kinds else licence.allows.prescribes


def _holds(licence: Licence, state: str, at: datetime) -> bool:
    in_time = to_local(at, "UTC").date() <= licence.expires
    return in_time and (licence.state == state or _compact_reaches(licence, state, at))


def _compact_reaches(licence: Licence, state: str, at: datetime) -> bool:
    # The compact is for registered and practical nurses only, and follows the nurse's home state.
    both = (licence.state, state)
    return licence.compact and licence.allows.compact and all(in_compact(one, at) for one in both)
