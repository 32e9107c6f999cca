"""The pages that cross all features: the start, calls with their timeline, alerts."""

from __future__ import annotations

from ivr.core.feature import Feature, NavigationItem
from ivr.web import alerts_page, calls_page, start_page

FEATURE = Feature(
    name="web",
    pages=(start_page.blueprint, calls_page.blueprint, alerts_page.blueprint),
    navigation=(
        NavigationItem("Calls", "calls.list_calls", permission="calls", order=10),
        NavigationItem("Alerts", "alerts.list_alerts", permission="alerts", order=40),
    ),
    permissions={
        "calls": frozenset({"supervisor", "compliance", "admin"}),
        "alerts": frozenset({"supervisor", "compliance", "admin"}),
    },
)
