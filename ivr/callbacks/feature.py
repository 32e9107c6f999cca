"""Call-backs and messages: promises to callers, and that they are kept."""

from __future__ import annotations

from callflows.vocabulary import CallPatient, MovePromise, OpenPromise, ReportCutShort, ReportReached
from ivr.callbacks import (
    attempts,
    chosen_times,
    cut_off,
    facts,
    forgetting,
    freed,
    held_calls,
    messages_page,
    one_at_a_time,
    promise_opening,
    tables,
)
from ivr.calls.addresses import FIELD
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, Metric, NavigationItem, OutboxHandler, Role, Shift
from ivr.oncall import passed_over

FEATURE = Feature(
    name="callbacks",
    roles={
        "patient": Role(
            view=facts.view_patient,
            ended=attempts.note_patient_gone,
            speaks_language_of_call=True,
            talks_as="caller",
            rung_into_conference=True,
        ),
    },
    facts={
        "promise_due": facts.promise_due,
        "call_back_windows": chosen_times.read_windows,
        "number_to_ring": promise_opening.number_to_ring,
    },
    effects={
        CallPatient: attempts.call_patient,
        ReportReached: cut_off.report_reached,
        ReportCutShort: cut_off.report_cut_short,
        MovePromise: chosen_times.move_promise,
        OpenPromise: promise_opening.open_promise,
    },
    timers={
        "promise_start": attempts.start_promise,
        "promise_due": attempts.alert_overdue_promise,
        "quiet_hours": attempts.pause_for_quiet_hours,
        "not_rung": attempts.note_not_rung,
        "engaged": attempts.note_engaged,
        held_calls.TIMER: cut_off.end_hold,
    },
    outbox={passed_over.KIND: OutboxHandler(freed.page_freed)},
    actions={
        "work_on_promise": attempts.work_on_promise,
        "stop_working_on_promise": attempts.stop_working_on_promise,
        "schedule_retry": attempts.schedule_retry,
        "retry_urgent_promises": attempts.retry_urgent_promises,
        "alert_missed_promise": attempts.alert_missed_promise,
    },
    talked=attempts.keep_promises,
    leg_over=cut_off.note_leg_over,
    has_number=attempts.has_number,
    is_in_hand=one_at_a_time.is_in_hand,
    pages=(messages_page.blueprint,),
    navigation=(NavigationItem("Messages", "messages.list_messages", permission="messages", order=20),),
    permissions={
        "messages": frozenset({"supervisor", "compliance", "agent"}),
        "handle": frozenset({"supervisor", "agent"}),
    },
    sealed=(SealedColumn(tables.promise.c.number_sealed, FIELD, (tables.promise.c.id,), tables.promise.c.practice_id),),
    memory=forgetting.MEMORY,
    tables=(tables.promise, tables.message),
    metrics=(Metric("promises", tables.promise),),
    times_of_day=("promise_due", "quiet_hours"),
    shifts=(Shift(tables.promise, tables.promise.c.state.in_(tables.OPEN), ("place_since",)),),
)
