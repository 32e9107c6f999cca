"""What it costs to prove that somebody is awake, at every instant of a year, for many practices."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from bench.rows import Row, reported, within
from ivr.core.counting import counted
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.workforce.coverage import gaps_in, lines
from ivr.workforce.pictures.coverage import heat_map
from rehearsals.running import EXAMPLE

AT = datetime(2026, 11, 3, tzinfo=UTC)
YEAR = timedelta(days=366)
PRACTICES, SECONDS = 50, 10
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")


def measure(quick: bool = False) -> list[Row]:
    """A year of the proof, and of its heat map."""
    organisation = _of_many(3 if quick else PRACTICES)
    start = process_time()
    found = tuple(lines(organisation, AT, AT + YEAR))
    missing = gaps_in(organisation, found)
    proved = process_time()
    heat_map(found, AT, AT + YEAR)
    drawn = process_time() - proved
    size = f"{counted(len(organisation.practices), 'practice')}, {counted(len(organisation.agents), 'agent')}"
    what = f"a year of coverage, {size}, {counted(len(found), 'question')}, {counted(len(missing), 'gap')}"
    return [within(what, proved - start, "s", SECONDS), reported(f"its heat map, {size}", drawn, "s")]


def _of_many(practices: int) -> Organisation:
    """The example's operator for many practices, each with a front desk, a zone and numbers of its own."""
    tree = json.loads(read_folder(EXAMPLE, at=AT, allow_unsigned=True).body)
    model, agents = tree["practices"]["maple"], tree["operator"]["agents"]
    desk = [agent for agent in agents if agent["pool"] == "maple-front-desk"]
    tree["practices"] = {}
    for number in range(practices):
        name, zone = f"practice-{number}", ZONES[number % len(ZONES)]
        tree["operator"]["sites"][name] = {"timezone": zone, "country": "US", "state": "IL"}
        tree["operator"]["pools"][name] = {**tree["operator"]["pools"]["maple-front-desk"], "site": name}
        agents += [{**one, "id": f"{one['id']}-{number}", "pool": name} for one in desk]
        tree["practices"][name] = _practice(model, name, zone, number)
    return organisation_of(tree)


def _practice(model: dict[str, Any], name: str, zone: str, number: int) -> dict[str, Any]:
    made = deepcopy(model)
    made["practice"], made["staff"]["pool"] = name, name
    made["locations"]["loop"] |= {"timezone": zone, "numbers": [f"+1312555{number:04}"]}
    del made["backline"]
    return made
