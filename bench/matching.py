"""What one decision costs as the queue and the number of agents grow.

The client's view is a median of many decisions beside bare round trips of the same moment; the server's is the time
that Redis itself counts for the script (Redis: "INFO", section commandstats).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

from redis import Redis

from bench.rig.crowd import SERVICES, put_crowd
from bench.rig.installation import AT, installed
from bench.rows import Baseline, Row, at_most, reported, within
from ivr.core.clock import SteppedClock
from ivr.core.counting import counted
from ivr.core.unit_of_work import transaction
from ivr.jobs.handlers import handle_item
from ivr.jobs.outbox import put_item
from ivr.jobs.tables import outbox
from ivr.queue.index import agents as agents_index
from ivr.queue.index import calls as calls_index
from ivr.queue.index import rebuild, scripts
from ivr.queue.index.lines import InForce, read_in_force

SIZES = (100, 1_000, 10_000)
REPEATS = 1_000
GROWTH = 1.3
SERVER_US = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of one decision: inside Redis, for the client, and of a bare round trip meanwhile."""

    inside: float
    client: float
    trip: float


def measure(quick: bool = False) -> list[Row]:
    """The index in Redis both ways, and a whole decision with its SQL."""
    sizes, repeats = ((100, 300), 30) if quick else (SIZES, REPEATS)
    costs = {size: _index(size, repeats) for size in sizes}
    named = ("a free agent for one of {0} calls, {0} agents", "whom of {0} calls one of {0} agents serves")
    rows = [row for way, what in enumerate(named) for row in _rows(what, {one: costs[one][way] for one in sizes})]
    return [*rows, *_whole(sizes, 5 if quick else 50)]


def _rows(what: str, costs: dict[int, Cost]) -> Iterator[Row]:
    few = costs[min(costs)]
    for size, cost in costs.items():
        name = what.format(size)
        yield within(f"{name}, inside Redis", cost.inside, "us", SERVER_US)
        yield at_most(
            f"{name}, for the client", cost.client, "us", Baseline("bare Redis round trip", cost.trip), GROWTH
        )
        if cost is not few:
            base = Baseline(f"with {min(costs)}", few.inside)
            yield at_most(f"{name}, inside Redis", cost.inside, "us", base, GROWTH)


def _index(size: int, repeats: int) -> tuple[Cost, Cost]:
    with installed("SQLite") as installation:
        services = replace(installation.services, clock=SteppedClock(AT))
        organisation, _ = put_crowd(services, size)
        with services.database.read() as connection:
            of = read_in_force(services, connection)
            rebuild(services, connection)
        agents = list(organisation.agents.values())
        skills = [tuple(agents[one % size].skills) for one in range(repeats)]
        redis = cast(Redis, services.redis)
        return (
            _cost(redis, _seekers(redis, of, repeats)),
            _cost(redis, [lambda one=one: calls_index.read_fronts(redis, of, one) for one in skills]),  # type: ignore[misc]
        )


def _seekers(redis: Redis, of: InForce, repeats: int) -> list[Callable[[], Any]]:
    """Decisions about callers of every service."""
    needs = [of.organisation.need("maple", one, "en-US", "IL", opening=False, location="loop") for one in SERVICES]
    crew = of.organisation.crew("maple", "loop")
    places = [(of.filing.tiers(crew, need, AT), need.level) for need in needs]
    found = [one for one in places if one[0]]
    now = AT.timestamp()

    def seeker(number: int) -> Callable[[], Any]:
        tiers, level = found[number % len(found)]
        return lambda: agents_index.claim_best(redis, of.mark, now, tiers, level)

    return [seeker(number) for number in range(repeats)]


def _cost(redis: Redis, decisions: list[Callable[[], Any]]) -> Cost:
    decisions[0]()
    redis.config_resetstat()
    times, trips = [], []
    for decide in decisions:
        redis.delete(scripts.CLAIMS)  # whoever was named for the one before is free again
        trips.append(_seconds(redis.ping))
        times.append(_seconds(decide))
    stats = cast(dict[str, dict[str, float]], redis.info("commandstats"))["cmdstat_evalsha"]
    median = statistics.median
    return Cost(stats["usec"] / stats["calls"], median(times) * 1e6, median(trips) * 1e6)


def _whole(sizes: tuple[int, ...], repeats: int) -> Iterator[Row]:
    few, *more = [(size, _decision_ms(size, repeats)) for size in sizes]
    yield reported(f"a whole decision with its SQL, {counted(few[0], 'agent')} busy and as many waiting", few[1], "ms")
    for size, ms in more:
        what = f"a whole decision with its SQL, {counted(size, 'agent')} busy and as many waiting"
        yield at_most(what, ms, "ms", Baseline(f"with {few[0]}", few[1]), GROWTH)


def _decision_ms(size: int, repeats: int) -> float:
    """One more look for an agent for a call, at an instant at which others have looked before."""
    with installed("SQLite") as installation:
        services = replace(installation.services, clock=SteppedClock(AT + timedelta(seconds=1)))
        _, calls = put_crowd(services, size, busy=True)
        with transaction(services) as work:
            for call_id in calls[: len(SERVICES)]:
                put_item(work, "match", call_id, call_id=call_id)
            items = work.connection.execute(outbox.select()).all()
        for item in items:
            handle_item(services, item)
        return statistics.median(_seconds(partial(handle_item, services, item)) for item in items[:repeats]) * 1e3


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
