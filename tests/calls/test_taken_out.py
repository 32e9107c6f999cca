"""A configuration takes out what a call in progress depends on: care goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from bench.rig.waiting import put_callers
from ivr.calls import legs
from ivr.core.unit_of_work import Work, transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.oncall import escalations
from ivr.oncall.tables import page
from rehearsals.world import World


def changed(work: Work, world: World, change: Callable[[Any], Any]) -> None:
    """From now on the configuration is another."""
    tree = json.loads(world.organisation.body)
    change(tree)
    revisions.apply(work.connection, organisation_of(tree), work.at, "test")


def paged(work: Work) -> list[str]:
    return list(work.connection.execute(select(page.c.person_id).order_by(page.c.step)).scalars())


def test_a_clinician_who_was_taken_out_since_the_page_began_is_passed_over(any_world: World) -> None:
    services = any_world.services
    (call_id,) = put_callers(services, 1)
    with transaction(services) as work:
        climbing = escalations.get(work, escalations.start_escalation(work, call_id, "urgent"))
    first, gone, last = dict.fromkeys(step["person"] for step in climbing.steps if step["person"])
    with transaction(services) as work:
        changed(work, any_world, lambda tree: tree["oncall"]["people"].pop(gone))
    number = -1
    while number < len(climbing.steps) - 1:
        with transaction(services) as work:
            before, number = number, escalations.get(work, climbing.id).step
            assert number > before
            legs.lock_call(work, call_id)
            escalations.page_next_step(work, climbing.id)
    with transaction(services) as work:
        assert set(paged(work)) == {first, last}


def test_the_ladder_of_a_location_that_was_taken_out_is_climbed_all_the_same(any_world: World) -> None:
    (call_id,) = put_callers(any_world.services, 1)
    with transaction(any_world.services) as work:
        changed(work, any_world, lambda tree: tree["practices"].pop("maple"))
        climbing = escalations.get(work, escalations.start_escalation(work, call_id, "urgent"))
    with transaction(any_world.services) as work:
        assert paged(work) == [climbing.steps[0]["person"]]
