"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, Command

COMMANDS = (
    Command("hours", "ivr.closures.hours_command:hours", "Who is open, who is at work, and until when?", CONFIGURATION),
    Command(
        "closure",
        "ivr.closures.closure_command:closure",
        "Close a practice at once, with a message for its callers.",
        CONFIGURATION,
    ),
)
