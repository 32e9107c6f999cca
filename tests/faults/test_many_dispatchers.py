"""Dispatchers in processes of two threads, on one PostgreSQL and one Redis, which is emptied meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from ivr.core.database import Database
from tests.calls.worlds import furnished_postgres
from tests.conftest import thorough
from tests.races.conftest import postgres_place
from tests.races.history import keep_history
from tests.races.place import RATE, Place
from tests.races.standing import came_to

__all__ = ["furnished_postgres", "postgres_place"]

ROOT = Path(__file__).resolve().parents[2]
THREADS = 2
SECONDS = float(os.environ.get("RACE_SECONDS", "0"))
"""How long the race lasts at least; RACE_SECONDS=60 makes a minute of it."""
GIVE_UP = 300 + 5 * SECONDS

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


def begun() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.dispatching"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def told(place: Place, number: int, acts: int) -> str:
    seeds = [THREADS * number + thread for thread in range(THREADS)]
    return json.dumps({"place": asdict(place), "seeds": seeds, "acts": acts, "seconds": SECONDS * RATE})


def raced(place: Place, processes: int, acts: int) -> Counter[str]:
    """What all the processes did together. They begin at once, when the last of them is loaded."""
    them = [begun() for _ in range(processes)]
    for one in them:
        assert one.stdout is not None
        assert json.loads(one.stdout.readline()) == "ready"
    place.begin()
    for number, one in enumerate(them):
        assert one.stdin is not None
        one.stdin.write(told(place, number, acts) + "\n")
        one.stdin.flush()
    done: Counter[str] = Counter()
    for one in them:
        out, _ = one.communicate(timeout=GIVE_UP)
        assert one.returncode == 0
        done += Counter(json.loads(out))
    return done


@pytest.mark.parametrize(("processes", "acts"), [(2, 12), thorough(4, 60)])
def test_dispatchers_in_processes_lose_nobody_and_double_nothing(
    postgres_place: Place, processes: int, acts: int
) -> None:
    database = Database(postgres_place.database_url)
    keep_history(database)
    database.dispose()
    done = raced(postgres_place, processes, acts)
    told = came_to(postgres_place, done)
    assert told.accepted
    assert told.callbacks
