from __future__ import annotations

from ivr.core.command import CALLS, Command

COMMANDS = (Command("greet", "tests.house.tiny_feature.command:greet", "Greet somebody.", CALLS),)
