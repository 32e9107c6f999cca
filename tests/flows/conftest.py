"""Each flow is walked once for all tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callflows.proof.explore import explore
from callflows.proof.graph import Report, Subject


@pytest.fixture(scope="session")
def explored() -> Callable[[Subject], Report]:
    """Walk a subject, or give the walk again."""
    walked: dict[tuple[str, str], Report] = {}

    def walk(subject: Subject) -> Report:
        known = (subject.flow, subject.label)
        if known not in walked:
            walked[known] = explore(subject)
        return walked[known]

    return walk
