"""A bad day: a thousand callers in a minute, Redis emptied with a full line, two dispatchers on one call and agent."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from ivr.calls.tables import leg
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.jobs.tables import outbox
from ivr.jobs.worker import carry_out_item, drain_outbox
from ivr.queue import index
from ivr.queue.tables import agent_state, offer
from phonesim.load import read_plan
from phonesim.load.dice import Exponential
from phonesim.load.plan import Rate
from rehearsals import provisioning
from rehearsals.simulation.running import simulate
from tests.calls.office import CONFIG
from tests.calls.worlds import furnished_postgres
from tests.directory.conftest import Folder, folder
from tests.races.conftest import place, postgres_place, sqlite_place
from tests.races.dispatcher import Dispatcher
from tests.races.place import MONDAY, Place, let_go, rows
from tests.races.threads import at_once

__all__ = ["folder", "furnished_postgres", "place", "postgres_place", "sqlite_place"]

PLAN = CONFIG.parent / "rehearsals" / "load" / "weekday-morning.yaml"
FOR_A_PERSON = ("a person, whoever it is", "a first appointment")
CALLERS = int(os.environ.get("RUSH_CALLERS", "12"))
"""How many come at the rate of a thousand a minute; RUSH_CALLERS=1000 lets them come for the whole minute."""
FAILURES = ("conversations that failed", "effects that failed", "errors logged", "complaints")
LINE = 12
MAPLE, AT_ONCE = "+13125550100", 1000 * 60.0


def test_nobody_is_stranded_or_left_in_silence_when_a_thousand_call_in_a_minute(folder: Folder) -> None:
    folder.replace("practices/maple.yaml", "staff: {pool", "waiting: {most: 4}\nstaff: {pool")
    at = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
    usual = read_plan(PLAN)
    plan = replace(
        usual,
        most=CALLERS,
        arrivals=Rate(AT_ONCE),
        reasons=tuple(reason for reason in usual.reasons if reason.name in FOR_A_PERSON),
        patience=Exponential(60.0),
        longest_silence=20.0,
    )
    came_to = simulate(plan, provisioning.read_organisation(folder.path, at), at)
    # A long line of call-backs may still go on.
    failed = [wrong for wrong in came_to.wrongs if wrong.startswith(FAILURES)]
    assert (came_to.stranded, failed) == (0, [])
    outcomes = Counter(call.outcome for call in came_to.calls)
    assert sum(outcomes.values()) == CALLERS
    assert set(outcomes) == {"met somebody", "served", "abandoned"}


@pytest.fixture
def services(place: Place) -> Iterator[Services]:
    made = place.services()
    made.clock = SteppedClock(MONDAY)
    yield made
    let_go(made)


def a_full_line(services: Services) -> list[str]:
    """Callers who came one after another, in the order of their places."""
    hand, clock = Dispatcher(services, seed=1), services.clock
    assert isinstance(clock, SteppedClock)
    legs = []
    for number in range(LINE):
        clock.move_to(MONDAY.replace(second=number))
        legs.append(hand.dials(f"+1312556{number:04d}", MAPLE, ("1", "0")))
    calls = {row.id: row.call_id for row in rows(services, leg, leg.c.id.in_(legs))}
    return [calls[one] for one in legs]


def places(services: Services, calls: list[str]) -> list[int | None]:
    with services.database.read() as connection:
        return [index.position(services, connection, call_id) for call_id in calls]


def test_an_emptied_redis_changes_no_place_and_the_first_in_line_is_still_the_first_to_be_served(
    services: Services,
) -> None:
    calls = a_full_line(services)
    assert places(services, calls) == [*range(1, LINE + 1)]
    services.fast.attempt(lambda redis: redis.flushall())
    assert places(services, calls) == [*range(1, LINE + 1)]
    services.fast.attempt(lambda redis: redis.flushall())
    while drain_outbox(services):
        continue
    assert places(services, calls) == [*range(1, LINE + 1)]
    offered = {row.call_id for row in rows(services, offer)}
    assert offered == set(calls[: len(offered)])
    assert offered


@pytest.mark.parametrize("workers", [2, 4])
def test_dispatchers_who_look_for_the_same_call_at_once_ring_one_agent_for_it(services: Services, workers: int) -> None:
    (call_id,) = a_full_line(services)[:1]
    # As when the lease of a worker that hung has run out, and it goes on after all.
    (item,) = rows(services, outbox, outbox.c.kind == "match", outbox.c.subject == call_id)
    at_once(*[partial(carry_out_item, services, item)] * workers)
    (made,) = rows(services, offer, offer.c.call_id == call_id)
    (agent,) = rows(services, agent_state, agent_state.c.state == "offered")
    assert (agent.agent_id, agent.offer_id) == (made.agent_id, made.id)
