"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, Command

COMMANDS = (
    Command("flows", "ivr.flows.flows_command:flows", "Draw, explore and compare the call flows.", CONFIGURATION),
)
