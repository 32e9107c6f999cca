from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import obstore.store
import pytest
from sqlalchemy import Connection, func, select
from tink import aead

from recordings_vault import (
    BadValue,
    IncompleteRecording,
    KeyMissing,
    RecordingConflict,
    RecordingDestroyed,
    Stored,
    StoreError,
    TamperedRecording,
    VaultError,
)
from recordings_vault.blocks import Block
from recordings_vault.local_store import LocalStore
from recordings_vault.remote_store import RemoteStore
from recordings_vault.tables import vault_custody, vault_loose_object, vault_recording
from tests.vault.conftest import AT, Custodian, sound

MARKER = b"the-patient-said-these-very-words-"
CONTENT = sound(2_500_001)


def counts(custodian: Custodian) -> tuple[int, int, int, int]:
    """Recordings, custody entries, loose objects, objects in the store."""
    with custodian.database.read() as connection:
        tables = (vault_recording, vault_custody, vault_loose_object)
        rows = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return rows[0], rows[1], rows[2], len(list(custodian.folder.iterdir()))


def test_a_recording_comes_back_as_it_came(every_custodian: Custodian) -> None:
    custodian = every_custodian
    row = custodian.ingest(CONTENT, chunks=(CONTENT[at : at + 8192] for at in range(0, len(CONTENT), 8192)), keep="7y")
    assert (row.length, row.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert (row.state, row.stored_at, row.retention_until) == ("stored", AT, datetime(2033, 11, 1, 6, 30, tzinfo=UTC))
    assert custodian.vault.find("RE1") == row
    assert custodian.play() == CONTENT
    assert list(custodian.vault.strays()) == []


@pytest.mark.parametrize("length", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20])
def test_lengths_around_a_frame_come_back(custodian: Custodian, length: int) -> None:
    custodian.ingest(sound(length))
    assert custodian.play() == sound(length)


def test_no_plaintext_ever_reaches_the_disk(custodian: Custodian, tmp_path: Path) -> None:
    content = b"RIFF\0\0\0\0WAVEfmt " + MARKER * 100_000
    found: list[Path] = []

    def search() -> None:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        found.extend(path for path in files if MARKER in (seen := path.read_bytes()) or b"WAVEfmt" in seen)

    def chunks() -> Iterator[bytes]:
        yield content[:2_000_000]
        search()
        yield content[2_000_000:]

    custodian.ingest(content, chunks=chunks())
    search()
    assert custodian.play() == content
    search()
    assert found == []


def test_a_second_ingest_checks_instead_of_storing_again(every_custodian: Custodian) -> None:
    custodian = every_custodian
    first = custodian.ingest(CONTENT)

    untouched = iter([b"other content"])
    second = custodian.ingest(CONTENT, chunks=untouched)
    assert list(untouched) == [b"other content"]
    assert (second.object_name, second.sha256, second.stored_at) == (first.object_name, first.sha256, first.stored_at)
    assert custodian.told() == [("stored", "done"), ("verified", "sound")]
    assert counts(custodian) == (1, 2, 0, 1)


def test_a_second_ingest_finds_damage(custodian: Custodian, damage: Callable[[int], None]) -> None:
    custodian.ingest(CONTENT)
    damage(-1)
    with pytest.raises(TamperedRecording):
        custodian.ingest(CONTENT)
    assert custodian.told()[-1] == ("verified", "tampered")


@pytest.mark.parametrize("instead", [{"practice_id": "cedar"}, {"expected_length": 7}])
def test_an_id_in_use_is_not_given_to_other_content(custodian: Custodian, instead: dict[str, Any]) -> None:
    custodian.keys.create("cedar", at=AT)
    custodian.ingest(CONTENT)
    with pytest.raises(RecordingConflict):
        custodian.ingest(CONTENT, **instead)
    assert counts(custodian) == (1, 1, 0, 1)


