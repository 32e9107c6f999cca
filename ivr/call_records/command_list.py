"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CALLS, Command

COMMANDS = (
    Command(
        "record", "ivr.call_records.record_command:record", "What was asked, heard, said and done in a call.", CALLS
    ),
)
