"""What each role may do on the pages: the minimum that it needs (45 CFR 164.502(b)). Pure."""

from __future__ import annotations

from collections.abc import Mapping

ROLES = ("supervisor", "compliance", "admin", "agent")

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "calls": frozenset({"supervisor", "compliance", "admin"}),
    "recordings": frozenset({"supervisor", "compliance", "admin"}),
    "play-call": frozenset({"supervisor", "compliance"}),
    "play-message": frozenset({"supervisor", "compliance", "agent"}),
    "messages": frozenset({"supervisor", "compliance", "agent"}),
    "handle": frozenset({"supervisor", "agent"}),
    "alerts": frozenset({"supervisor", "compliance", "admin"}),
    "coverage": frozenset({"supervisor", "compliance", "admin"}),
}
"""Administrators see that a call or recording exists, never what is in it."""


def has_permission(role: str, permission: str) -> bool:
    """Return whether somebody of ``role`` has a permission."""
    return role in PERMISSIONS[permission]


def find_purpose(role: str) -> str:
    """Return why somebody of ``role`` looks at patient data (FHIR: "PurposeOfUse", in our words)."""
    return {"compliance": "compliance", "agent": "treatment"}.get(role, "operations")
