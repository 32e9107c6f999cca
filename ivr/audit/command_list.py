"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CALLS, Command

COMMANDS = (Command("audit", "ivr.audit.audit_command:audit", "Prove that the audit log is whole.", CALLS),)
