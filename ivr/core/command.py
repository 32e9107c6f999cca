"""A command of ``sunline``, known before its module is imported."""

from __future__ import annotations

from dataclasses import dataclass

FEATURES = "sunline.features"
"""Where the command line leaves the function that gives the features to its commands (click: ``Context.meta``)."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command's name, where it is (``module:attribute``), and what it is for."""

    name: str
    place: str
    purpose: str
