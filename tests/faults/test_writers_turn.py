"""Another process keeps the turn of SQLite's single writer: nobody waits for it without end."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ivr.core import database as module
from ivr.core.database import Database, is_passing
from ivr.core.database_trouble import explain_trouble
from ivr.core.unit_of_work import MOST_TRIES, begin_again, can_begin_again
from ivr.core.writers_turn import TurnNotHad

HOLDER = """
import fcntl, sys
turn = open(sys.argv[1], "w")
fcntl.flock(turn, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""
SOON, GIVE_UP = 0.05, 120


class Holder:
    """A process that keeps the turn until it is told to let it go."""

    def __init__(self, file: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    def let_go(self) -> None:
        """End, and with it the lock. Once more, nothing."""
        if self._process.poll() is None:
            self._process.communicate("\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sunline.db"


@pytest.fixture
def turn(file: Path) -> Path:
    return file.with_name("sunline.db.turn")


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
    yield database
    database.dispose()


@pytest.fixture
def holder(database: Database, turn: Path) -> Iterator[Holder]:
    holder = Holder(turn)
    yield holder
    holder.let_go()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits gives up soon."""
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", SOON)
    monkeypatch.setattr(module, "BRIEF_LOCK_SECONDS", SOON)


def write(database: Database) -> None:
    with database.write(brief=can_begin_again()) as connection:
        connection.execute(text("INSERT INTO note VALUES ('written')"))


def written(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM note")).scalar_one())


@pytest.mark.usefixtures("holder", "soon")
def test_a_writer_is_refused_as_where_a_lock_is_not_to_be_had(database: Database) -> None:
    with pytest.raises(OperationalError) as refused:
        write(database)
    assert isinstance(refused.value.orig, TurnNotHad)
    assert is_passing(refused.value)
    assert "the database cannot be used (OperationalError)" in explain_trouble(refused.value)
    assert written(database) == 0  # whoever looks is not kept from it


@pytest.mark.usefixtures("soon")
def test_a_thread_of_the_same_process_is_refused_alike(database: Database) -> None:
    with ThreadPoolExecutor(1) as pool, database.write(), pytest.raises(OperationalError) as refused:
        pool.submit(write, database).result()
    assert is_passing(refused.value)


@pytest.mark.usefixtures("soon")
def test_a_transaction_begins_again_until_the_turn_is_had(
    database: Database, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[OperationalError] = []

    def act() -> None:
        try:
            write(database)
        except OperationalError as problem:
            refused.append(problem)
            if len(refused) == MOST_TRIES - 2:
                holder.let_go()
                # How soon this process learns of it is a question of the machine.
                monkeypatch.setattr(module, "BRIEF_LOCK_SECONDS", GIVE_UP)
                monkeypatch.setattr(module, "TIMEOUT_SECONDS", GIVE_UP)
            raise

    begin_again(act)
    assert (len(refused), written(database)) == (MOST_TRIES - 2, 1)


@pytest.mark.usefixtures("soon")
def test_whoever_gave_up_keeps_the_turn_from_nobody(database: Database, holder: Holder, turn: Path) -> None:
    for _ in range(3):
        with pytest.raises(OperationalError):
            write(database)
    holder.let_go()
    with turn.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
    write(database)
    assert written(database) == 1


def test_a_writer_goes_on_as_soon_as_the_other_process_lets_go(
    monkeypatch: pytest.MonkeyPatch, database: Database, holder: Holder
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", GIVE_UP)
    with ThreadPoolExecutor(1) as pool:
        writes = pool.submit(write, database)
        assert not writes.done()
        holder.let_go()
        writes.result()
    assert written(database) == 1


def test_writers_of_several_threads_each_have_their_turn(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", GIVE_UP)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, database) for _ in range(64)]:
            done.result()
    assert written(database) == 64
