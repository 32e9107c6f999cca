"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import Command

COMMANDS = (
    Command(
        "coverage",
        "ivr.workforce.coverage_command:coverage",
        "Are enough people awake to answer, at every instant?",
    ),
    Command(
        "staffing",
        "ivr.workforce.staffing_command:staffing",
        "How many people does each pool need, by half-hour?",
    ),
    Command(
        "replay",
        "ivr.workforce.replay_command:replay",
        "What would another schedule have done to a day?",
    ),
)
