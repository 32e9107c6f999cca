"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, INSTALLATION, Command

COMMANDS = (
    Command(
        "check", "ivr.ops.configuration_commands:check", "Is a configuration valid, covered and safe?", CONFIGURATION
    ),
    Command(
        "load",
        "ivr.ops.configuration_commands:load",
        "Load a configuration; the difference is shown first.",
        CONFIGURATION,
    ),
    Command(
        "protocol",
        "ivr.ops.protocol_command:protocol",
        "Sign a protocol, and show what is signed and by whom.",
        CONFIGURATION,
    ),
    Command(
        "hearing",
        "ivr.ops.hearing_command:hearing",
        "What the ear hears in callers' words: train, test, explain.",
        CONFIGURATION,
    ),
    Command("key", "ivr.ops.key_command:key", "The keys of an installation: new, rotate, reseal.", INSTALLATION),
    Command("twilio", "ivr.ops.twilio_command:twilio", "Point a phone number at this server.", INSTALLATION),
    Command(
        "preflight",
        "ivr.ops.preflight_command:preflight",
        "Is this installation fit for patients?",
        INSTALLATION,
        ("doctor",),
    ),
    Command("migrate", "ivr.ops.processes:migrate", "Bring the database up to date.", INSTALLATION),
    Command("worker", "ivr.ops.processes:worker", "Carry out effects and jobs.", INSTALLATION),
    Command("clock", "ivr.ops.processes:clock", "Fire what is due.", INSTALLATION),
)
