"""A world of its own: the same seed gives the same run, and time stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from rehearsals.language import read_script
from rehearsals.provisioning import NotEmpty
from rehearsals.running import play
from rehearsals.world import World
from tests.rehearsals.conftest import FOLDER

CONFIG = FOLDER.parent / "config"
AT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def _run(name: str, seed: int, *, twice: bool = False) -> list[str]:
    script = read_script(next(FOLDER.glob(f"{name}-*.yaml")))
    with World(CONFIG, script.at, seed=seed, faults=["webhooks-twice"] if twice else []) as world:
        assert play(script, world).passed
        return [repr(entry) for entry in world.net.trace]


@pytest.mark.parametrize("twice", [False, True], ids=["once", "every webhook twice"])
def test_the_same_seed_gives_the_same_run(twice: bool) -> None:
    assert _run("06", 7, twice=twice) == _run("06", 7, twice=twice)


def test_another_seed_gives_other_ids_and_the_same_call() -> None:
    one, other = _run("06", 7), _run("06", 8)
    assert one != other
    assert len(one) == len(other)


def test_time_stands_still_until_it_is_moved_and_then_goes_exactly_as_far() -> None:
    with World(CONFIG, AT) as world:
        world.settle()
        assert world.now == world.net.now == AT
        world.advance_to(AT + timedelta(hours=9))
        assert world.now == world.net.now == AT + timedelta(hours=9)


def test_a_condition_that_never_holds_costs_exactly_the_limit() -> None:
    with World(CONFIG, AT) as world:
        assert not world.advance(lambda: False, timedelta(minutes=3))
        assert world.now == AT + timedelta(minutes=3)


def test_a_condition_that_holds_costs_no_time() -> None:
    with World(CONFIG, AT) as world:
        assert world.advance(lambda: True, timedelta(minutes=3))
        assert world.now == AT


def test_a_database_out_of_reach_refuses_everybody_and_then_nobody() -> None:
    with World(CONFIG, AT) as world:
        world.stop_database()
        with pytest.raises(OperationalError), world.services.database.read():
            pass
        world.advance_to(AT + timedelta(minutes=1))
        world.return_database()
        with world.services.database.read() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_a_world_leaves_nothing_behind_in_a_database_that_was_lent_to_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lent.db'}"
    for _ in range(2):
        with World(CONFIG, AT, database_url=url) as world:
            world.settle()


def test_a_database_with_tables_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'lent.db'}"
    with World(CONFIG, AT, database_url=url), pytest.raises(NotEmpty, match="needs one of its own"):
        World(CONFIG, AT, database_url=url)


def test_a_world_in_which_nothing_was_written_asks_its_database_nothing() -> None:
    asked: list[str] = []
    with World(CONFIG, AT) as world:
        world.settle()
        event.listen(world.services.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        for second in range(100):
            world.net.scheduler.after(second, lambda: None)
        world.advance_to(AT + timedelta(minutes=2))
        assert asked == []
        world.net.phone("+13125550199").dial("+13125550100")
        world.settle()
        assert asked
