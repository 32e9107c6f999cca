"""The indexes in Redis: whom they name, what they forget, and that SQL and they never part for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import update

from bench.rig.waiting import put_callers
from ivr.core.redis_client import connect_redis
from ivr.core.unit_of_work import transaction
from ivr.ops.embedded_redis import embedded_redis
from ivr.queue import agent_states, index
from ivr.queue.index import agents as agents_index
from ivr.queue.index import calls as calls_index
from ivr.queue.index import rebuild, rebuilding, scripts
from ivr.queue.index.lines import WHO_WAITS, InForce, line_of, read_in_force
from ivr.queue.tables import agent_state, waiting
from rehearsals.world import World
from routing.agents import ANYBODY, Agent, Available, Licence, Need
from routing.cells import Cells
from routing.crew import Crew
from routing.filing import Filing, score
from routing.hours import parse_weekly
from routing.prefer import order
from routing.sites import Pool, Site
from tests.canary.leaving import in_redis

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
ALWAYS = parse_weekly({"mon-sun": ["00:00-24:00"]})
ZONES = ("UTC", "Asia/Manila", "America/Bogota")
NEED = Need("maple", "nurse", "triage_rn", level=2, patient_state="IL")


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A server of its own."""
    with embedded_redis(tmp_path_factory.mktemp("redis")) as url:
        client = connect_redis(url)
        yield client
        client.close()


def somebody(dice: Random, number: int) -> Agent:
    zone = dice.choice(ZONES)
    pool = Pool(zone.lower().replace("/", "-"), Site(zone, zone, "US", "IL"), ALWAYS)
    tongues = dice.choice([{"en-US"}, {"es-US"}, {"en-US", "es-US"}])
    held = dice.choice([(), (Licence("RN", "IL", date(2027, 1, 1)),), (Licence("RN", "TX", date(2027, 1, 1), True),)])
    skills = {"triage_rn": dice.randint(1, 5), "billing": dice.randint(1, 5)}
    return Agent(f"agent-{number}", pool, "client:x", frozenset(tongues), skills, held)


def filled(redis: Redis, filing: Filing, idle_ones: list[Available]) -> None:
    redis.flushall()
    redis.mset({scripts.BUILT: "1", scripts.FILLED: NOON.timestamp()})
    for one in idle_ones:
        for cell, level in filing.of(one.agent.id):
            redis.zadd(scripts.CELLS + cell, {one.agent.id: score(level, one.idle_since)})


@pytest.mark.parametrize("seed", range(20))
def test_redis_and_the_cells_in_memory_name_one_after_the_other_in_the_order_of_routing(
    redis: Redis, seed: int
) -> None:
    dice = Random(seed)
    people = [somebody(dice, number) for number in range(40)]
    there = [Available(one, NOON - timedelta(seconds=dice.randint(0, 900))) for one in people]
    filing, crew = Filing(people, {"RN"}, NOON), Crew(people)
    filled(redis, filing, there)
    need = replace(
        NEED,
        level=dice.randint(1, 5),
        language=dice.choice(["en-US", "es-US"]),
        interpreter=dice.random() < 0.5,
        licensed_kind=dice.choice([None, "RN"]),
    )
    expected = [one.id for one in order(there, need, NOON)]
    passed = set(expected[:: dice.randint(2, 5)]) if seed % 2 else set()
    named: list[str] = []
    for _ in people:
        found = agents_index.claim_best(
            redis, "1", NOON.timestamp(), filing.tiers(crew, need, NOON), need.level, passed
        )
        assert found is not None
        if found[0] in ("", *named):
            break
        named.append(found[0])
    nobody = agents_index.claim_best(
        redis, "1", NOON.timestamp(), filing.tiers(crew, need, NOON), need.level, {*passed, *named}
    )
    assert nobody == ("", NOON.timestamp())
    assert named == [name for name in expected if name not in passed]
    cells = Cells(filing)
    for one in there:
        cells.put(one.agent.id, one.idle_since)
    for number, name in enumerate(named):
        assert cells.best(filing.tiers(crew, need, NOON), need.level, {*passed, *named[:number]}) == name


def in_force_of(world: World) -> InForce:
    with world.services.database.read() as connection:
        return read_in_force(world.services, connection)


