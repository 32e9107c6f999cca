"""The outbox, and work in the future."""

from __future__ import annotations

from ivr.core.demo_clock import demo_clock
from ivr.core.feature import Feature, Metric
from ivr.jobs.tables import lane, outbox
from ivr.jobs.timer_tables import timer

FEATURE = Feature(
    name="jobs",
    tables=(outbox, lane, timer, demo_clock),
    metrics=(Metric("outbox", outbox), Metric("timers", timer)),
)
