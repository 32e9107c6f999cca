"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import Command

COMMANDS = (
    Command("check", "ivr.ops.configuration_commands:check", "Is a configuration valid, covered and safe?"),
    Command("load", "ivr.ops.configuration_commands:load", "Load a configuration; the difference is shown first."),
    Command("twilio", "ivr.ops.twilio_command:twilio", "Point a phone number at this server."),
    Command("doctor", "ivr.ops.preflight_command:doctor", "Is this installation fit for patients?"),
    Command("migrate", "ivr.ops.processes:migrate", "Bring the database up to date."),
    Command("worker", "ivr.ops.processes:worker", "Carry out effects and jobs."),
    Command("clock", "ivr.ops.processes:clock", "Fire what is due."),
)
