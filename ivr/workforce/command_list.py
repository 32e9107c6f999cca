"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, Command

COMMANDS = (
    Command(
        "coverage",
        "ivr.workforce.coverage_command:coverage",
        "Are enough people awake to answer, at every instant?",
        CONFIGURATION,
    ),
    Command(
        "staffing",
        "ivr.workforce.staffing_command:staffing",
        "How many people does each pool need, by half-hour?",
        CONFIGURATION,
    ),
    Command(
        "replay",
        "ivr.workforce.replay_command:replay",
        "What would another schedule have done to a day?",
        CONFIGURATION,
    ),
)
