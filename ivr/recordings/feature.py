"""Recordings: from the wish to record to their custody in the vault."""

from __future__ import annotations

from callflows.vocabulary import RefuseRecording, StartRecording
from ivr.core.feature import Feature, Metric, OutboxHandler
from ivr.recordings import capture, reconciliation, tables, vault_upkeep

HOURS = 500
"""Tries of what goes on for hours, every 30 seconds at most."""

FEATURE = Feature(
    name="recordings",
    effects={
        RefuseRecording: capture.refuse,
        StartRecording: capture.want,
    },
    timers={
        "check_recording": reconciliation.check,
        vault_upkeep.KIND: vault_upkeep.daily,
    },
    outbox={
        "ask_recording": OutboxHandler(reconciliation.ask),
        "start_recording": OutboxHandler(capture.start, capture.start_failed),
        "fetch_recording": OutboxHandler(capture.bring_home, capture.fetch_failed, tries=HOURS),
        "delete_recording": OutboxHandler(capture.release, tries=HOURS),
        vault_upkeep.KIND: OutboxHandler(vault_upkeep.sweep),
    },
    actions={
        "fetch_recording": capture.fetch,
        "delete_at_twilio": capture.delete,
    },
    tables=(tables.recording,),
    metrics=(Metric("recordings", tables.recording),),
)
