"""The words a flow is written in: requests it may yield and answers it may receive.

Every request has a key that is stable across releases and unique within one run of a flow.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

# Each word has one home, and this is where flows find all of them.
from callflows.vocabulary.answers import *  # noqa: F403
from callflows.vocabulary.effects import *  # noqa: F403
from callflows.vocabulary.requests import *  # noqa: F403
from callflows.vocabulary.requests import Request


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a leg's conversation ended; ``how`` is the disposition that reports count."""

    how: str


Flow = Generator[Request, Any, Outcome]
"""A conversation. (The answer type depends on the request, which generators cannot express.)"""

Dialogue = Generator[Request, Any, Any]
"""A reusable part of a conversation; ends with a value for the flow that asked."""
