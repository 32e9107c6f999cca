"""The queue: who waits for an agent, and which agent is offered which call."""

from __future__ import annotations

from sqlalchemy import or_

from callflows.vocabulary import AcceptOffer, DeclineOffer, EnterWaitingRoom, LeaveWaitingRoom
from ivr.core.feature import Feature, Metric, OutboxHandler, Role, Shift
from ivr.queue import agent_states, entries, estimates, index, matching, offers, presence, returning_callers, tables

FEATURE = Feature(
    name="queue",
    roles={
        "agent": Role(
            view=offers.view_offer,
            rings=offers.start_ring_timer,
            ended=offers.end_agent_leg,
            number_given_by="configuration",
            talks_as="staff",
        ),
    },
    facts={
        "waiting_room": estimates.read_admission,
        "kept_place": returning_callers.read_kept_place,
    },
    effects={
        EnterWaitingRoom: entries.enter_queue,
        LeaveWaitingRoom: entries.leave_queue,
        AcceptOffer: offers.accept_offer,
        DeclineOffer: offers.decline_offer,
    },
    timers={
        "rested": agent_states.end_not_ready,
        "wrapped_up": agent_states.end_wrap_up,
        "shift_over": agent_states.end_shift,
        "search": matching.match_again,
        "patience": matching.end_max_wait,
        "ring_over": offers.lapse_unanswered,
    },
    timer_owners=dict.fromkeys(("rested", "wrapped_up", "shift_over"), agent_states.lock),
    outbox={
        "match": OutboxHandler(matching.carry_out_match),
        "stop_ringing": OutboxHandler(presence.stop_ringing_agent),
    },
    actions={
        "connect_agent": offers.connect_agent,
        "free_agent": offers.free_agent,
        "rest_agent": offers.rest_agent,
        "hang_up_agent": offers.hang_up_agent,
        "search_again": offers.search_again,
    },
    caller_gone=entries.abandon_queue,
    tables=(tables.waiting, tables.offer, tables.talks, tables.agent_state, tables.decision),
    metrics=(Metric("queue", tables.waiting),),
    shifts=(
        Shift(
            tables.waiting,
            or_(tables.WAITS, tables.waiting.c.state.in_(returning_callers.KEEPS_PLACE)),
            ("since",),
            seconds=("place",),
        ),
        Shift(tables.agent_state, tables.agent_state.c.since > agent_states.NEVER, ("since", "until")),
    ),
    times_of_day=("shift_over",),
    rebuild=index.rebuild,
)
