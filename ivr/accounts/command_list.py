"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import PEOPLE, Command

COMMANDS = (
    Command(
        "accounts",
        "ivr.accounts.accounts_command:accounts",
        "Accounts for the pages: add, password, disable, list.",
        PEOPLE,
        ("staff",),
    ),
)
