"""The clinician on call: escalations, pages, PINs, warm transfers, and whether they can be reached."""

from __future__ import annotations

from sqlalchemy import literal

from callflows.vocabulary import (
    AcceptPage,
    AskDialIn,
    AskPin,
    ConfirmReachable,
    DeclinePage,
    FinishConsult,
    HandOn,
    HoldCaller,
    ResumeEscalation,
    SetCallerAside,
    StartConsult,
    StartEscalation,
)
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, OutboxHandler, Role, Round, Shift
from ivr.oncall import (
    calendar_round,
    caller_gone,
    dial_in,
    drill_calls,
    drill_round,
    effects,
    escalations,
    holding,
    in_vain,
    joining,
    next_call,
    old_numbers,
    page_accept,
    pages,
    pins,
    reminders,
    rota_calendars_page,
    second_ring,
    set_aside,
    summary,
    tables,
    texts,
    transfers,
)
from ivr.oncall.preflight import check_calendars, check_pins, check_texts
from ivr.oncall.tables import pin
from ivr.privacy.keys import OPERATOR_KEYS

FEATURE = Feature(
    name="oncall",
    roles={
        "clinician": Role(
            view=effects.clinician_view,
            rings=pages.restart_step_time,
            ended=page_accept.note_leg_gone,
            concluded=next_call.take_next_call,
            number_given_by="configuration",
            talks_as="staff",
            fetches_caller=True,
        ),
        drill_calls.ROLE: Role(
            view=drill_calls.drill_view,
            ended=drill_calls.note_leg_gone,
            number_given_by="configuration",
        ),
    },
    facts={
        "page_summary": summary.page_summary,
        "page_more": summary.page_more,
        "asked_clinician": transfers.read_asked,
        "wanted_calls": next_call.read_wanted_calls,
    },
    effects={
        StartEscalation: effects.start_escalation,
        ResumeEscalation: effects.resume_escalation,
        AcceptPage: effects.accept_page,
        ConfirmReachable: drill_calls.confirm_reachable,
        DeclinePage: effects.decline_page,
        StartConsult: effects.start_consult,
        FinishConsult: effects.finish_consult,
        HandOn: effects.hand_on,
        HoldCaller: holding.hold_caller,
        SetCallerAside: set_aside.set_caller_aside,
    },
    answer_checks={
        AskDialIn: dial_in.check_dial_in,
        AskPin: pins.check_keyed_pin,
    },
    expectations=dict.fromkeys(joining.TAKEN_FROM, joining.expect_join),
    timers={
        joining.TIMER: joining.join_waiting,
        "ladder_over": escalations.exhaust_ladder,
        in_vain.NO_CLINICIAN: in_vain.tell_agent_no_clinician,
        escalations.AGAIN: escalations.go_on,
        "page_over": pages.lapse_page,
        page_accept.NOT_ANSWERED: page_accept.end_unanswered,
        "check_text": texts.check_text,
    },
    outbox={
        caller_gone.KIND: OutboxHandler(caller_gone.announce_gone),
        "hold_leg": OutboxHandler(holding.hold_leg),
        "text_page": OutboxHandler(texts.send_text, texts.alert_text_failed),
        "ask_text": OutboxHandler(texts.fetch_status),
        reminders.KIND: OutboxHandler(reminders.send_reminder, reminders.alert_not_reminded),
        old_numbers.TELL: OutboxHandler(old_numbers.send_notice, old_numbers.alert_not_told),
        old_numbers.TEXT_PAGE: OutboxHandler(old_numbers.text_page),
        "pass_on_page": OutboxHandler(pages.pass_on_page),
        "ring_second": OutboxHandler(second_ring.ring_second),
    },
    actions={
        "page_next_person": escalations.page_next_person,
        "escalation_accepted": escalations.escalation_accepted,
        "cancel_other_pages": escalations.cancel_other_pages,
        "connect_clinician": escalations.connect_clinician,
        "tell_no_clinician": in_vain.tell_no_clinician,
        "tell_agent_no_clinician": in_vain.tell_agent_no_clinician,
        "hang_up_page": pages.hang_up_page,
        "page_clinician_again": transfers.page_clinician_again,
    },
    talked=transfers.note_talked,
    leg_over=transfers.note_leg_over,
    concluded=dial_in.go_on_in_page,
    pages=(rota_calendars_page.blueprint,),
    rounds={
        "read_calendars": Round(calendar_round.read_calendars, calendar_round.EVERY),
        "drill_shifts": Round(drill_round.drill_shifts, drill_round.EVERY),
        "tell_old_numbers": Round(old_numbers.tell_old_numbers, old_numbers.EVERY),
        "remind_of_shifts": Round(reminders.remind_of_shifts, reminders.EVERY),
    },
    shifts=(Shift(tables.changed_number, tables.changed_number.c.told.is_not(None), ("changed_at", "until")),),
    checks=(check_pins, check_calendars, check_texts),
    sealed=(SealedColumn(pin.c.hash, pins.FIELD, (pin.c.person_id,), literal(OPERATOR_KEYS), hashes=True),),
    tables=(
        tables.escalation,
        tables.page,
        tables.transfer,
        tables.pin,
        tables.clinician_session,
        tables.shift_session,
        tables.text_trouble,
        tables.changed_number,
    ),
)
