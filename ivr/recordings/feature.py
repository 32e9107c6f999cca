"""Recordings: from the wish to record to their custody in the vault."""

from __future__ import annotations

from callflows.vocabulary import LeaveMessage, PauseRecording, RefuseRecording, ResumeRecording, StartRecording
from ivr.core.feature import Feature, Metric, NavigationItem, OutboxHandler, Round
from ivr.recordings import (
    account_list,
    capture,
    encrypted_storage,
    pausing,
    preflight,
    reconciliation,
    recording_list,
    recordings_page,
    retention,
    tables,
    vault_upkeep,
)

HOURS = 500
"""Tries of what goes on for hours, every 30 seconds at most."""

FEATURE = Feature(
    name="recordings",
    effects={
        PauseRecording: pausing.enqueue,
        RefuseRecording: capture.refuse_recording,
        ResumeRecording: pausing.enqueue,
        StartRecording: capture.enqueue_start,
    },
    expectations={LeaveMessage: capture.expect_message},
    timers={
        "check_recording": reconciliation.check_recording,
        vault_upkeep.KIND: vault_upkeep.enqueue_sweep,
    },
    outbox={
        "ask_recording": OutboxHandler(reconciliation.fetch_status),
        "start_recording": OutboxHandler(capture.start, capture.note_start_failed),
        "pause_recording": OutboxHandler(pausing.pause_or_resume),
        "fetch_recording": OutboxHandler(encrypted_storage.fetch, encrypted_storage.alert_fetch_failed, tries=HOURS),
        "delete_recording": OutboxHandler(encrypted_storage.delete_at_provider, tries=HOURS),
        vault_upkeep.KIND: OutboxHandler(vault_upkeep.sweep),
    },
    rounds={"compare_recordings": Round(account_list.compare_recordings, account_list.EVERY)},
    caller_gone=reconciliation.note_caller_gone,
    actions={
        "fetch_recording": encrypted_storage.enqueue_fetch,
        "delete_at_twilio": encrypted_storage.enqueue_delete,
    },
    pages=(recordings_page.blueprint,),
    navigation=(NavigationItem("Recordings", "recordings.list_recordings", permission="recordings", order=30),),
    # Administrators see that a recording exists, never what is in it.
    permissions={
        "recordings": frozenset({"supervisor", "compliance", "admin"}),
        "play-call": frozenset({"supervisor", "compliance"}),
        "play-message": frozenset({"supervisor", "compliance", "agent"}),
    },
    checks=(preflight.check_retention,),
    memory=retention.HELD,
    recording_states=recording_list.read_states,
    tables=(tables.recording, tables.stray_recording),
    metrics=(Metric("recordings", tables.recording), Metric("stray_recordings", tables.stray_recording)),
)
