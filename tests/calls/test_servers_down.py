from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from ivr.calls.tables import call, call_log
from ivr.core.database import Database
from ivr.core.optional_redis import COOLDOWN
from ivr.core.redis_client import connect_redis
from ivr.queue import index
from ivr.queue.index import scripts
from ivr.queue.tables import offer, waiting
from rehearsals.world import World
from tests.calls.office import MAPLE, Office, Party, Reply
from tests.calls.scenes import NEW_PATIENT, dial, goes_on, run, said_to

HOUSE = "+13125550190"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/sunline"


def falls_back(reply: Reply) -> None:
    """The reply is the document that needs nothing: emergency words, then the operator's own number."""
    assert reply.status == 200
    assert reply.words.startswith("If this is an emergency, hang up and dial 911.")
    assert "Si es una emergencia" in reply.words
    assert reply.root.findtext("Dial/Number") == HOUSE


@contextmanager
def database_gone(office: Office) -> Iterator[None]:
    """Every connection is refused, as when the server is down."""
    kept, office.services.database = office.services.database, Database(NOWHERE)
    try:
        yield
    finally:
        office.services.database = kept


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Another process holds SQLite's only write lock and does not let go."""
    path = office.services.database.url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_without_a_database_every_document_is_a_safe_one_and_every_callback_is_asked_to_come_again(
    office: Office,
) -> None:
    caller = office.dialled()
    caller.plays("122")
    row = caller.leg
    documents = ["/voice/incoming", *(f"/voice/leg/{row.id}/{row.step}/{kind}" for kind in ("document", "answer"))]
    documents += [f"/voice/leg/{row.id}/{row.step}/{kind}" for kind in ("queue", "dial", "recorded")]
    callbacks = ["/voice/status", f"/voice/leg/{row.id}/status", f"/voice/conference/{row.call_id}"]
    sids = {"ConferenceSid": "CF" + "1" * 32, "RecordingSid": "RE" + "1" * 32, "MessageSid": "SM" + "1" * 32}
    with database_gone(office):
        for url in documents:
            falls_back(caller.send(url, Digits="1"))
        falls_back(caller.send("/voice/fallback"))
        for url in (*callbacks, "/voice/recording/x", "/voice/message/x"):
            assert caller.send(url, **sids).status == 503


def test_without_a_database_whoever_waits_goes_on_waiting(office: Office) -> None:
    caller = office.dialled()
    caller.plays("122")
    wait = caller.heard.url("waitUrl")
    with database_gone(office):
        reply = caller.send(wait)
    assert reply.status == 200
    assert set(reply.verbs) <= {"Say", "Pause", "Play", "Redirect", "Gather"}
    assert reply.words
    assert caller.send(wait).verbs == ["Gather"]


def test_a_locked_database_is_answered_in_time_and_the_same_key_counts_afterwards(office: Office) -> None:
    caller = office.dialled()
    caller.presses("1")
    url = caller.heard.url("action")
    with locked(office):
        falls_back(caller.send(url, Digits="2"))
    assert caller.asks(url, Digits="2").status == 200
    assert caller.leg.pending_key == "identity/seen/0"


def test_a_database_folder_that_was_away_for_a_moment_locks_nobody_out(office: Office) -> None:
    caller = office.dialled()
    folder = Path(str(office.services.database.url.database)).parent
    away = folder.with_suffix(".away")
    os.rename(folder, away)
    falls_back(caller.send("/voice/incoming", CallSid="CA" + "a" * 32))
    os.rename(away, folder)
    caller.presses("1")
    assert caller.leg.pending_key == "reason/0"


@pytest.mark.postgres
@pytest.mark.parametrize("any_world", ["postgresql"], indirect=True)
def test_a_postgresql_that_restarts_in_mid_call_costs_nothing_but_one_document(any_office: Office) -> None:
    office, database = any_office, any_office.services.database
    caller = office.dialled()
    caller.presses("1")
    url, known = caller.heard.url("action"), len(caller.log)
    with database_gone(office):
        falls_back(caller.send(url, Digits="2"))
    with database.read() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    caller.asks(url, Digits="2")
    assert caller.leg.pending_key == "identity/seen/0"
    assert len(office.rows(call_log, call_log.c.leg_id == caller.leg.id)) > known


