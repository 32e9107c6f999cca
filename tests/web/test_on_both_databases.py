"""What the pages ask of SQL, on each database."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from ivr.accounts import accounts_store, sessions, throttle
from ivr.callbacks import messages
from ivr.callbacks.tables import message, promise
from ivr.calls.tables import call
from ivr.core.database import Database, upsert
from ivr.directory.tables import config_revision
from ivr.features import installed_features
from ivr.privacy.cipher import PracticeCipher
from ivr.privacy.keys import OPERATOR_KEYS, KeyStore
from ivr.privacy.master import LocalMaster
from ivr.recordings import recording_list
from ivr.recordings.tables import recording
from ivr.web import call_list
from ivr.workforce import coverage_store as store
from ivr.workforce.coverage_parts import Part
from tests.web.line import NIGHT, PASSWORD

ATTEMPT = throttle.Try.of("secret", "rosa", "192.0.2.1")
MINUTE = timedelta(minutes=1)
REVISION = {"id": 1, "digest": "0" * 64, "body": "{}"}


@pytest.fixture
def cipher(database: Database, tmp_path: Path) -> PracticeCipher:
    keys = KeyStore(database, LocalMaster(tmp_path / "master.key", create=True))
    keys.ensure(OPERATOR_KEYS, NIGHT)
    return PracticeCipher(keys)


def test_a_session_is_somebody_s_until_it_ends(database: Database, cipher: PracticeCipher) -> None:
    with database.write() as connection:
        user_id = accounts_store.add_account(connection, cipher, "rosa", "agent", PASSWORD, NIGHT)
        token = sessions.begin_session(connection, user_id, NIGHT)
    assert sessions.find_person(database, token, NIGHT + MINUTE) == accounts_store.Person(user_id, "rosa", "agent")
    with database.write() as connection:
        sessions.end_session(connection, token)
    assert sessions.find_person(database, token, NIGHT + MINUTE) is None


def test_a_chosen_time_zone_is_kept_until_it_is_taken_back(database: Database, cipher: PracticeCipher) -> None:
    with database.write() as connection:
        user_id = accounts_store.add_account(connection, cipher, "rosa", "agent", PASSWORD, NIGHT)
        token = sessions.begin_session(connection, user_id, NIGHT)
    for zone in ("Asia/Manila", None):
        with database.write() as connection:
            accounts_store.choose_time_zone(connection, user_id, zone)
        assert sessions.find_person(database, token, NIGHT) == accounts_store.Person(user_id, "rosa", "agent", zone)


def test_a_finished_coverage_replaces_those_before_it(database: Database) -> None:
    cause = {"told": {"missing": "nobody"}, "zone": "UTC", "first_from": NIGHT, "first_until": NIGHT, "hours": 1.5}
    for name in ("b", "a"):
        with database.write() as connection:
            basis = store.Basis(1, "none")
            connection.execute(upsert(connection, config_revision).values(REVISION).on_conflict_do_nothing())
            store.begin(connection, name, basis, NIGHT)
        with database.write() as connection:
            assert store.lock_coverage(connection, name) is not None
            store.keep_part(connection, name, 0, Part(3, [{"people": 1}], "<svg/>"), 1)
            assert store.read_gaps(connection, name) == [{"people": 1}]
        with database.write() as connection:
            store.finish(connection, name, 1, [cause], NIGHT)
    with database.read() as connection:
        newest = store.find_newest(connection, finished=True)
        assert newest is not None
        assert (newest.id, newest.asked, newest.gaps, newest.causes) == ("a", 3, 1, 1)
        assert store.find_coverage(connection, "b") is None
        assert [row.hours for row in store.read_causes(connection, "a", 0)] == [1.5]
        assert (store.read_picture(connection, "a", 0), store.read_picture(connection, "a", 1)) == ("<svg/>", None)
        assert store.read_gaps(connection, "a") == []


def test_failures_are_counted_forgiven_and_forgotten(database: Database) -> None:
    with database.write() as connection:
        assert [throttle.admit_try(connection, ATTEMPT, NIGHT) for _ in range(6)] == [True] * 5 + [False]
        throttle.take_back_try(connection, ATTEMPT)
        assert throttle.admit_try(connection, ATTEMPT, NIGHT)
        assert throttle.admit_try(connection, ATTEMPT, NIGHT + 2 * throttle.FORGET_AFTER)


def test_lists_go_on_where_they_stopped_even_among_rows_of_one_instant(database: Database, monkeypatch: Any) -> None:
    with database.write() as connection:
        for number in range(5):
            add_all(connection, f"{number:024x}")
    for module in (call_list, recording_list, messages):
        monkeypatch.setattr(module, "PAGE", 2)
    with database.read() as connection:
        assert (
            walk(connection, call_list.read_page, call_list.find_call, lambda page: [one.call.id for one in page.calls])
            == NEWEST
        )
        shown = walk(
            connection,
            recording_list.read_page,
            recording_list.find_recording,
            lambda page: [one.recording.id for one in page.recordings],
        )
        assert shown == NEWEST
        pages = partial(messages.read_page, installed_features())
        assert walk(connection, pages, messages.find_row, lambda page: [one.row.id for one in page[0]]) == NEWEST


NEWEST = [f"{number:024x}" for number in (4, 3, 2, 1, 0)]


def walk(connection: Connection, page: Any, find: Any, ids: Any) -> list[str]:
    before, seen = None, list[str]()
    for _ in range(3):
        shown = page(connection, before)
        seen += ids(shown)
        before = find(connection, seen[-1])
    return seen


def add_all(connection: Connection, name: str) -> None:
    """A call with a promise, a message and its recording, all made at one instant."""
    common = {"practice_id": "maple", "language": "en-US", "urgency": "routine"}
    connection.execute(
        insert(call).values(
            id=name, revision_id=1, location_id="loop", direction="inbound", dialled="", identity_level="L0",
            symptom=False, recording_consent="noticed", created_at=NIGHT, **common,
        )
    )  # fmt: skip
    connection.execute(
        insert(promise).values(
            id=name, call_id=name, kind="message", service="billing", state="open", made_at=NIGHT, start_at=NIGHT,
            due_at=NIGHT, attempts=0, **common,
        )
    )  # fmt: skip
    connection.execute(
        insert(recording).values(
            id=name, call_id=name, practice_id="maple", kind="message", state="wanted", fetch_attempts=0,
            wanted_at=NIGHT,
        )
    )  # fmt: skip
    connection.execute(
        insert(message).values(id=name, call_id=name, promise_id=name, recording_id=name, taken_at=NIGHT)
    )
