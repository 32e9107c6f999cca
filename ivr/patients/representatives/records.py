"""Somebody who speaks for a patient, as the practice's own system has them, before anything is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

PROOFS = (
    "birth-certificate",
    "court-order",
    "power-of-attorney",
    "health-care-proxy",
    "signed-form",
    "identity-document",
    "on-record",
)
"""Kinds of documents by which it was shown that somebody may speak for a patient. The last: the practice's own system
says so.
"""
ON_RECORD = PROOFS[-1]
LONGEST_SCOPE = 1000


@dataclass(frozen=True, slots=True)
class RepresentativeRecord:
    """``values`` holds name and date_of_birth as written, where known; ``line`` is where.

    ``represents`` is the id of the patient in the practice's own system. ``scope`` are names of services, or "all";
    None: what the practice gives to the relation. ``proof_seen_by`` says who saw the proof, on ``proof_seen_on``.
    """

    external_id: str = field(repr=False)
    represents: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    relation: str
    line: int
    scope: tuple[str, ...] | None = None
    proof: str = ON_RECORD
    proof_seen_on: date | None = None
    proof_seen_by: str = field(default="", repr=False)
    starts_on: date | None = None
    ends_on: date | None = None
    denied: bool = False
    active: bool = True

    def is_ended(self, today: date) -> bool:
        """Whether it says that nobody is to be taken for a representative by it."""
        return self.denied or not self.active or (self.ends_on is not None and self.ends_on < today)
