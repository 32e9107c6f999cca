"""Staffing: whether somebody is there at every hour, and whether they are enough."""

from __future__ import annotations

from ivr.core.feature import Feature, NavigationItem
from ivr.workforce import coverage_page

FEATURE = Feature(
    name="workforce",
    pages=(coverage_page.blueprint,),
    navigation=(NavigationItem("Coverage", "coverage.show_coverage", permission="coverage", order=50),),
    permissions={"coverage": frozenset({"supervisor", "compliance", "admin"})},
)
