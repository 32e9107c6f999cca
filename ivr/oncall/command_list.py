"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import PEOPLE, Command

COMMANDS = (
    Command("pin", "ivr.oncall.pin_command:pin", "Set the PIN of a clinician.", PEOPLE),
    Command("rota", "ivr.oncall.rota_command:rota", "Who is on call and when; covers and swaps at once.", PEOPLE),
)
