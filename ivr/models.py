"""Every table of this installation, imported so that ``metadata`` is complete."""

from __future__ import annotations

from sqlalchemy import MetaData

import ivr.audit.tables
import ivr.calls.tables
import ivr.closures.tables
import ivr.demo_clock
import ivr.directory.patients.tables
import ivr.directory.tables
import ivr.effects.tables
import ivr.events.tables
import ivr.interpreting.tables
import ivr.oncall.tables
import ivr.privacy.keys
import ivr.promises.tables
import ivr.recordings.tables
import ivr.staff.tables
import ivr.timers.tables
import ivr.waiting.tables
from ivr.database import metadata
from recordings_vault.tables import metadata as vault_metadata

ALL: tuple[MetaData, ...] = (metadata, vault_metadata)