def test_a_caller_is_connected_to_the_operator_while_the_database_is_down(world: World) -> None:
    with database_gone(Office(world)):
        line = world.net.phone("+13125550199").dial(MAPLE)
        world.net.advance(30)
        assert "hang up and dial 911" in said_to(line)
        assert world.net.phone(HOUSE).ringing
        world.net.phone(HOUSE).answer()
        world.net.advance(2)
        assert line.connected_to == {HOUSE}
        world.clock.move_to(world.net.now)


def test_a_call_that_met_a_short_outage_goes_on_where_it_was(world: World) -> None:
    line = goes_on(world, dial(world), NEW_PATIENT[:2])
    with database_gone(Office(world)):
        world.net.advance(1)
    world.clock.move_to(world.net.now)
    goes_on(world, line, NEW_PATIENT[2:])
    assert Office(world).one(waiting).state in ("searching", "offered")


# --- Redis ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}"


def three_waiting(office: Office) -> list[Party]:
    """Three callers who wait; the last one is the most urgent."""
    callers = [office.dialled(from_=f"+1312555020{number}") for number in range(3)]
    for caller in callers:
        caller.plays("122")
        office.passes(7)
    assert len(order(office)) == 3
    return callers


def order(office: Office) -> list[str]:
    with office.services.database.read() as connection:
        calls = connection.execute(select(call.c.id)).scalars().all()
        places = {call_id: index.position(office.services, connection, call_id) for call_id in calls}
    return sorted((call_id for call_id in calls if places[call_id]), key=lambda call_id: places[call_id] or 0)


def test_waiting_callers_keep_their_order_when_redis_is_emptied(office: Office) -> None:
    calls = [caller.leg.call_id for caller in three_waiting(office)]
    assert order(office) == calls
    redis = office.services.redis
    assert redis is not None
    redis.flushall()
    assert order(office) == calls
    assert redis.exists(scripts.PLACES)


@pytest.mark.parametrize("how", ["refused", "absent", "hanging"])
def test_waiting_callers_keep_their_order_without_redis(office: Office, how: str, silent_server: str) -> None:
    callers = three_waiting(office)
    calls = [caller.leg.call_id for caller in callers]
    office.services.redis = {
        "refused": Redis.from_url("redis://127.0.0.1:1"),
        "absent": None,
        "hanging": connect_redis(silent_server, timeout_seconds=0.02),
    }[how]
    assert order(office) == calls
    fourth = office.dialled()
    fourth.plays("122")
    assert order(office) == [*calls, fourth.leg.call_id]
    told = callers[1].send(callers[1].heard.url("waitUrl")).words
    assert "You are number 2 in line." in told
    callers[0].send("/voice/status", CallStatus="completed", SequenceNumber="0")
    assert order(office) == [*calls[1:], fourth.leg.call_id]


def test_whoever_came_while_redis_was_away_is_offered_when_it_is_back(office: Office) -> None:
    three_waiting(office)
    redis, office.services.redis = office.services.redis, Redis.from_url("redis://127.0.0.1:1")
    missed = office.dialled()
    missed.plays("122")
    office.services.redis = redis
    office.passes(COOLDOWN.total_seconds())
    assert missed.leg.call_id not in order(office)
    office.world.settle()
    assert missed.leg.call_id in order(office)
    assert missed.leg.call_id in {row.call_id for row in office.rows(offer)}


def test_whoever_left_while_redis_was_away_is_forgotten_when_it_is_back(office: Office) -> None:
    callers = three_waiting(office)
    redis, office.services.redis = office.services.redis, None
    callers[0].send("/voice/status", CallStatus="completed", SequenceNumber="0")
    office.services.redis = redis
    assert callers[0].leg.call_id in order(office)
    office.world.settle()
    assert order(office) == [caller.leg.call_id for caller in callers[1:]]


def test_a_redis_that_remembers_another_time_stops_nobody(office: Office) -> None:
    callers = three_waiting(office)
    redis = office.services.redis
    assert redis is not None
    redis.zadd(scripts.PLACES, {"a-call-nobody-knows": 0.0})
    office.world.settle()
    assert {row.call_id for row in office.rows(offer)} == {caller.leg.call_id for caller in callers}


def test_a_whole_call_goes_on_without_redis(world: World) -> None:
    world.services.redis = None
    line = goes_on(world, dial(world), NEW_PATIENT)
    assert world.advance(lambda: world.net.phone("client:ana").ringing, timedelta(minutes=1))
    goes_on(world, world.net.phone("client:ana").answer(), ("1",))
    run(world, 5)
    assert line.connected_to == {"client:ana"}
