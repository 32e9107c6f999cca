"""Every table of this installation, imported so that ``metadata`` is complete."""

from __future__ import annotations

from sqlalchemy import MetaData

import ivr.accounts.tables
import ivr.audit.tables
import ivr.callbacks.tables
import ivr.calls.event_tables
import ivr.calls.tables
import ivr.closures.tables
import ivr.core.demo_clock
import ivr.directory.tables
import ivr.interpreters.tables
import ivr.jobs.tables
import ivr.jobs.timer_tables
import ivr.oncall.tables
import ivr.patients.tables
import ivr.privacy.keys
import ivr.queue.tables
import ivr.recordings.tables
from ivr.core.database import metadata
from recordings_vault.tables import metadata as vault_metadata

ALL: tuple[MetaData, ...] = (metadata, vault_metadata)
