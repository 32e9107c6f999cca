"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import INSTALLATION, Command

COMMANDS = (Command("key", "ivr.privacy.key_command:key", "Make the master key of an installation.", INSTALLATION),)
