from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import insert, select

from callflows.lifecycles.tables import ESCALATION, OFFER, PAGE
from callflows.vocabulary import AcceptInterpreting, AcceptOffer, AcceptPage, Answer, Granted
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import transaction
from ivr.interpreters import attempts as interpreters
from ivr.interpreters.tables import interpreting
from ivr.jobs import worker
from ivr.jobs.tables import outbox, timer
from ivr.jobs.timers import fire_due_timers, set_timer
from ivr.oncall.tables import escalation, page
from ivr.queue.offers import make_offer
from ivr.queue.tables import agent_state, offer, waiting
from tests.calls.office import Office, Party
from tests.races.threads import at_once


def claiming(office: Office, leg_id: str, effect: AcceptOffer | AcceptPage | AcceptInterpreting) -> Callable[[], bool]:
    """One party that accepts, as its own conversation does: its call locked, in a transaction of its own."""

    def claim() -> bool:
        with transaction(office.services) as work:
            answer: Answer | None = work.services.features.effects[type(effect)](
                work, legs.lock(work, leg_id), "accept", effect
            )
        assert isinstance(answer, Granted)
        return answer.won

    return claim


def waiting_call(office: Office) -> Party:
    caller = office.dialled()
    caller.plays("122")
    return caller


def offered_to(office: Office, call_id: str, *agents: str) -> list[str]:
    """The legs of one call that is offered to several agents."""
    with transaction(office.services) as work:
        legs.lock_call(work, call_id)
        for agent in sorted(agents):
            row = work.connection.execute(select(waiting).where(waiting.c.call_id == call_id)).one()
            assert make_offer(work, row, newest(work).agents[agent])
    return [row.leg_id for row in office.rows(offer, offer.c.call_id == call_id)]


def test_two_agents_who_accept_one_call_at_once_are_one(any_office: Office) -> None:
    caller = waiting_call(any_office)
    call_id = caller.leg.call_id
    agent_legs = offered_to(any_office, call_id, "thandi", "mateus")
    won = at_once(*[claiming(any_office, leg_id, AcceptOffer()) for leg_id in agent_legs])
    assert sorted(won) == [False, True]
    assert sorted(row.state for row in any_office.rows(offer)) == ["accepted", "cancelled"]
    states = {row.agent_id: row.state for row in any_office.rows(agent_state)}
    winner = next(row.agent_id for row in any_office.rows(offer) if row.state == "accepted")
    assert states == {agent: "busy" if agent == winner else "idle" for agent in ("thandi", "mateus")}
    assert any_office.one(waiting).state == "connected"
    assert caller.leg.pending_kind == "WithPerson"


def test_one_agent_is_offered_one_call_at_a_time(any_office: Office) -> None:
    calls = [waiting_call(any_office).leg.call_id for _ in range(3)]

    def offering(call_id: str) -> bool:
        with transaction(any_office.services) as work:
            legs.lock_call(work, call_id)
            row = work.connection.execute(select(waiting).where(waiting.c.call_id == call_id)).one()
            return make_offer(work, row, newest(work).agents["thandi"])

    assert sorted(at_once(*[partial(offering, call_id) for call_id in calls])) == [False, False, True]
    taken = any_office.one(offer)
    assert any_office.one(agent_state).offer_id == taken.id


def test_an_accept_and_a_hang_up_at_once_leave_nobody_behind(any_office: Office) -> None:
    for _ in range(4):
        caller = waiting_call(any_office)
        call_id = caller.leg.call_id
        (agent_leg,) = offered_to(any_office, call_id, "thandi")
        hang_up = partial(caller.send, "/voice/status", CallStatus="completed", SequenceNumber="0")
        at_once(claiming(any_office, agent_leg, AcceptOffer()), lambda hang_up=hang_up: hang_up().status == 204)
        row = any_office.one(offer, offer.c.call_id == call_id)
        assert row.state in ("accepted", "cancelled")
        agent = any_office.one(agent_state)
        assert agent.state == ("busy" if row.state == "accepted" else "idle")
        with transaction(any_office.services) as work:
            legs.note_status(work, agent_leg, "completed", None)
        assert any_office.one(agent_state).state == "idle"


def two_pages(office: Office) -> list[str]:
    """The legs of two people who are paged for one emergency."""
    caller = office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    row, first = office.one(escalation), office.one(page)
    with transaction(office.services) as work:
        second = legs.create_leg(
            work, row.call_id, "clinician", "clinician_page", address="", person_id="dr-patel", subject_id="second"
        )
        changed = {"id": "second", "person_id": "dr-patel", "leg_id": second, "token": "second"}
        copied = {column.key: first._mapping[column] for column in page.c}
        work.connection.execute(insert(page).values(copied | changed))
    return [first.leg_id, second]


def test_two_clinicians_who_accept_one_page_at_once_are_one(any_office: Office) -> None:
    won = at_once(*[claiming(any_office, leg_id, AcceptPage()) for leg_id in two_pages(any_office)])
    assert sorted(won) == [False, True]
    assert sorted(row.state for row in any_office.rows(page)) == ["accepted", "cancelled"]
    taken = next(row for row in any_office.rows(page) if row.state == "accepted")
    row = any_office.one(escalation)
    assert (row.state, row.accepted_by) == ("accepted", taken.person_id)
    assert len(any_office.rows(event, event.c.kind == "clinician-accepted")) == 1