def test_a_destroyed_recording_does_not_come_back(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.vault.destroy("RE1", actor="officer", at=AT, reason="asked for")
    with pytest.raises(RecordingDestroyed):
        custodian.ingest(CONTENT)
    assert counts(custodian) == (1, 2, 0, 0)


@pytest.mark.parametrize("announced", [len(CONTENT) - 1, len(CONTENT) + 1, 0])
def test_another_length_than_announced_keeps_nothing(custodian: Custodian, announced: int) -> None:
    with pytest.raises(IncompleteRecording, match="announced"):
        custodian.ingest(CONTENT, expected_length=announced)
    assert counts(custodian) == (0, 0, 0, 0)


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
def test_a_source_that_breaks_off_keeps_nothing_and_is_told_as_it_is(custodian: Custodian, remote: bool) -> None:
    def chunks() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionResetError("the line broke")

    bucket = RemoteStore(obstore.store.LocalStore(custodian.folder))
    vault = custodian.vault_on(bucket) if remote else custodian.vault
    with pytest.raises(ConnectionResetError):
        custodian.ingest(CONTENT, vault=vault, chunks=chunks())
    assert counts(custodian) == (0, 0, 0, 0)
    custodian.ingest(CONTENT, vault=vault)
    assert custodian.play(vault=vault) == CONTENT


def test_a_length_that_was_not_announced_is_measured(custodian: Custodian) -> None:
    assert custodian.ingest(CONTENT, expected_length=None).length == len(CONTENT)


class _Fails(LocalStore):
    def put(self, name: str, pieces: Iterable[Block]) -> None:
        next(iter(pieces))
        raise StoreError("the store is full")


class _Forgets(LocalStore):
    def put(self, name: str, pieces: Iterable[Block]) -> None:
        for _ in pieces:
            pass


class _Damages(LocalStore):
    def put(self, name: str, pieces: Iterable[Block]) -> None:
        content = bytearray(b"".join(bytes(piece) for piece in pieces))
        content[len(content) // 2] ^= 1
        super().put(name, [content])


class _Shortens(LocalStore):
    def put(self, name: str, pieces: Iterable[Block]) -> None:
        super().put(name, [b"".join(bytes(piece) for piece in pieces)[:-1]])


def test_bytes_that_were_mixed_up_before_they_were_sealed_are_not_called_stored(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed_up(pieces: Iterable[Block], size: int) -> Iterator[tuple[memoryview, bool]]:
        yield memoryview(b"".join(bytes(piece) for piece in pieces)[::-1]), True

    monkeypatch.setattr("recordings_vault.encryption.blocks", mixed_up)
    with pytest.raises(TamperedRecording, match="not what came"):
        custodian.ingest(sound(1000))
    assert counts(custodian) == (0, 0, 0, 0)


@pytest.mark.parametrize("broken", [_Fails, _Forgets, _Damages, _Shortens])
def test_a_store_that_fails_or_lies_leaves_nothing_called_stored(
    custodian: Custodian, broken: type[LocalStore]
) -> None:
    with pytest.raises(VaultError):
        custodian.ingest(CONTENT, vault=custodian.vault_on(broken(custodian.folder)))
    assert counts(custodian) == (0, 0, 0, 0)
    custodian.ingest(CONTENT)
    assert custodian.play() == CONTENT


def test_a_practice_without_a_key_stores_nothing(custodian: Custodian) -> None:
    with pytest.raises(KeyMissing, match="create one"):
        custodian.ingest(CONTENT, practice_id="cedar")
    assert counts(custodian) == (0, 0, 0, 0)


def test_a_key_shredded_while_the_recording_comes_stores_nothing(every_custodian: Custodian) -> None:
    custodian = every_custodian

    def chunks() -> Iterator[bytes]:
        custodian.keys.shred("maple", at=AT)
        yield CONTENT

    with pytest.raises(KeyMissing):
        custodian.ingest(CONTENT, chunks=chunks())
    assert counts(custodian) == (0, 0, 0, 0)


def test_a_rotation_while_the_recording_comes_does_no_harm(custodian: Custodian) -> None:
    def chunks() -> Iterator[bytes]:
        custodian.keys.rotate("maple", at=AT)
        yield CONTENT

    custodian.ingest(CONTENT, chunks=chunks())
    assert custodian.play() == CONTENT
    assert custodian.vault.rewrap("RE1", actor="officer", at=AT)


def test_what_could_not_be_committed_is_swept_later(custodian: Custodian) -> None:
    opened: list[int] = []

    @contextmanager
    def write() -> Iterator[Connection]:
        opened.append(1)
        with custodian.database.write() as connection:
            yield connection
            if len(opened) == 2:
                raise TimeoutError("the database went away")

    with pytest.raises(TimeoutError):
        custodian.ingest(CONTENT, vault=custodian.vault_on(LocalStore(custodian.folder), write=write))
    assert counts(custodian) == (0, 0, 1, 1)
    assert list(custodian.vault.strays()) == []
    assert custodian.vault.sweep(at=AT + timedelta(hours=1)) == 0
    assert custodian.vault.sweep(at=AT + timedelta(days=2)) == 1
    assert counts(custodian) == (0, 0, 0, 0)


def test_an_ingest_swept_while_under_way_is_not_called_stored(custodian: Custodian) -> None:
    def chunks() -> Iterator[bytes]:
        yield CONTENT
        custodian.vault.sweep(at=AT + timedelta(days=2))

    with pytest.raises(VaultError):
        custodian.ingest(CONTENT, chunks=chunks())
    assert counts(custodian) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "instead",
    [
        {"recording_id": "../../etc/passwd"},
        {"recording_id": "a\0b"},
        {"recording_id": "R" * 65},
        {"recording_id": ""},
        {"practice_id": "maple/../cedar"},
        {"media_type": "audio/wav\r\nX: y"},
        {"actor": "two\nlines"},
        {"at": datetime(2026, 1, 1)},
        {"duration_seconds": -1},
        {"channels": 0},
        {"keep": "for ever"},
    ],
    ids=str,
)
def test_values_the_vault_does_not_take_are_refused_without_being_repeated(
    custodian: Custodian, instead: dict[str, Any]
) -> None:
    with pytest.raises(BadValue) as refused:
        custodian.ingest(CONTENT, **instead)
    assert all(str(value) not in str(refused.value) for value in instead.values() if len(str(value)) > 4)
    assert counts(custodian) == (0, 0, 0, 0)


def _together(count: int, act: Callable[[int], Stored]) -> list[Stored | BaseException]:
    """Run ``act`` on so many threads that all begin at the same moment."""
    results: list[Stored | BaseException] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            results.append(act(number))
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _meeting(custodian: Custodian, contents: list[bytes]) -> list[Stored | BaseException]:
    """Ingest the same id on several threads, none of which ends before all have looked whether it is there."""
    gate = threading.Barrier(len(contents))

    def chunks(content: bytes) -> Iterator[bytes]:
        gate.wait()
        yield content

    return _together(len(contents), lambda number: custodian.ingest(contents[number], chunks=chunks(contents[number])))


def test_two_ingests_of_one_id_at_once_store_one_recording(every_custodian: Custodian) -> None:
    custodian = every_custodian
    first, second = _meeting(custodian, [CONTENT, CONTENT])
    assert isinstance(first, Stored)
    assert isinstance(second, Stored)
    assert first.object_name == second.object_name
    assert counts(custodian) == (1, 2, 0, 1)
    assert sorted(custodian.told()) == [("stored", "done"), ("verified", "sound")]
    assert custodian.play() == CONTENT


def test_two_different_recordings_under_one_id_at_once_do_not_mix(every_custodian: Custodian) -> None:
    custodian = every_custodian
    contents = [sound(1000), sound(1000)[::-1]]
    results = _meeting(custodian, contents)
    assert {type(result) for result in results} == {RecordingConflict, Stored}
    assert custodian.play() in contents
    assert counts(custodian)[:1] + counts(custodian)[2:] == (1, 0, 1)


_CHILD = """
import sys
from datetime import datetime
from ivr.core.database import Database
from recordings_vault import KeyRing, Vault, open_master, open_store

url, folder, master = sys.argv[1:]
database = Database(url)
keys = KeyRing(write=database.write, read=database.read, master=open_master(master))
vault = Vault(write=database.write, read=database.read, store=open_store(folder), keys=keys)

def chunks():
    yield b"the-patient-said-these-very-words-" * 100_000
    print("half way", flush=True)
    sys.stdin.read()

vault.ingest(recording_id="RE1", practice_id="maple", chunks=chunks(), expected_length=None, media_type="audio/wav",
             duration_seconds=1, channels=1, actor="worker", at=datetime.fromisoformat("2026-11-01T06:30:00+00:00"))
"""


@pytest.mark.faults
def test_a_process_killed_in_the_middle_leaves_nothing_that_cannot_be_mended(
    custodian: Custodian, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    master = next(tmp_path_factory.getbasetemp().glob("master*/master.json"))
    command = [sys.executable, "-c", _CHILD, str(custodian.database.url), str(custodian.folder), str(master)]
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": root}
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half way\n"
        child.kill()
    assert counts(custodian) == (0, 0, 1, 1)
    assert not any(MARKER in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    custodian.ingest(CONTENT)
    assert custodian.vault.sweep(at=AT + timedelta(days=2)) == 1
    assert counts(custodian) == (1, 1, 0, 1)
    assert custodian.play() == CONTENT


def test_a_vault_in_a_bucket_keeps_the_same_promises(custodian: Custodian, master: aead.Aead) -> None:
    vault = custodian.vault_on(RemoteStore(obstore.store.MemoryStore()))
    custodian.ingest(CONTENT, vault=vault)
    assert custodian.play(vault=vault) == CONTENT
    assert custodian.play(vault=vault, start=1_000_000, end=1_100_000) == CONTENT[1_000_000:1_100_000]
    assert vault.verify("RE1", actor="officer", at=AT).sound
    vault.destroy("RE1", actor="officer", at=AT, reason="asked for")
    assert list(vault.strays()) == []
