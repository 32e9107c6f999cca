"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import Command

COMMANDS = (
    Command(
        "staff",
        "ivr.accounts.staff_command:staff",
        "Accounts for the pages: add, password, disable, list.",
    ),
)
