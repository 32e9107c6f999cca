"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import PEOPLE, Command

COMMANDS = (
    Command(
        "codes",
        "ivr.professionals.code_command:codes_group",
        "Make and withdraw the codes of listed organisations.",
        PEOPLE,
    ),
)
