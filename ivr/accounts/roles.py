"""The roles of accounts. Which of them may open a page, the feature says that brings it (``Feature.permissions``)."""

from __future__ import annotations

ROLES = ("supervisor", "compliance", "admin", "agent")


def find_purpose(role: str) -> str:
    """Return why somebody of ``role`` looks at patient data (FHIR: "PurposeOfUse", in our words)."""
    return {"compliance": "compliance", "agent": "treatment"}.get(role, "operations")
