"""The configured organisation, in revisions."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.directory import tables
from ivr.directory.preflight import check_configuration

FEATURE = Feature(
    name="directory",
    checks=(check_configuration,),
    tables=(tables.config_revision, tables.config_activation),
)
