"""A command of ``sunline``, known before its module is imported."""

from __future__ import annotations

from dataclasses import dataclass

FEATURES = "sunline.features"
"""Where the command line leaves the function that gives the features to its commands (click: ``Context.meta``)."""

CONFIGURATION = "Configure"
CALLS = "Look at calls"
PEOPLE = "People"
INSTALLATION = "Run an installation"
SECTIONS = (CONFIGURATION, CALLS, PEOPLE, INSTALLATION)
"""The sections of ``sunline --help``, in order."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command's name, where it is (``module:attribute``), what it is for, and in which section it is listed.

    ``formerly`` are names that it had before: they still answer, and say the new one.
    """

    name: str
    place: str
    purpose: str
    section: str
    formerly: tuple[str, ...] = ()
