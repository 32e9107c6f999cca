"""Who did what to patient data."""

from __future__ import annotations

from ivr.audit import tables
from ivr.core.feature import Feature

FEATURE = Feature(
    name="audit",
    tables=(tables.audit_row,),
)
