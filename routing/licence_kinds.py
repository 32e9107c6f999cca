"""Kinds of professional licence, and what each allows: data, to which an operator adds its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class LicenceKind:
    """A kind of licence, which is also a kind of work.

    ``met_by`` are the other kinds that may do its work. ``compact``: a nurse's licence of this kind may carry the
    multistate privilege of the Nurse Licensure Compact. ``prescribes``: whoever holds it may be the clinician on call
    where nothing else is asked for.
    """

    met_by: frozenset[str] = frozenset()
    compact: bool = False
    prescribes: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What the holder of one kind of licence may do: work that asks for one of ``meets``, and as for the kind."""

    meets: frozenset[str]
    compact: bool = False
    prescribes: bool = False


_PRESCRIBERS = frozenset({"MD", "DO", "APRN", "NP", "PA", "CNM"})
_NURSES = frozenset({"RN", "LPN", "LVN"})
_MET_BY: Mapping[str, frozenset[str]] = {
    **{
        kind: frozenset[str]()
        for kind in ("LVN", "DO", "APRN", "NP", "PA", "CNM", "DPM", "OD", "RDH", "LCSW", "LPC", "LMFT")
    },
    "LPN": frozenset({"LVN", "RN"}) | _PRESCRIBERS,
    "RN": _PRESCRIBERS,
    "MD": frozenset({"DO"}),
    "DDS": frozenset({"DMD"}),
    "DMD": frozenset({"DDS"}),
    "PharmD": frozenset({"RPh"}),
    "RPh": frozenset({"PharmD"}),
}

USUAL_KINDS: Mapping[str, LicenceKind] = MappingProxyType(
    {kind: LicenceKind(met_by, kind in _NURSES, kind in _PRESCRIBERS) for kind, met_by in sorted(_MET_BY.items())}
)
"""Physicians (MD, DO), advanced practice (APRN, NP, CNM, PA), nurses (RN; LPN, which two states call LVN), dentists
(DDS and DMD are one licence under two names) and hygienists (RDH), pharmacists (RPh, PharmD), podiatrists (DPM),
optometrists (OD), social workers (LCSW), counselors (LPC) and family therapists (LMFT)."""


def scopes(kinds: Mapping[str, LicenceKind]) -> Mapping[str, Scope]:
    """What the holder of each of the kinds may do."""
    return {
        kind: Scope(
            frozenset({kind} | {work for work, other in kinds.items() if kind in other.met_by}),
            settled.compact,
            settled.prescribes,
        )
        for kind, settled in kinds.items()
    }


USUAL_SCOPES = MappingProxyType(scopes(USUAL_KINDS))
