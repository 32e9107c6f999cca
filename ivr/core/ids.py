"""Opaque ids: random for real, from a seed when a run must be repeatable."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable

Ids = Callable[[], str]
"""Makes an id of 24 hex digits that tells nothing about what it names."""


def random_ids() -> Ids:
    """Unguessable ids."""
    return lambda: secrets.token_hex(12)


def seeded_ids(seed: int) -> Ids:
    """The same ids in the same order for the same seed. For rehearsals and tests only."""
    chance = random.Random(seed)
    return lambda: f"{chance.getrandbits(96):024x}"
