"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CALLS, Command

COMMANDS = (
    Command(
        "report", "ivr.morning_summaries.report_command:report", "What happened last night, for a practice.", CALLS
    ),
)
