"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, Command

COMMANDS = (
    Command(
        "hearing",
        "ivr.hearing.hearing_command:hearing",
        "What the ear hears in callers' words: train, test, explain.",
        CONFIGURATION,
    ),
)
