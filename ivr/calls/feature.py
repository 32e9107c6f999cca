"""Calls: the caller's leg, facts of the call itself, dialling, and what follows when a party rings or leaves."""

from __future__ import annotations

from callflows.vocabulary import NoteCall, RaiseAlert
from ivr.calls import (
    conference,
    dialling,
    effects,
    endings,
    event_tables,
    events,
    failed_items,
    legs,
    patient_match,
    tables,
    whereabouts,
)
from ivr.core.feature import Feature, OutboxHandler, Role

UNDER_A_MINUTE = 10
"""Tries of a call; after them the next person is rung."""

FEATURE = Feature(
    name="calls",
    roles={
        "caller": Role(view=effects.caller_view, ended=endings.caller_gone, speaks_language_of_call=True),
    },
    facts={
        "patient_match": patient_match.patient_match,
        "state_of_zip": whereabouts.state_of,
    },
    effects={
        NoteCall: effects.note_call,
        RaiseAlert: effects.raise_alert,
    },
    timers={
        "alone": conference.alone,
        "check_leg": dialling.check_leg,
        "last_words": endings.last_words,
    },
    outbox={
        "dial_leg": OutboxHandler(dialling.dial_leg, dialling.dial_failed, tries=UNDER_A_MINUTE),
        "redirect_leg": OutboxHandler(dialling.redirect_leg),
        "end_leg": OutboxHandler(dialling.end_leg),
        "ask_leg": OutboxHandler(dialling.ask_leg),
    },
    actions={
        "leg_rings": endings.leg_rings,
        "leg_ended": endings.leg_ended,
        "alert_failed_item": failed_items.alert_failed_item,
    },
    lock_call=legs.lock_call,
    newest_event=events.newest_instant,
    clock_set_back=events.alert_clock_set_back,
    tables=(tables.call, tables.leg, tables.call_log, event_tables.event),
)
