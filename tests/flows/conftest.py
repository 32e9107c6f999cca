"""Each flow is walked once for all tests, and not at all where it is proved and has not changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from callflows.proof.explore import explore
from callflows.proof.graph import Report, Subject
from ivr.flows.proofs import ProofFolder, default_folder


@pytest.fixture(scope="session")
def explored() -> Callable[[Subject], Report]:
    """Walk a subject, or give the walk again."""
    return cache(explore)


@pytest.fixture(scope="session")
def proofs(explored: Callable[[Subject], Report]) -> ProofFolder:
    """The proofs that ``sunline check`` keeps too."""
    return ProofFolder(default_folder(), walk=explored)
