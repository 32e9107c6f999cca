"""The servers that tests lean on are real, empty and out of each other's way."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import text

from ivr.core.database import Database
from ivr.core.redis_client import connect_redis


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as connection, pytest.raises(PermissionError, match="stay on this machine"):
        connection.connect(("192.0.2.1", 80))


def test_a_test_cannot_look_up_a_name() -> None:
    with pytest.raises(PermissionError, match="stay on this machine"):
        socket.create_connection(("sunline.example", 80))


def test_redis_is_empty_when_a_test_begins(redis_url: str) -> None:
    with connect_redis(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_redis_is_empty_again_for_the_next_test(redis_url: str) -> None:
    with connect_redis(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_has_a_database_of_its_own(database: Database, turn: str) -> None:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE belongings (owner TEXT)"))
        connection.execute(text("INSERT INTO belongings VALUES (:turn)"), {"turn": turn})
    with database.read() as connection:
        assert connection.execute(text("SELECT owner FROM belongings")).scalars().all() == [turn]


def test_an_empty_postgresql_database_is_there_to_ask_for(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar() == 0
    database.dispose()
