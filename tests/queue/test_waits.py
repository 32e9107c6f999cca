"""`sunline waits`: the waits that callers were told beside those they had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from ivr.calls.event_tables import event
from ivr.core.unit_of_work import transaction
from ivr.installation.command_line import Installation
from ivr.queue import agent_states
from ivr.queue.measured_waits import Measured, measure_waits
from ivr.queue.tables import talks
from ivr.queue.waits_command import waits
from phonesim import Line
from rehearsals.world import World
from tests.calls.scenes import NEW_PATIENT, dial, goes_on, ringing, run
from tests.directory.conftest import installation

pytestmark = pytest.mark.sqlite_first

__all__ = ["installation"]

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SCHEDULERS = ("ana", "benjie", "thandi", "mateus")
Happened = tuple[str, float]
"""The kind of an event, and how many seconds after the caller was told."""


def keep(at: Installation, *happened: Happened, low: int = 2, high: int = 5, service: str = "scheduling") -> None:
    """One call whose first band is from ``low`` to ``high``, told at noon, and what happened then."""
    name = f"call-{next(NUMBERS)}"
    told = [("queued", -1.0, {"service": service}), ("estimated", 0.0, {"low": low, "high": high})]
    rows = [*told, *((kind, after, {"low": 0, "high": 2}) for kind, after in happened)]
    with at.database.write() as connection:
        for kind, after, data in rows:
            about = {"kind": kind, "practice_id": "maple", "call_id": name, "data": data}
            connection.execute(insert(event).values(at=NOON + timedelta(seconds=after), **about))


NUMBERS = count()


def found(at: Installation) -> tuple[Measured, ...]:
    with at.database.read() as connection:
        return measure_waits(connection, NOON, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("happened", "how"),
    [
        ([("answered", 60), ("caller-left", 90)], "before"),
        ([("answered", 200), ("caller-conversation-ended", 400)], "inside"),
        ([("answered", 301)], "after"),
        ([("caller-left", 60), ("caller-conversation-ended", 60)], "gave up"),
        ([("caller-left", 400)], "gave up late"),
        ([("promised", 30), ("caller-left", 40), ("answered", 4000)], "left"),
        ([("nobody-came", 600), ("promised", 640)], "left late"),
        ([("escalated", 100), ("caller-left", 900)], "left"),
        ([("offered", 20), ("not-answered", 40)], "waits"),
        ([("estimated", 30), ("answered", 200)], "inside"),  # the first band counts
    ],
)
def test_a_wait_is_counted_by_the_first_thing_that_ends_it(
    installation: Installation, happened: list[Happened], how: str
) -> None:
    keep(installation, *happened)
    (one,) = found(installation)
    assert dict(one.ends) == {how: 1}
    assert one.told == 1


def test_practices_services_and_times_are_kept_apart(installation: Installation) -> None:
    keep(installation, ("answered", 200))
    keep(installation, ("answered", 600))
    keep(installation, ("caller-left", 10))
    keep(installation, ("answered", 200), service="billing")
    assert [(one.practice, one.service, one.told, one.held) for one in found(installation)] == [
        ("maple", "billing", 1, 1.0),
        ("maple", "scheduling", 3, 0.5),
    ]
    with installation.database.read() as connection:
        assert measure_waits(connection, NOON + timedelta(seconds=1), NOON + timedelta(hours=1)) == ()
        assert measure_waits(connection, NOON - timedelta(hours=1), NOON) == ()


def test_whom_nobody_answered_says_nothing_of_how_true_the_band_was(installation: Installation) -> None:
    keep(installation, ("caller-left", 10))
    assert [one.held for one in found(installation)] == [None]


def run_command(given: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(waits, list(arguments), obj=given)


def test_a_period_without_anybody_and_one_that_is_none_are_said(installation: Installation) -> None:
    assert run_command(installation).output == "nobody was told how long they would wait\n"
    upside_down = run_command(installation, "--from", "2026-11-02", "--until", "2026-11-01")
    assert "it is not before --until" in upside_down.output


def waiting_caller(world: World, number: int) -> Line:
    return goes_on(world, dial(world, from_=f"+1312555{number:04}"), NEW_PATIENT)


def engage(world: World, *names: str) -> None:
    with transaction(world.services) as work:
        for name in sorted(names):
            agent_states.reserve(work, name, f"other-{name}")
            agent_states.start_call(work, name, f"other-{name}")


def free(world: World, name: str) -> None:
    with transaction(world.services) as work:
        agent_states.end_call(work, name, f"other-{name}")
    world.settle()


def accepts(world: World) -> None:
    """Whoever is rung takes the call."""
    assert world.advance(lambda: bool(ringing(world)), timedelta(seconds=30))
    for address in ringing(world):
        goes_on(world, world.net.phone(address).answer(), ("1",))


def test_a_played_day_is_told_as_it_went(any_world: World) -> None:
    with transaction(any_world.services) as work:
        known = talks.insert().values(practice_id="maple", service="scheduling", mean_seconds=240.0, known=50)
        work.connection.execute(known)
    engage(any_world, *SCHEDULERS)
    waiting_caller(any_world, 101)  # is told under two minutes, and reaches somebody within one
    run(any_world, 20)
    free(any_world, "ana")
    accepts(any_world)
    waiting_caller(any_world, 102)  # reaches somebody after four
    run(any_world, 240)
    free(any_world, "benjie")
    accepts(any_world)
    impatient = waiting_caller(any_world, 103)
    run(any_world, 30)
    impatient.hang_up()
    run(any_world, 30)
    patient = waiting_caller(any_world, 104)
    run(any_world, 200)
    patient.hang_up()
    run(any_world, 30)
    waiting_caller(any_world, 105)
    run(any_world, 5)
    services = any_world.services
    given = Installation(services.database, services.cipher._keys, services.clock, "rosa", demo=False)
    told = run_command(given).output.splitlines()
    assert [line.split() for line in told] == [
        [
            "practice",
            "service",
            "told",
            "before",
            "inside",
            "after",
            "held",
            "gave",
            "up",
            "late",
            "left",
            "late",
            "waits",
        ],
        ["maple", "scheduling", "5", "0", "1", "1", "50%", "2", "1", "0", "0", "1"],
        ["promised", "to", "hold:", "80%"],
    ]
