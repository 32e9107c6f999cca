"""A whole vault on a real database and a real folder, for each test."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tink import aead

from ivr.core.database import Database
from recordings_vault import KeyRing, Playback, Store, Stored, Vault, create_master, metadata, open_master, open_store

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def sound(length: int) -> bytes:
    """So many bytes that do not repeat."""
    return random.Random(length).randbytes(length)


@dataclass
class Custodian:
    """A vault with a practice, and the short way to use it."""

    database: Database
    folder: Path
    master: aead.Aead
    keys: KeyRing = field(init=False)
    vault: Vault = field(init=False)

    def __post_init__(self) -> None:
        self.keys = KeyRing(write=self.database.write, read=self.database.read, master=self.master)
        self.vault = self.vault_on(open_store(str(self.folder)))

    def vault_on(self, store: Store, **instead: Any) -> Vault:
        parts: dict[str, Any] = {
            "write": self.database.write,
            "read": self.database.read,
            "store": store,
            "keys": self.keys,
        }
        return Vault(**parts | instead)

    def ingest(self, content: bytes, *, vault: Vault | None = None, **instead: Any) -> Stored:
        values: dict[str, Any] = {
            "recording_id": "RE1",
            "practice_id": "maple",
            "chunks": [content],
            "expected_length": len(content),
            "media_type": "audio/wav",
            "duration_seconds": 1.5,
            "channels": 2,
            "actor": "worker",
            "at": AT,
        }
        return (vault or self.vault).ingest(**values | instead)

    def open(self, recording_id: str = "RE1", *, vault: Vault | None = None, **instead: Any) -> Playback:
        values: dict[str, Any] = {"actor": "ana", "purpose": "quality review", "at": AT}
        return (vault or self.vault).open(recording_id, **values | instead)

    def play(self, recording_id: str = "RE1", **instead: Any) -> bytes:
        return b"".join(self.open(recording_id, **instead).chunks)

    def object_of(self, recording_id: str = "RE1") -> Path:
        row = self.vault.find(recording_id)
        assert row is not None
        return self.folder / row.object_name

    def told(self, recording_id: str = "RE1") -> list[tuple[str, str]]:
        return [(entry.action, entry.outcome) for entry in self.vault.custody(recording_id)]


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> aead.Aead:
    path = tmp_path_factory.mktemp("master") / "master.json"
    create_master(path)
    return open_master(str(path))


def _custodian(url: str, folder: Path, master: aead.Aead) -> Iterator[Custodian]:
    database = Database(url)
    metadata.create_all(database.engine)
    made = Custodian(database, folder / "store", master)
    made.keys.create("maple", at=AT)
    yield made
    database.dispose()


@pytest.fixture
def custodian(sqlite_url: str, tmp_path: Path, master: aead.Aead) -> Iterator[Custodian]:
    """A vault on SQLite."""
    yield from _custodian(sqlite_url, tmp_path, master)


@pytest.fixture
def every_custodian(database_url: str, tmp_path: Path, master: aead.Aead) -> Iterator[Custodian]:
    """A vault on SQLite, and again on PostgreSQL."""
    yield from _custodian(database_url, tmp_path, master)


@pytest.fixture
def damage(custodian: Custodian) -> Callable[[int], None]:
    """Flip one bit of the stored object of RE1 at an offset (from the end when negative)."""

    def flip(offset: int) -> None:
        path = custodian.object_of()
        content = bytearray(path.read_bytes())
        content[offset] ^= 1
        path.write_bytes(content)

    return flip