def test_whoever_was_named_is_named_again_only_where_nobody_else_is_or_long_enough_after(redis: Redis) -> None:
    one = somebody(Random(1), 0)
    people = [one, replace(one, id="agent-1")]
    filing, crew = Filing(people, {"RN"}, NOON), Crew(people)
    filled(redis, filing, [Available(agent, NOON) for agent in people])
    tiers = filing.tiers(crew, replace(NEED, level=1, language=min(one.languages)), NOON)

    def named(seconds: float, *passed: str) -> str | None:
        found = agents_index.claim_best(redis, "1", NOON.timestamp() + seconds, tiers, 1, passed)
        return found and found[0]

    assert [named(0), named(1), named(9)] == ["agent-0", "agent-1", "agent-0"]
    assert [named(11), named(12, "agent-0"), named(13, "agent-0", "agent-1")] == ["agent-0", "agent-1", ""]
    assert [named(19), named(21)] == ["agent-0", "agent-0"]
    assert named(-3600) == "agent-0", "a claim from the future is the trace of a clock that was set back"


def test_indexes_of_another_mark_are_not_asked(redis: Redis, world: World) -> None:
    of = replace(in_force_of(world), mark="1")
    redis.flushall()
    assert agents_index.claim_best(redis, "1", 0.0, (("cell",),), 1) is None
    assert calls_index.read_fronts(redis, of, ["scheduling"]) is None
    redis.set(scripts.BUILT, "2")
    assert agents_index.claim_best(redis, "1", 0.0, (("cell",),), 1) is None
    assert calls_index.read_fronts(redis, of, ["scheduling"]) is None


def named(world: World, passed: tuple[str, ...] = ()) -> str | None:
    """Whom the index names for somebody who wants an appointment."""
    with transaction(world.services) as work:
        need = world.organisation.need("maple", "scheduling", "en-US", "IL", opening=False, location="loop")
        found = index.claim_best_agent(work, world.organisation.crew("maple", "loop"), need, passed)
        found_in_sql = agents_index._best_in_sql(work, world.organisation.crew("maple", "loop"), need, passed)
    if found is not None:
        index.reindex_agents(world.services, [found])
    assert found == found_in_sql
    return found


def test_an_agent_is_named_while_idle_only_whatever_became_of_redis(any_world: World) -> None:
    redis = cast(Redis, any_world.services.redis)
    first = named(any_world)
    assert first is not None
    for lose in (lambda: None, redis.flushall, lambda: redis.set(scripts.BUILT, "of another day")):
        lose()
        assert named(any_world) == first
        with transaction(any_world.services) as work:
            assert agent_states.reserve(work, first, "offer")
        assert named(any_world, (first,)) not in (None, first)
        index.reindex_agents(any_world.services, [first])
        assert named(any_world) not in (None, first)
        with transaction(any_world.services) as work:
            agent_states.release(work, first, "offer", answered=False)
        index.reindex_agents(any_world.services, [first])
        # Whoever had no call so far has been idle for longer.
        others = {first}
        while (last := named(any_world, tuple(others))) is not None:
            others.add(last)
        assert first in others
        with transaction(any_world.services) as work:
            work.connection.execute(
                update(agent_state).values(since=agent_states.NEVER, version=agent_state.c.version + 1)
            )
        index.reindex_agents(any_world.services, [first])


def test_news_of_an_agent_that_comes_late_changes_nothing(world: World) -> None:
    redis = cast(Redis, world.services.redis)
    with world.services.database.read() as connection:
        rebuild(world.services, connection)
        of = read_in_force(world.services, connection)
    cells = [scripts.CELLS + one.cell for one in of.filing.of("ana")]
    keys = (scripts.NEWS, scripts.BUILT, scripts.VERSIONS, scripts.CLAIMS, *cells)
    assert redis.zscore(cells[0], "ana") is not None
    assert scripts.reindex(redis, keys, of.mark, "ana", 7) == 1
    assert scripts.reindex(redis, keys, of.mark, "ana", 6, *([0.0] * len(cells))) == 0
    assert redis.zscore(cells[0], "ana") is None
    assert scripts.reindex(redis, keys, of.mark, "ana", 8, *([0.0] * len(cells))) == 1
    assert redis.zscore(cells[0], "ana") == 0.0
    assert scripts.reindex(redis, keys, "another", "ana", 9) == 0
    assert redis.zscore(cells[0], "ana") == 0.0


def test_news_that_was_missed_is_found_within_a_minute(world: World) -> None:
    redis = cast(Redis, world.services.redis)
    first = named(world)
    for key in redis.scan_iter(scripts.CELLS + "*"):
        redis.zremrangebyrank(key, 0, -1)
    with transaction(world.services) as work:
        need = world.organisation.need("maple", "scheduling", "en-US", "IL", opening=False, location="loop")
        assert index.claim_best_agent(work, world.organisation.crew("maple", "loop"), need, ()) is None
    world.clock.move_to(world.clock.now() + agents_index.STALE)
    assert named(world) == first


