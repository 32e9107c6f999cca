from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import obstore.store
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, update

from recordings_vault import (
    AccessRefused,
    BadValue,
    KeyMissing,
    KeyRefused,
    ObjectMissing,
    RecordingDestroyed,
    TamperedRecording,
    UnknownRecording,
    VaultError,
)
from recordings_vault.encryption import FRAME, HEADER
from recordings_vault.local_store import LocalStore
from recordings_vault.remote_store import RemoteStore
from recordings_vault.tables import vault_keyset, vault_recording
from tests.vault.conftest import AT, Custodian, sound

CONTENT = sound(2_500_001)


def test_the_entry_is_committed_before_the_first_byte(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    played = custodian.open(start=10, end=20)
    entry = custodian.vault.custody("RE1")[-1]
    assert (entry.action, entry.outcome, entry.detail) == ("played", "allowed", "bytes=10-20")
    assert (entry.actor, entry.purpose, entry.at) == ("ana", "quality review", AT)
    assert b"".join(played.chunks) == CONTENT[10:20]


def test_no_byte_leaves_when_the_entry_cannot_be_written(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)

    @contextmanager
    def write() -> Iterator[Connection]:
        with custodian.database.write() as connection:
            yield connection
            raise TimeoutError("the database went away")

    with pytest.raises(TimeoutError):
        custodian.open(vault=custodian.vault_on(LocalStore(custodian.folder), write=write))
    assert custodian.told() == [("stored", "done")]


def test_a_playback_says_what_it_holds(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    played = custodian.open(start=5, end=len(CONTENT) + 100)
    assert (played.start, played.length, played.whole_length) == (5, len(CONTENT) - 5, len(CONTENT))
    assert played.media_type == "audio/wav"
    assert sum(len(chunk) for chunk in played.chunks) == played.length


@given(st.tuples(st.integers(0, len(CONTENT)), st.integers(0, len(CONTENT))).map(sorted))
def test_any_range_plays(custodian: Custodian, places: list[int]) -> None:
    if custodian.vault.find("RE1") is None:
        custodian.ingest(CONTENT)
    start, end = places
    assert custodian.play(start=start, end=end) == CONTENT[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, None), (5, 4), (len(CONTENT) + 1, None), (0, -1)])
def test_a_range_outside_is_refused(custodian: Custodian, start: int, end: int | None) -> None:
    custodian.ingest(CONTENT)
    with pytest.raises(BadValue, match="range"):
        custodian.open(start=start, end=end)


@pytest.mark.parametrize("offset", [0, HEADER, HEADER + FRAME + 5, HEADER + 2 * FRAME, -1])
@pytest.mark.parametrize("end", [None, 100])
def test_nothing_is_played_of_a_recording_any_part_of_which_was_changed(
    custodian: Custodian, damage: Callable[[int], None], offset: int, end: int | None
) -> None:
    custodian.ingest(CONTENT)
    damage(offset)
    with pytest.raises(TamperedRecording):
        custodian.open(end=end)
    assert custodian.told()[1:] == [("read_denied", "tampered")]


def test_a_change_found_while_playing_from_a_bucket_stops_the_playback_on_the_record(
    custodian: Custodian, damage: Callable[[int], None]
) -> None:
    custodian.ingest(CONTENT)
    damage(HEADER + FRAME + 5)
    remote = custodian.vault_on(RemoteStore(obstore.store.LocalStore(custodian.folder)))
    played = custodian.open(vault=remote)
    assert next(played.chunks) == CONTENT[: 1 << 20]
    with pytest.raises(TamperedRecording):
        next(played.chunks)
    assert custodian.told()[1:] == [("played", "allowed"), ("read_denied", "tampered")]


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content + b"\0", lambda _: b""])
def test_an_object_of_another_size_is_refused(
    custodian: Custodian, change: Callable[[bytes], bytes], remote: bool
) -> None:
    custodian.ingest(CONTENT)
    path = custodian.object_of()
    path.write_bytes(change(path.read_bytes()))
    vault = custodian.vault_on(RemoteStore(obstore.store.LocalStore(custodian.folder))) if remote else custodian.vault
    with pytest.raises(TamperedRecording):
        custodian.open(vault=vault)
    assert custodian.told()[-1] == ("read_denied", "tampered")


def test_a_lost_object_is_refused_on_the_record(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.object_of().unlink()
    with pytest.raises(ObjectMissing):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "missing")


