"""The commands of this folder. Listing them imports none of them."""

from __future__ import annotations

from ivr.core.command import CALLS, Command

COMMANDS = (
    Command(
        "vault", "ivr.recordings.vault_command:vault", "Custody of recordings: verify, hold, destroy, rotate.", CALLS
    ),
    Command(
        "retention",
        "ivr.recordings.retention_command:retention",
        "Destroy what need not be kept any longer.",
        CALLS,
    ),
)
