"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CONFIGURATION, Command

COMMANDS = (
    Command("patients", "ivr.patients.patients_command:patients", "Import patients from CSV or FHIR.", CONFIGURATION),
)
