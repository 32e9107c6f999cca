"""Who may do what on the pages. Pure; the minimum each role needs (45 CFR 164.502(b))."""

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

PAGES = ("calls", "messages", "recordings", "alerts", "coverage")
"""The pages of the navigation, each named for the permission it takes."""


def may(role: str, permission: str) -> bool:
    """Whether somebody of ``role`` has a permission."""
    return role in PERMISSIONS[permission]


def pages_of(role: str) -> tuple[str, ...]:
    """The pages a role may open, in the order of the navigation."""
    return tuple(page for page in PAGES if may(role, page))


def purpose_of(role: str) -> str:
    """Why somebody of ``role`` looks at patient data (FHIR: "PurposeOfUse", in our words)."""
    return {"compliance": "compliance", "agent": "treatment"}.get(role, "operations")
