"""The index of idle agents in Redis names the same agent as the one in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from redis import Redis

from ivr.waiting import idle, scripts
from routing.agents import Agent, Need
from routing.cells import Cells
from routing.crew import Crew
from routing.filing import Filing, score
from routing.hours import parse_weekly
from routing.sites import Pool, Site

AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
ALWAYS = parse_weekly({"mon-sun": ["00:00-24:00"]})
POOLS = [Pool(zone, Site(zone, zone, "US", "IL"), ALWAYS) for zone in ("UTC", "Asia/Manila", "America/Bogota")]
SKILLS, LANGUAGES = ("billing", "scheduling"), ("en-US", "es-US")
NEEDS = [
    Need("maple", skill, skill, level, language, interpreter=interpreter)
    for skill, level, language, interpreter in product(SKILLS, (1, 2, 4, 5), LANGUAGES, (False, True))
]


def somebody(number: int, dice: Random) -> Agent:
    languages = frozenset(dice.sample(LANGUAGES, dice.randint(1, 2)))
    skills = {skill: dice.randint(1, 5) for skill in dice.sample(SKILLS, dice.randint(1, 2))}
    return Agent(f"agent-{number:02}", dice.choice(POOLS), f"client:{number}", languages, skills)


def test_redis_names_whom_the_cells_in_memory_name_and_passes_over_whom_they_pass_over(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    for seed in range(20):
        redis.flushall()
        dice = Random(seed)
        crew = Crew(somebody(number, dice) for number in range(40))
        filing = Filing(crew.agents, (), AT)
        cells = Cells(filing)
        redis.mset({scripts.BUILT: "now", scripts.FILLED: 0})
        for agent in crew.agents:
            since = AT - timedelta(seconds=dice.randrange(10))
            cells.put(agent.id, since)
            for filed in filing.of(agent.id):
                redis.zadd(scripts.CELLS + filed.cell, {agent.id: score(filed.level, since)})
        for need in NEEDS:
            passed = set(dice.sample([agent.id for agent in crew.agents], dice.choice([0, 5, 30])))
            tiers = filing.tiers(crew, need, AT)
            named = idle.ask(redis, "now", 0.0, tiers, need.level, passed)
            assert named is not None
            assert (named[0] or None) == cells.best(tiers, need.level, passed)
            redis.delete(scripts.CLAIMS)
    redis.close()
