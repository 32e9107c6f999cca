"""Patients: kept sealed, found by keyed hashes."""

from __future__ import annotations

from ivr.core.feature import Feature
from ivr.patients import tables

FEATURE = Feature(
    name="patients",
    tables=(tables.patient,),
)