def test_an_accept_and_the_end_of_its_time_at_once_are_one_or_the_other(any_office: Office) -> None:
    caller = any_office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    first = any_office.one(page)
    any_office.world.clock.move_to(any_office.one(timer, timer.c.kind == "page_over").due_at)
    won, _ = at_once(
        claiming(any_office, first.leg_id, AcceptPage()), lambda: bool(fire_due_timers(any_office.services))
    )
    state = any_office.one(page, page.c.id == first.id).state
    assert (won, state) in ((True, "accepted"), (False, "lapsed"))
    assert any_office.one(escalation).state == ("accepted" if won else "paging")
    assert len(any_office.rows(page)) == (1 if won else 2)


def interpreter_rung(office: Office) -> tuple[Party, str]:
    """A waiting caller for whom an interpreter is rung, and the leg of that interpreter."""
    caller = waiting_call(office)
    with transaction(office.services) as work:
        interpreters.start_interpreting(work, caller.leg.call_id, "es-US")
    row = office.one(interpreting, interpreting.c.call_id == caller.leg.call_id)
    return caller, row.leg_id


def test_an_interpreter_who_accepts_as_the_caller_hangs_up_is_let_go(any_office: Office) -> None:
    for _ in range(4):
        caller, leg_id = interpreter_rung(any_office)
        hang_up = partial(caller.send, "/voice/status", CallStatus="completed", SequenceNumber="0")
        at_once(claiming(any_office, leg_id, AcceptInterpreting()), lambda hang_up=hang_up: hang_up().status == 204)
        row = any_office.one(interpreting, interpreting.c.call_id == caller.leg.call_id)
        assert row.state == "over"
        ending = any_office.rows(outbox, outbox.c.kind == "end_leg", outbox.c.subject == leg_id)
        assert len(ending) == 1


def test_an_interpreter_who_accepts_as_the_time_ends_is_in_or_the_next_is_rung(any_office: Office) -> None:
    caller, leg_id = interpreter_rung(any_office)
    any_office.world.clock.move_to(any_office.one(timer, timer.c.kind == "interpreter_over").due_at)
    won, _ = at_once(
        claiming(any_office, leg_id, AcceptInterpreting()), lambda: bool(fire_due_timers(any_office.services))
    )
    row = any_office.one(interpreting)
    assert (row.state, row.turn, row.leg_id == leg_id) == (("joined", 0, True) if won else ("ringing", 1, False))
    rung = any_office.rows(event, event.c.kind == "interpreter-rung", event.c.call_id == caller.leg.call_id)
    assert len(rung) == (1 if won else 2)


def test_the_end_of_a_leg_and_of_its_time_at_once_ring_the_next_interpreter_once(any_office: Office) -> None:
    _, leg_id = interpreter_rung(any_office)
    any_office.world.clock.move_to(any_office.one(timer, timer.c.kind == "interpreter_over").due_at)

    def ended() -> bool:
        with transaction(any_office.services) as work:
            legs.note_status(work, leg_id, "no-answer", None)
        return True

    at_once(ended, lambda: bool(fire_due_timers(any_office.services)))
    row = any_office.one(interpreting)
    assert (row.state, row.turn) == ("ringing", 1)
    assert len(any_office.rows(event, event.c.kind == "interpreter-rung")) == 2


@pytest.mark.parametrize("clocks", [2, 4])
def test_a_timer_fires_once_however_many_clocks_run(any_office: Office, clocks: int) -> None:
    caller = any_office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")
    due = any_office.one(promise)
    any_office.world.clock.move_to(due.due_at)
    waited = {row.id for row in any_office.rows(timer, timer.c.state == "waiting", timer.c.due_at <= due.due_at)}
    fired = at_once(*[partial(fire_due_timers, any_office.services)] * clocks)
    # Some are set again by what they do: whether a leg still lives is asked again and again.
    ran = [row for row in any_office.rows(timer, timer.c.id.in_(waited)) if row.state in ("fired", "waiting")]
    assert all(row.state == "fired" or row.due_at > due.due_at for row in ran)
    assert sum(fired) == len(ran) >= 2
    assert any_office.alerts() == ["promise-overdue"]
    assert len(any_office.rows(page)) == 2


def test_an_item_of_the_outbox_is_leased_once_however_many_workers_drain(any_office: Office) -> None:
    for _ in range(5):
        waiting_call(any_office)
    wanted = len(any_office.rows(outbox))
    taken = at_once(*[partial(worker.lease_items, any_office.services)] * 4)
    ids = [item.id for items in taken for item in items]
    assert len(ids) == len(set(ids)) == wanted


def test_the_lane_lets_one_call_out_however_many_workers_drain(any_office: Office) -> None:
    for agent in ("thandi", "mateus", "lerato"):
        offered_to(any_office, waiting_call(any_office).leg.call_id, agent)
    taken = at_once(*[partial(worker.lease_items, any_office.services)] * 4)
    assert [item.kind for items in taken for item in items].count("dial_leg") == 1


def test_timers_that_are_set_at_once_are_one(any_office: Office) -> None:
    def setting() -> bool:
        with transaction(any_office.services) as work:
            set_timer(work, "rested", "thandi", work.at, call_id=None)
        return True

    at_once(*[setting] * 4)
    assert len(any_office.rows(timer, timer.c.kind == "rested")) == 1


def test_the_tables_that_decide_these_races_leave_no_end() -> None:
    for table in (OFFER, PAGE, ESCALATION):
        assert [table.move(end, event) for end in table.ends for event in table.events] == [None] * (
            len(table.ends) * len(table.events)
        )
