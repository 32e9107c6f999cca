"""The queue: who waits for an agent, and which agent is offered which call."""

from __future__ import annotations

from callflows.vocabulary import AcceptOffer, DeclineOffer, EnterWaitingRoom, LeaveWaitingRoom
from ivr.core.feature import Feature, Metric, OutboxHandler, Role
from ivr.queue import agent_states, entries, estimates, matching, offers, presence, returning_callers, tables

FEATURE = Feature(
    name="queue",
    roles={
        "agent": Role(view=offers.agent_view, rings=offers.ringing, ended=offers.leg_gone, talks_as="staff"),
    },
    facts={
        "waiting_room": estimates.waiting_room,
        "kept_place": returning_callers.kept_place,
    },
    effects={
        EnterWaitingRoom: entries.enter,
        LeaveWaitingRoom: entries.leave_room,
        AcceptOffer: offers.accept,
        DeclineOffer: offers.decline,
    },
    timers={
        "rested": agent_states.rested,
        "wrapped_up": agent_states.wrapped_up,
        "shift_over": agent_states.shift_over,
        "search": matching.look_again,
        "patience": matching.patience_over,
        "ring_over": offers.ring_over,
    },
    outbox={
        "match": OutboxHandler(matching.match),
        "stop_ringing": OutboxHandler(presence.stop_ringing),
    },
    actions={
        "connect_agent": offers.connect_agent,
        "free_agent": offers.free_agent,
        "rest_agent": offers.rest_agent,
        "hang_up_agent": offers.hang_up_agent,
        "search_again": offers.search_again,
    },
    caller_gone=entries.caller_gone,
    tables=(tables.waiting, tables.offer, tables.talks, tables.agent_state, tables.decision),
    metrics=(Metric("waiting", tables.waiting),),
)
