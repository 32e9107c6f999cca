"""Closures at once, and the hours of a location with those that stand."""

from __future__ import annotations

from ivr.closures import facts, tables
from ivr.core.feature import Feature

FEATURE = Feature(
    name="closures",
    facts={
        "opening": facts.opening,
    },
    tables=(tables.closure,),
)
