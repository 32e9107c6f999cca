"""Calls whose pages share rings let go of one another: where nobody answers, ringing comes to an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.calls import legs
from ivr.calls.tables import call
from ivr.core.unit_of_work import transaction
from ivr.jobs.timers import find_due
from ivr.oncall import escalations, pages
from ivr.oncall.tables import escalation, page
from rehearsals.world import World
from tests.calls.office import CONFIG, NIGHT, Office
from tests.calls.scenes import EMERGENCY, dial, goes_on, ringing, run
from tests.conftest import thorough


@pytest.mark.parametrize("apart", [100, thorough(45), thorough(170)])
def test_several_calls_that_nobody_takes_ring_for_a_bounded_time(apart: int) -> None:
    with World(CONFIG, NIGHT) as world:
        for caller in ("+13125550194", "+13125550195", "+13125550196"):
            goes_on(world, dial(world, from_=caller), EMERGENCY)
            run(world, apart)
        world.advance_to(world.now + timedelta(minutes=45))
        assert ringing(world) == []
        assert {row.state for row in Office(world).rows(escalation)} == {"exhausted"}


def test_a_call_is_never_paged_for_less_urgently_than_before() -> None:
    with World(CONFIG, NIGHT) as world:
        goes_on(world, dial(world), EMERGENCY)
        world.advance_to(world.now + timedelta(minutes=45))
        office = Office(world)
        assert {row.urgency for row in office.rows(escalation)} == {"emergent"}
        call_id = office.rows(escalation)[0].call_id
        with transaction(office.services) as work:
            assert escalations.find_active(work, call_id) is None
            begun = escalations.start_escalation(work, call_id, "routine")
            assert escalations.get(work, begun).urgency == "emergent"


def test_a_telephone_that_begins_to_ring_after_it_got_worse_rings_no_longer_than_in_an_emergency() -> None:
    with World(CONFIG, NIGHT) as world:
        dial(world)
        office = Office(world)
        with transaction(office.services) as work:
            call_id = office.rows(call)[0].id
            legs.lock_call(work, call_id)
            escalations.start_escalation(work, call_id, "urgent")
        run(world, 1)
        (paged,) = office.rows(page)
        with transaction(office.services) as work:
            legs.lock_call(work, call_id)
            escalations.start_escalation(work, call_id, "emergent")
            pages.restart_step_time(work, paged.id)
            due_at = find_due(work, "page_over", paged.id)
            assert due_at is not None
            assert due_at <= work.at + timedelta(seconds=150)
