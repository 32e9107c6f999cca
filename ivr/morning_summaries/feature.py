"""What happened since the last closing, for whoever opens in the morning."""

from __future__ import annotations

from ivr.core.feature import Feature, NavigationItem, OutboxHandler, Round
from ivr.morning_summaries import making, notices, summaries_page
from ivr.morning_summaries.tables import morning_summary

FEATURE = Feature(
    name="morning_summaries",
    rounds={"morning_summaries": Round(making.make_summaries, making.EVERY)},
    outbox={notices.KIND: OutboxHandler(notices.send_notice, notices.alert_not_told)},
    pages=(summaries_page.blueprint,),
    navigation=(
        NavigationItem("Mornings", "morning_summaries.list_summaries", permission="morning-summary", order=18),
    ),
    # It has what callers said, as their records have, and is for the same few.
    permissions={"morning-summary": frozenset({"supervisor", "compliance"})},
    tables=(morning_summary,),
)
