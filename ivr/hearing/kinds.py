"""What the ear can tell apart: 19 groups of red flags, illness, 8 services of an office, and everything else."""

from __future__ import annotations

GROUPS = (
    "breathing",
    "heart",
    "stroke",
    "consciousness",
    "bleeding",
    "allergy",
    "poisoning",
    "self_harm",
    "violence",
    "infant",
    "pregnancy",
    "birth",
    "injury",
    "infection",
    "abdomen",
    "diabetes",
    "postoperative",
    "eye",
    "help",
)
"""The groups of red flags. ``help`` names no symptom: somebody begs, or says that something is terribly wrong."""
CLINICAL = "clinical"
"""Illness that a nurse should hear and that is no emergency."""
SERVICES = ("scheduling", "prescriptions", "billing", "results", "records", "referrals", "hours", "person")
EVERYDAY = "everyday"
"""What has nothing to do with the clinic, or is too little to tell."""
LABELS = (*GROUPS, CLINICAL, *SERVICES, EVERYDAY)
KINDS = ("emergent", "clinical", "office", "errand", "everyday")
"""The kinds of sentences that are written down. An errand is a wish to the office in frightening words."""


def label_of(kind: str, key: str) -> str | None:
    """What sentences under ``key`` of a file of ``kind`` teach; None where there is no such key."""
    if kind in (CLINICAL, EVERYDAY):
        return kind
    allowed = GROUPS if kind == "emergent" else SERVICES
    return key if key in allowed else None
