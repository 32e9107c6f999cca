"""Where a file is taken in: the records of one practice, at one instant, by whoever the audit trail names."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ivr.audit.append import append
from ivr.core.cipher import Cipher
from ivr.installation.command_line import Installation


@dataclass(frozen=True, slots=True)
class Destination:
    """``dry_run``: all is compared with what is on file, and nothing is kept."""

    installation: Installation
    practice: str
    at: datetime
    dry_run: bool

    @property
    def cipher(self) -> Cipher:
        """What seals for the practice."""
        return self.installation.cipher

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that only looks."""
        return self.installation.database.read()

    def transaction(self) -> AbstractContextManager[Connection]:
        """One in which something may be kept, but in a dry run."""
        return self.read() if self.dry_run else self.installation.database.write()

    def note(self, connection: Connection, action: str, reason: str) -> None:
        """Leave a row in the audit trail."""
        append(
            connection,
            at=self.at,
            actor=self.installation.actor,
            action=action,
            outcome="ok",
            practice_id=self.practice,
            reason=reason,
        )
