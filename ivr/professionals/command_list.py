"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import PEOPLE, Command

COMMANDS = (
    Command(
        "organisation-code",
        "ivr.professionals.code_command:organisation_code",
        "Make and withdraw the codes of listed organisations.",
        PEOPLE,
    ),
)
