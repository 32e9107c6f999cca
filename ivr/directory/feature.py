"""The configured organisation, in revisions."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.directory import tables

FEATURE = Feature(
    name="directory",
    tables=(tables.config_revision, tables.config_activation),
)