def test_swapped_objects_are_refused(custodian: Custodian) -> None:
    custodian.ingest(sound(5000))
    custodian.ingest(sound(5000)[::-1], recording_id="RE2")
    one, two = custodian.object_of("RE1"), custodian.object_of("RE2")
    contents = one.read_bytes(), two.read_bytes()
    one.write_bytes(contents[1])
    two.write_bytes(contents[0])
    for recording_id in ("RE1", "RE2"):
        with pytest.raises(TamperedRecording):
            custodian.open(recording_id)
        assert custodian.told(recording_id)[-1] == ("read_denied", "tampered")


def _values(custodian: Custodian, recording_id: str) -> dict[str, Any]:
    row = custodian.vault.find(recording_id)
    assert row is not None
    return {"object_name": row.object_name, "wrapped_key": row.wrapped_key, "key_id": row.key_id}


def test_object_and_key_of_another_recording_do_not_pass_for_this_one(custodian: Custodian) -> None:
    custodian.ingest(sound(5000))
    custodian.ingest(sound(5000)[::-1], recording_id="RE2")
    values = _values(custodian, "RE2")
    with custodian.database.write() as connection:
        connection.execute(delete(vault_recording).where(vault_recording.c.recording_id == "RE2"))
        connection.execute(update(vault_recording).values(values))
    with pytest.raises(KeyRefused):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "key_refused")


def test_the_key_of_another_practice_is_refused(custodian: Custodian) -> None:
    custodian.keys.create("cedar", at=AT)
    custodian.ingest(CONTENT)
    with custodian.database.write() as connection:
        connection.execute(update(vault_recording).values(practice_id="cedar"))
    with pytest.raises(KeyRefused, match="cedar"):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "key_refused")


def test_a_keyset_in_the_place_of_another_practices_is_refused(custodian: Custodian) -> None:
    custodian.keys.create("cedar", at=AT)
    custodian.ingest(CONTENT)
    row = vault_keyset.c
    cedar = select(row.keyset).where(row.practice_id == "cedar").scalar_subquery()
    with custodian.database.write() as connection:
        connection.execute(update(vault_keyset).where(row.practice_id == "maple").values(keyset=cedar, version=7))
    with pytest.raises(KeyRefused, match="master key"):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "key_refused")


@pytest.mark.parametrize("values", [{"sha256": "0" * 64}, {"length": 2_500_000}, {"custody_hash": "0" * 64}])
def test_a_row_that_was_changed_is_refused(custodian: Custodian, values: dict[str, Any]) -> None:
    custodian.ingest(CONTENT)
    with custodian.database.write() as connection:
        connection.execute(update(vault_recording).values(values))
    with pytest.raises(TamperedRecording):
        custodian.open(end=10)
    assert custodian.told()[-1] == ("read_denied", "tampered")


def test_acting_for_another_practice_is_refused_on_the_record(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    assert custodian.play(practice_id="maple") == CONTENT
    with pytest.raises(AccessRefused):
        custodian.open(practice_id="cedar")
    assert custodian.told()[-1] == ("read_denied", "wrong_practice")


def test_a_destroyed_recording_is_refused_on_the_record(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.vault.destroy("RE1", actor="officer", at=AT, reason="asked for")
    with pytest.raises(RecordingDestroyed):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "destroyed")


def test_a_shredded_practice_is_refused_on_the_record(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.keys.shred("maple", at=AT)
    with pytest.raises(KeyMissing, match="shredded"):
        custodian.open()
    assert custodian.told()[-1] == ("read_denied", "key_missing")


@pytest.mark.parametrize("recording_id", ["RE404", "../RE1", "%2e%2e", "a" * 4096, "RE1\0"])
def test_an_id_that_was_never_stored_is_refused(custodian: Custodian, recording_id: str) -> None:
    custodian.ingest(CONTENT)
    with pytest.raises((UnknownRecording, BadValue)):
        custodian.open(recording_id)


@pytest.mark.parametrize("instead", [{"actor": ""}, {"purpose": "two\nlines"}, {"purpose": ""}, {"actor": "x" * 201}])
def test_who_and_why_must_be_said(custodian: Custodian, instead: dict[str, Any]) -> None:
    custodian.ingest(CONTENT)
    with pytest.raises(BadValue):
        custodian.open(**instead)


def test_listeners_at_the_same_time_leave_one_unbroken_chain(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.ingest(sound(1000))
    gate, heard = threading.Barrier(6), []

    def listen() -> None:
        gate.wait()
        try:
            heard.append(custodian.play())
        except VaultError as error:
            heard.append(repr(error).encode())

    threads = [threading.Thread(target=listen) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [sound(1000)] * 6
    assert [entry.sequence for entry in custodian.vault.custody("RE1")] == list(range(1, 8))
    assert custodian.vault.verify("RE1", actor="officer", at=AT).sound
