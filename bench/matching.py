"""What one decision costs as the waiting room and the number of agents grow.

The client's view is a median of many decisions; the server's is the time Redis itself counts for its commands
(Redis: "INFO", section commandstats). Where cost should grow with the logarithm, 1.3 times is the limit from 100 to
10 000, and all of it is held to that, also what is done in SQL and in this process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from redis import Redis
from sqlalchemy import insert

from bench.rig.installation import AT, installed
from bench.rig.waiting import put_callers
from bench.rows import Baseline, Row, at_most, within
from ivr.clock import SteppedClock
from ivr.directory.revisions import load
from ivr.effects.handling import handle
from ivr.effects.outbox import put
from ivr.effects.tables import outbox
from ivr.services import Services
from ivr.waiting import index
from ivr.waiting.tables import agent_state
from ivr.work import transaction
from routing.agents import Agent, Available
from routing.prefer import order

FEW, MANY = 100, 10_000
MANY_IN_A_ROUND = 1_000
"""A round over 10 000 calls would take minutes, and shows the same."""

REPEATS = 300
GROWTH = 1.3
SERVER_US = 10


def measure(quick: bool = False) -> list[Row]:
    """The index in Redis, a round of matching, and the ranking of agents."""
    many, in_a_round, repeats = (500, 150, 20) if quick else (MANY, MANY_IN_A_ROUND, REPEATS)
    return [*_index(many, repeats), _round(in_a_round), _ranking(many, repeats // 10)]


def _index(many: int, repeats: int) -> list[Row]:
    few_us, few_inside_us, _ = _place_of_the_last(FEW, repeats)
    us, inside_us, trip_us = _place_of_the_last(many, repeats)
    what = f"place in line among {many} waiting calls"
    return [
        within(f"{what}, inside Redis", inside_us, "us", SERVER_US),
        at_most(f"{what}, inside Redis", inside_us, "us", Baseline(f"among {FEW}", few_inside_us), GROWTH),
        at_most(f"{what}, for the client", us, "us", Baseline("bare Redis round trip", trip_us), GROWTH),
        at_most(f"{what}, for the client", us, "us", Baseline(f"among {FEW}", few_us), GROWTH),
    ]


def _place_of_the_last(count: int, repeats: int) -> tuple[float, float, float]:
    """Microseconds for the client, inside Redis, and of a bare round trip."""
    with installed("SQLite") as installation, installation.services.database.read() as connection:
        services, redis = installation.services, cast(Redis, installation.services.redis)
        last = put_callers(services, count)[-1]
        index.rebuild(redis, connection)
        trip = _median_us(redis.ping, repeats)
        redis.config_resetstat()
        took = _median_us(lambda: index.position(services, connection, last), repeats)
        return took, _server_us(redis) / repeats, trip


def _server_us(redis: Redis) -> float:
    stats = cast(dict[str, dict[str, float]], redis.info("commandstats"))
    return sum(counted["usec"] for name, counted in stats.items() if not name.startswith("cmdstat_config"))


def _round(many: int) -> Row:
    what = f"looking for an agent for one call of {many} that wait, every agent busy"
    return at_most(what, _wake_up_ms(many), "ms", Baseline(f"{FEW} waiting", _wake_up_ms(FEW)), GROWTH)


def _wake_up_ms(count: int) -> float:
    with installed("SQLite") as installation:
        services = replace(installation.services, clock=SteppedClock(AT + timedelta(seconds=1)))
        last = put_callers(services, count)[-1]
        _make_everybody_busy(services)
        with transaction(services) as work:
            put(work, "match", last)
            item = work.connection.execute(outbox.select()).one()
        return _median_us(lambda: handle(services, item), 5) / 1000


def _make_everybody_busy(services: Services) -> None:
    with services.database.write() as connection:
        agents = load(connection).agents
        busy = [{"agent_id": name, "state": "busy", "since": AT} for name in agents]
        connection.execute(insert(agent_state), busy)


def _ranking(many: int, repeats: int) -> Row:
    few_us, us = (_rank_us(count, repeats) for count in (FEW, many))
    return at_most(f"ranking {many} idle agents for one call", us, "us", Baseline(f"{FEW} agents", few_us), GROWTH)


def _rank_us(count: int, repeats: int) -> float:
    with installed("SQLite") as installation, installation.services.database.read() as connection:
        organisation = load(connection)
    need = organisation.need("maple", "scheduling", "en-US", "IL", opening=True)
    agents = list(organisation.agents.values())
    crowd = [Available(_another(agents[one % len(agents)], one), AT - timedelta(seconds=one)) for one in range(count)]
    return _median_us(lambda: order(crowd, need, AT), repeats)


def _another(agent: Agent, number: int) -> Agent:
    return replace(agent, id=f"{agent.id}-{number}")


def _median_us(run: Callable[[], Any], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6
