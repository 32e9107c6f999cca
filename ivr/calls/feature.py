"""Calls: the caller's leg, facts of the call itself, dialling, and what follows when a party rings or leaves."""

from __future__ import annotations

from callflows.vocabulary import NoteCall, RaiseAlert, WithPerson
from ivr.calls import (
    addresses,
    conference,
    effects,
    event_tables,
    events,
    failed_items,
    forgetting,
    identity_match,
    identity_tables,
    leg_control,
    leg_lifecycle,
    log,
    lost_calls,
    reconciliation,
    representative_match,
    several_calls,
    tables,
    talks,
    whereabouts,
)
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, OutboxHandler, Role, Round

UNDER_A_MINUTE = 10
"""Tries of a call; after them the next person is rung."""

_CALL = tables.call.c

FEATURE = Feature(
    name="calls",
    roles={
        "caller": Role(
            view=effects.caller_view,
            ended=leg_lifecycle.note_caller_gone,
            speaks_language_of_call=True,
            talks_as="caller",
            lands_safely=True,
        ),
    },
    facts={
        "call_urgency": effects.call_urgency,
        "patient_match": identity_match.patient_match,
        "representative_match": representative_match.representative_match,
        "spoken_item": identity_match.spoken_item,
        "talked": talks.read_talked,
        "state_of_zip": whereabouts.look_up_state,
    },
    effects={
        NoteCall: effects.note_call,
        RaiseAlert: effects.raise_alert,
    },
    expectations={WithPerson: talks.watch_talk},
    timers={
        talks.TIMER: talks.note_long_enough,
        "alone": conference.return_lone_party,
        "check_leg": reconciliation.check_leg,
        "last_words": leg_lifecycle.end_unreported_message,
    },
    outbox={
        "dial_leg": OutboxHandler(leg_control.dial_leg, leg_control.note_dial_failed, tries=UNDER_A_MINUTE),
        "redirect_leg": OutboxHandler(leg_control.redirect_leg),
        "end_leg": OutboxHandler(leg_control.end_leg),
        "cancel_leg": OutboxHandler(leg_control.cancel_leg),
        "ask_leg": OutboxHandler(reconciliation.look_at_calls),
        "end_lost_call": OutboxHandler(lost_calls.end_lost_call),
    },
    rounds={"compare_calls": Round(lost_calls.compare_calls, lost_calls.EVERY)},
    actions={
        "leg_rings": leg_lifecycle.note_leg_rings,
        "leg_ended": leg_lifecycle.note_leg_ended,
        "alert_failed_item": failed_items.alert_failed_item,
    },
    lock_calls=several_calls.lock_calls,
    memory=forgetting.MEMORY,
    newest_event=events.newest_instant,
    clock_set_back=events.alert_clock_set_back,
    sealed=(
        SealedColumn(
            tables.call.c.caller_sealed, addresses.CALLER_FIELD, (tables.call.c.id,), tables.call.c.practice_id
        ),
        SealedColumn(_CALL.complaint_sealed, tables.COMPLAINT, (_CALL.id,), _CALL.practice_id),
        SealedColumn(tables.leg.c.address_sealed, addresses.FIELD, (tables.leg.c.id,), tables.leg.c.practice_id),
        SealedColumn(
            tables.call_log.c.answer_sealed,
            log.FIELD,
            (tables.call_log.c.leg_id, tables.call_log.c.step),
            tables.leg.c.practice_id,
            tables.call_log.join(tables.leg),
        ),
    ),
    tables=(tables.call, tables.leg, tables.call_log, event_tables.event, identity_tables.identity_try),
)
