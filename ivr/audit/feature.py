"""Who did what to patient data."""

from __future__ import annotations

from ivr.audit import tables
from ivr.audit.preflight import check_clock
from ivr.core.feature import Feature

FEATURE = Feature(
    name="audit",
    checks=(check_clock,),
    tables=(tables.audit_row,),
)
