"""A process that is stopped in the middle of a transaction, as by SIGSTOP, while others go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import column, func, insert, select, table, text
from sqlalchemy.exc import DBAPIError

from ivr.core.database import IDLE_SECONDS, Database
from ivr.core.unit_of_work import begin_again, can_begin_again

pytestmark = [pytest.mark.postgres]

NOTE = table("note", column("words"))
PROCESS = select(func.pg_backend_pid())
IDLE = "idle_in_transaction_session_timeout"


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    made = Database(postgres_url)
    with made.write() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT PRIMARY KEY)"))
    yield made
    made.dispose()


def until_it_is_gone(database: Database, process: int) -> None:
    there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :process")
    with database.read() as connection:
        while connection.execute(there, {"process": process}).scalar_one():
            connection.rollback()


def written(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(NOTE.c.words)).scalars())


def test_what_was_decided_before_is_not_committed_after_others_went_on(database: Database) -> None:
    def stopped() -> None:
        with database.write(brief=can_begin_again()) as connection:
            connection.execute(insert(NOTE).values(words="decided before"))
            process = connection.execute(PROCESS).scalar_one()
            assert connection.execute(text(f"SHOW {IDLE}")).scalar_one() == f"{IDLE_SECONDS}s"
            # The stop begins here. What goes before it has all the time that it takes.
            connection.execute(text(f"SET LOCAL {IDLE} = 1"))
            until_it_is_gone(database, process)
            with database.write() as other:
                other.execute(insert(NOTE).values(words="decided before"))
                other.execute(insert(NOTE).values(words="by another"))

    with pytest.raises(DBAPIError):
        begin_again(stopped)
    assert sorted(written(database)) == ["by another", "decided before"]