def fronts(world: World, *skills: str) -> list[tuple[str, float]]:
    """Lines in order, told apart by the service, from Redis and from SQL alike."""
    services = world.services
    with services.database.read() as connection:
        found = index.fronts(services, connection, skills)
        of = read_in_force(services, connection)
        assert found == sorted(calls_index._fronts_in_sql(connection, of, skills))
        services_of = {line_of(of, row): row.service for row in connection.execute(WHO_WAITS)}
    return [(services_of[one.line], one.place) for one in found]


def test_lines_stand_by_whoever_is_first_in_them_and_empty_ones_are_gone(any_world: World) -> None:
    services = any_world.services
    calls = put_callers(services, 6, ("billing", "scheduling", "prescriptions"))
    assert fronts(any_world, "scheduling") == [("scheduling", 1.0), ("prescriptions", 2.0)]
    assert fronts(any_world, "scheduling", "billing", ANYBODY)[0] == ("billing", 0.0)
    for gone in (1, 2):
        with transaction(services) as work:
            work.connection.execute(update(waiting).where(waiting.c.call_id == calls[gone]).values(state="offered"))
            assert index.add_call(services, work.connection, calls[gone])
    assert fronts(any_world, "scheduling") == [("scheduling", 4.0), ("prescriptions", 5.0)]
    with transaction(services) as work:
        work.connection.execute(update(waiting).where(waiting.c.call_id == calls[4]).values(state="left"))
        index.remove_call(services, calls[4])
    assert fronts(any_world, "scheduling") == [("prescriptions", 5.0)]
    with services.database.read() as connection:
        line = index.fronts(services, connection, ["scheduling"])[0].line
        assert index.calls_in_line(services, connection, line) == [calls[5]]
        assert [index.position(services, connection, one) for one in calls] == [1, 2, 3, 4, None, 5]
    assert [index.is_first(services, one) for one in (calls[0], calls[3], calls[5])] == [True, False, True]
    with transaction(services) as work:
        work.connection.execute(update(waiting).where(waiting.c.call_id == calls[1]).values(state="searching"))
        assert index.add_call(services, work.connection, calls[1])
    assert fronts(any_world, "scheduling") == [("scheduling", 1.0), ("prescriptions", 5.0)]


@pytest.mark.parametrize("filled_by", ["news", "sql"])
def test_nothing_that_a_caller_asks_for_can_be_read_in_the_index(world: World, filled_by: str) -> None:
    redis, services = cast(Redis, world.services.redis), world.services
    for call_id in put_callers(services, 2, ("billing", "nurse")):
        with transaction(services) as work:
            assert index.add_call(services, work.connection, call_id)
    if filled_by == "sql":
        with services.database.read() as connection:
            rebuild(services, connection)
    assert len(fronts(world, "billing", "triage_rn")) == 2
    redis.delete(*redis.scan_iter("sunline:agents:*"))  # what agents can do is no secret
    kept = in_redis(redis).decode()
    assert "sunline:waiting:line:" in kept
    for asked in ("maple", "loop", "billing", "nurse", "triage", "en-US", "routine"):
        assert asked not in kept


def test_a_call_that_waits_no_more_is_taken_out_when_it_is_put_in(world: World) -> None:
    (call_id,) = put_callers(world.services, 1)
    with transaction(world.services) as work:
        assert index.add_call(world.services, work.connection, call_id)
        work.connection.execute(update(waiting).values(state="connected"))
        assert not index.add_call(world.services, work.connection, call_id)
    assert fronts(world, "scheduling") == []
    assert cast(Redis, world.services.redis).zcard(scripts.PLACES) == 0


@pytest.mark.parametrize("before", ["filled", "emptied"])
def test_what_changes_while_the_indexes_are_filled_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """An agent becomes busy and a caller is offered to somebody after SQL was read and before Redis was written."""
    services, redis = world.services, cast(Redis, world.services.redis)
    (call_id,) = put_callers(services, 1)
    assert named(world) is not None
    if before == "emptied":
        redis.flushall()
    read, times = rebuilding._read, []

    def meanwhile(*given: object) -> object:
        found = read(*given)  # type: ignore[arg-type]
        times.append(1)
        changes = {1: busy, 2: offered}
        changes.get(len(times), lambda: None)()
        return found

    def busy() -> None:
        with transaction(services) as work:
            assert agent_states.reserve(work, "ana", "offer")
        index.reindex_agents(services, ["ana"])

    def offered() -> None:
        with transaction(services) as work:
            work.connection.execute(update(waiting).values(state="offered"))
            assert index.add_call(services, work.connection, call_id)

    monkeypatch.setattr(rebuilding, "_read", meanwhile)
    with services.database.read() as connection:
        rebuild(services, connection)
        of = read_in_force(services, connection)
    assert len(times) == 3
    assert all(redis.zscore(scripts.CELLS + one.cell, "ana") is None for one in of.filing.of("ana"))
    assert fronts(world, "scheduling") == []
