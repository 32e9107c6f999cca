"""The outbox, and work in the future."""

from __future__ import annotations

from sqlalchemy import and_, true

from ivr.core.demo_clock import demo_clock
from ivr.core.feature import Feature, Metric, Shift
from ivr.jobs.tables import UNDONE, lane, outbox, round_, timer

FEATURE = Feature(
    name="jobs",
    tables=(outbox, lane, round_, timer, demo_clock),
    metrics=(Metric("outbox", outbox), Metric("timers", timer)),
    shifts=(
        Shift(outbox, and_(UNDONE), ("due_at", "leased_until", "created_at")),
        Shift(lane, true(), ("free_at",)),
        Shift(round_, true(), ("due_at",)),
    ),
)
