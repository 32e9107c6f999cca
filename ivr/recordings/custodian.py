"""The person at the keyboard who has custody of the recordings. Every act leaves a custody entry and an audit row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import click
from sqlalchemy import Connection

from ivr.audit.append import AuditRefused, append
from ivr.core.settings import read_settings
from ivr.installation.building import build_vault
from ivr.installation.command_line import Installation, opened, refusals
from ivr.privacy.master import open_master
from recordings_vault import Stored, Vault, VaultError


@dataclass(frozen=True, slots=True)
class Custodian:
    """The vault, and the person at the keyboard."""

    vault: Vault
    installation: Installation

    @property
    def actor(self) -> str:
        return self.installation.actor

    def now(self) -> datetime:
        return self.installation.clock.now()

    def note(
        self, action: str, outcome: str = "ok", recording_id: str | None = None, reason: str | None = None
    ) -> None:
        """Leave an audit row; refused before anything is done where ``reason`` is not a short plain phrase."""
        with self.installation.database.write() as connection:
            self.note_within(connection, action, outcome, object_id=recording_id, reason=reason)

    def note_within(
        self,
        connection: Connection,
        action: str,
        outcome: str = "ok",
        *,
        object_id: str | None = None,
        call_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Leave an audit row that becomes true when the transaction does."""
        append(
            connection,
            at=self.now(),
            actor=self.actor,
            action=action,
            outcome=outcome,
            call_id=call_id,
            object_id=object_id,
            purpose="custody",
            reason=reason,
        )

    def destroy(self, recording_id: str, reason: str, *, before_retention: bool = False) -> None:
        """Destroy a recording, with a row before and one after. Raises VaultError where it must be kept."""
        with self.noted("vault.destroy", recording_id, reason):
            self.vault.destroy(
                recording_id, actor=self.actor, at=self.now(), reason=reason, before_retention=before_retention
            )

    def noted(self, action: str, recording_id: str, reason: str) -> AbstractContextManager[None]:
        """Leave a row before and after; nothing is done where ``reason`` is not a short plain phrase."""
        return self.installation.noted(action, recording_id, purpose="custody", reason=reason)

    def noted_for(self, action: str, practice: str) -> AbstractContextManager[None]:
        """Leave a row before and after what is done to the keys of a practice."""
        return self.installation.noted(action, practice, purpose="custody", practice_id=practice)

    def get(self, recording_id: str) -> Stored:
        """A recording's row; a clear word where there is none."""
        row = self.vault.find(recording_id)
        if row is None:
            raise click.ClickException("there is no such recording in the vault; see: sunline vault list")
        return row


@contextmanager
def opened_custodian(context: click.Context) -> Iterator[Custodian]:
    """The vault of this installation; what is refused ends the command in one line."""
    settings = read_settings(os.environ)
    with refusals(), opened(context) as installation:
        master = open_master(settings.master_key, create=settings.demo)
        try:
            yield Custodian(build_vault(settings, installation.database, master), installation)
        except AuditRefused as refusal:
            raise click.ClickException(f"{refusal}; nothing was done") from refusal
        except VaultError as refusal:
            raise click.ClickException(str(refusal)) from refusal
