"""Many calls through the whole installation: the same seed, the same events; nobody stranded, nothing left over."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from phonesim.load import read_plan
from rehearsals import provisioning
from rehearsals.simulation.command import simulate as command
from rehearsals.simulation.running import Simulated, simulate
from rehearsals.simulation.scaling import with_agents
from tests.conftest import thorough
from tests.ops.test_lists_as_json import LISTS
from tests.rehearsals.conftest import FOLDER

CONFIG = FOLDER.parent / "config"
PLAN = FOLDER / "load" / "weekday-morning.yaml"
PATIENTS = FOLDER / "people" / "maple.csv"
AT = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
FEW = 3


@cache
def played(calls: int, seed: int, *faults: str) -> Simulated:
    organisation = with_agents(provisioning.read_organisation(CONFIG, AT), 12)
    plan = replace(read_plan(PLAN), most=calls)
    return simulate(plan, organisation, AT, seed=seed, patients=PATIENTS, faults=faults)


def begun(hash_seed: str, calls: int) -> subprocess.Popen[str]:
    """A simulation in a process of its own."""
    asked = [str(PLAN), "--calls", str(calls), "--agents-per-pool", "12", "--patients", str(PATIENTS)]
    command = [sys.executable, "-m", "ivr.cli", "simulate", *asked]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True, env=environment)


def digests(simulation: subprocess.Popen[str]) -> list[str]:
    """The hashes of its events and of its trace."""
    told, _ = simulation.communicate()
    assert simulation.returncode == 0, told
    return [line.split()[1] for line in told.splitlines() if line.startswith(("events ", "trace "))]


@pytest.mark.parametrize("calls", [FEW, thorough(30)])
def test_two_processes_with_the_same_seed_write_the_same_events_ids_included(calls: int) -> None:
    one, other = begun("1", calls), begun("2", calls)
    found = digests(one)
    assert len(found) == 2
    assert found == digests(other)


def test_another_seed_gives_other_calls() -> None:
    one, other = played(FEW, 1), played(FEW, 2)
    assert one.events != other.events
    assert one.trace != other.trace


@pytest.mark.parametrize("calls", [FEW, thorough(8)])
def test_nobody_is_stranded_and_nothing_is_left_over(calls: int) -> None:
    done = played(calls, 1)
    assert done.stranded == 0
    assert done.wrongs == ()
    assert sum(agent.rung_while_busy for agent in done.agents) == 0
    assert done.summaries[-1].offered == calls
    assert done.summaries[-1].answered > 0


@pytest.mark.parametrize("fault", ["callbacks-lost=0.3", "webhooks-twice"])
@pytest.mark.parametrize("calls", [FEW, thorough(8)])
def test_nobody_is_stranded_on_a_bad_day(fault: str, calls: int) -> None:
    done = played(calls, 1, fault)
    assert done.stranded == 0


def test_a_bigger_organisation_has_the_same_people_and_more_like_them() -> None:
    example = provisioning.read_organisation(CONFIG, AT)
    bigger = with_agents(example, 6)
    in_pool = {pool: [agent.id for agent in bigger.agents.values() if agent.pool.id == pool] for pool in bigger.pools}
    assert {len(agents) for agents in in_pool.values() if agents} == {6}
    assert set(example.agents) <= set(bigger.agents)
    assert len({agent.contact for agent in bigger.agents.values()}) == len(bigger.agents)
    assert bigger.agents["ana-2"].skills == example.agents["ana"].skills


def test_the_command_tells_what_cannot_be_run(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.read_text("utf-8").replace("calls: 200", "calls: many"), "utf-8")
    done = CliRunner().invoke(command, [str(plan)])
    assert done.exit_code == 2
    assert "'many' cannot be read; write a whole number above 0" in done.output
    later = CliRunner().invoke(command, [str(PLAN), "--at", "soon"])
    assert later.exit_code == 2
    assert "--at: 'soon' is not an instant; write" in later.output
    nowhere = CliRunner().invoke(command, [str(PLAN), "--csv", str(tmp_path / "none" / "calls.csv")])
    assert nowhere.exit_code == 2
    assert "there is no folder" in nowhere.output


def test_the_command_writes_a_row_for_each_call_and_the_table_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "calls.csv"
    done = CliRunner().invoke(command, [str(PLAN), "--calls", "4", "--patients", str(PATIENTS), "--csv", str(out)])
    assert done.exit_code in (0, 1), done.output
    assert len(list(csv.DictReader(out.read_text("utf-8").splitlines()))) == 4
    summary = list(csv.DictReader((tmp_path / "calls-summary.csv").read_text("utf-8").splitlines()))
    assert summary[-1]["offered"] == "4"


def test_programs_read_the_same_figures() -> None:
    done = CliRunner().invoke(command, [str(PLAN), "--calls", "2", "--patients", str(PATIENTS), "--json"])
    found = json.loads(done.stdout)
    assert {frozenset(one) for one in found} == {frozenset(LISTS["simulate"])}
    assert (found[-1]["reason"], found[-1]["offered"]) == ("all", 2)
