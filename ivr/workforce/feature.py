"""Staffing: whether somebody is there at every hour, and whether they are enough."""

from __future__ import annotations

from ivr.core.feature import Feature, NavigationItem, OutboxHandler
from ivr.workforce import coverage_job, coverage_page, tables

FEATURE = Feature(
    name="workforce",
    timers={coverage_job.WATCH: coverage_job.renew_if_outdated},
    outbox={coverage_job.COMPUTE: OutboxHandler(coverage_job.compute, coverage_job.give_up)},
    pages=(coverage_page.blueprint,),
    navigation=(NavigationItem("Coverage", "coverage.show_coverage", permission="coverage", order=50),),
    permissions={"coverage": frozenset({"supervisor", "compliance", "admin"})},
    tables=(tables.coverage, tables.coverage_part, tables.coverage_cause),
)
