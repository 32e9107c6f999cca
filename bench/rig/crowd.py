"""A large operator: thousands of agents with three of a hundred skills each, and as many callers who wait."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from sqlalchemy import insert

from bench.rig.installation import AT
from bench.rig.waiting import put_callers
from ivr.core.services import Services
from ivr.directory import revisions
from ivr.directory.organisation import Organisation, organisation_of
from ivr.queue.tables import agent_state

SKILLS = tuple(f"skill-{number}" for number in range(100))
SERVICES = tuple(f"service-{number}" for number in range(100))
EACH = 3
POOLS = ("manila", "cape-town", "bogota")
LANGUAGES = (["en-US"], ["en-US", "es-US"])


def put_crowd(services: Services, count: int, *, busy: bool = False) -> tuple[Organisation, list[str]]:
    """``count`` agents and as many waiting calls, the same every time; the organisation and the calls' ids."""
    with services.database.write() as connection:
        organisation = _with_crowd(revisions.load(connection), count)
        revisions.apply(connection, organisation, AT, "bench")
        if busy:
            rows = [{"agent_id": name, "state": "busy", "since": AT} for name in organisation.agents]
            connection.execute(insert(agent_state), rows)
    return organisation, put_callers(services, count, SERVICES)


def _with_crowd(organisation: Organisation, count: int) -> Organisation:
    tree: dict[str, Any] = json.loads(organisation.body)
    dice = Random("crowd")
    tree["operator"]["agents"] = [_agent(dice, number) for number in range(count)]
    kept = tree["practices"]["maple"]["services"]
    for service, skill in zip(SERVICES, SKILLS, strict=True):
        kept[service] = {"skill": skill, "level": "L0", "after_hours": "agents"}
    return organisation_of(tree)


def _agent(dice: Random, number: int) -> dict[str, Any]:
    return {
        "id": f"agent-{number:05}",
        "name": f"Agent {number}",
        "pool": POOLS[number % len(POOLS)],
        "contact": f"client:agent-{number}",
        "languages": LANGUAGES[dice.randrange(len(LANGUAGES))],
        "skills": {skill: str(dice.randint(1, 5)) for skill in dice.sample(SKILLS, EACH)},
    }
