"""Recordings: from the wish to record to their custody in the vault."""

from __future__ import annotations

from callflows.vocabulary import RefuseRecording, StartRecording
from ivr.core.feature import Feature, Metric, NavigationItem, OutboxHandler
from ivr.recordings import lost_news, pipeline, recording_list, recordings_page, tables, vault_upkeep

HOURS = 500
"""Tries of what goes on for hours, every 30 seconds at most."""

FEATURE = Feature(
    name="recordings",
    effects={
        RefuseRecording: pipeline.refuse,
        StartRecording: pipeline.want,
    },
    timers={
        "check_recording": lost_news.check,
        vault_upkeep.KIND: vault_upkeep.daily,
    },
    outbox={
        "ask_recording": OutboxHandler(lost_news.ask),
        "start_recording": OutboxHandler(pipeline.start, pipeline.start_failed),
        "fetch_recording": OutboxHandler(pipeline.bring_home, pipeline.fetch_failed, tries=HOURS),
        "delete_recording": OutboxHandler(pipeline.release, tries=HOURS),
        vault_upkeep.KIND: OutboxHandler(vault_upkeep.sweep),
    },
    actions={
        "fetch_recording": pipeline.fetch,
        "delete_at_twilio": pipeline.delete,
    },
    pages=(recordings_page.blueprint,),
    navigation=(NavigationItem("Recordings", "recordings.list_recordings", permission="recordings", order=30),),
    recording_states=recording_list.read_states,
    tables=(tables.recording,),
    metrics=(Metric("recordings", tables.recording),),
)
