"""The vault against a plain copy and against its peers, in one run: ``python -m bench.vault``.

Every contender takes the same hour of telephone sound (8 kHz, 16 bit, one channel: 57.6 MB) from the page cache in
pieces of 1 MiB into a new file and, unless it runs alone, ends with an fsync. Rounds are interleaved and each figure is
the median of its rounds. Where a plain copy itself is less than twice as fast as a peer, nothing that writes a file can
be; the line below says how far it is.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import tink
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from tink import streaming_aead

from bench.__main__ import table
from bench.rows import Baseline, Row, at_least, middle, reported, within
from ivr.core.database import Database
from recordings_vault import KeyRing, Vault, create_master, metadata, open_master, open_store
from recordings_vault.digest import Fingerprint
from recordings_vault.encryption import Label, new_key, seal
from recordings_vault.local_store import LocalStore
from recordings_vault.wav import Wav

SOUND = Wav(44, 44 + 57_600_000, 16_000, 2, bytes.fromhex("0100 0100 401f0000 803e0000 0200 1000"))
AT = datetime(2026, 11, 1, tzinfo=UTC)
LABEL = Label("RE1", "maple")
COPY = "plain copy with fsync"
PIECE = 1 << 20
ROUNDS = 9

streaming_aead.register()


def measure(quick: bool = False) -> list[Row]:
    """Speed against a plain copy and against peers, with the disk and without; waiting time; memory."""
    with tempfile.TemporaryDirectory(prefix="bench-vault-") as folder:
        site = _Site(Path(folder))
        speed = site.race(1 if quick else ROUNDS)

        def against(name: str) -> Baseline:
            return Baseline(name, speed[name])

        store, alone, ingest = speed["store"], speed["sealing alone"], speed["ingest"]
        return [
            at_least("store with fsync", store, "MB/s", against(COPY), 0.85),
            reported("... with the fingerprint an ingest takes", speed["marked store"], "MB/s", against(COPY)),
            at_least("store with fsync", store, "MB/s", against("Tink with fsync"), 2),
            reported("... a plain copy, which is the ceiling", speed[COPY], "MB/s", against("Tink with fsync")),
            at_least("store with fsync", store, "MB/s", against("age-like with fsync"), 2),
            reported("... a plain copy, which is the ceiling", speed[COPY], "MB/s", against("age-like with fsync")),
            at_least("sealing alone", alone, "MB/s", against("Tink alone"), 2),
            at_least("sealing alone", alone, "MB/s", against("age-like alone"), 2),
            reported("ingest: stored, read back, SHA-256, on record", ingest, "MB/s", against(COPY)),
            reported("ingest, which cannot do without one SHA-256", ingest, "MB/s", against("SHA-256 alone")),
            within("any second of an hour, to its last byte, worst of 60", site.worst_second() * 1000, "ms", 50),
            within("extra memory while an hour is stored", site.memory() / 1e6, "MB", 16),
        ]


class _Site:
    """A folder with the hour of sound, a vault beside it, and every contender."""

    def __init__(self, folder: Path) -> None:
        self._source, self._target = folder / "hour.wav", folder / "copy"
        self._source.write_bytes(SOUND.header(57_600_000) + random.Random(1).randbytes(57_600_000))
        self._store = LocalStore(folder / "sealed")
        self._vault = _vault(folder)
        self._count = 0

    def race(self, rounds: int) -> dict[str, float]:
        """MB/s of every contender, the median of its rounds."""
        contenders: dict[str, Callable[[], object]] = {
            COPY: self._copy,
            "store": lambda: self._put(self._pieces()),
            "marked store": lambda: self._put(self._marked()),
            "Tink with fsync": self._tink,
            "age-like with fsync": self._age,
            "ingest": self._ingest,
            "sealing alone": self._seal_alone,
            "Tink alone": lambda: self._tink_into(_Nowhere()),
            "age-like alone": lambda: self._age_into(_Nowhere()),
            "SHA-256 alone": self._sha256,
        }
        # The first round warms up.
        times = [{name: self._timed(run) for name, run in contenders.items()} for _ in range(rounds + 1)][1:]
        return {name: SOUND.end / 1e6 / middle([one[name] for one in times]) for name in contenders}

    def worst_second(self) -> float:
        """Longest wait for the last byte of a second, over seconds spread through the hour."""
        name = self._ingest()
        return max(_seconds(partial(self._listen, name, second)) for second in range(0, 3600, 60))

    def memory(self) -> int:
        """Peak of what the interpreter and its libraries allocate while the hour is stored, in bytes."""
        tracemalloc.start()
        try:
            self._timed(lambda: self._put(self._marked()))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def _timed(self, run: Callable[[], object]) -> float:
        """Seconds ``run`` takes. Its files are new, and are cleared away off the clock."""
        took = _seconds(run)
        self._store.delete("benchmark")
        self._target.unlink(missing_ok=True)
        return took

    def _pieces(self) -> Iterator[bytes]:
        with self._source.open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                yield piece

    def _copy(self) -> None:
        with self._target.open("xb", buffering=0) as file:
            for piece in self._pieces():
                file.write(piece)
            os.fsync(file.fileno())

    def _put(self, pieces: Iterator[bytes]) -> None:
        self._store.put("benchmark", seal(pieces, new_key(), LABEL))

    def _marked(self) -> Iterator[bytes]:
        fingerprint = Fingerprint(new_key())
        for piece in self._pieces():
            fingerprint.update(piece)
            yield piece

    def _seal_alone(self) -> None:
        for _ in seal(self._pieces(), new_key(), LABEL):
            pass

    def _sha256(self) -> None:
        digest = hashlib.sha256()
        for piece in self._pieces():
            digest.update(piece)

    def _ingest(self) -> str:
        self._count += 1
        row = self._vault.ingest(
            recording_id=f"RE{self._count}",
            practice_id="maple",
            chunks=self._pieces(),
            expected_length=None,
            media_type="audio/wav",
            duration_seconds=3600,
            channels=1,
            actor="bench",
            at=AT,
        )
        return row.recording_id

    def _listen(self, recording_id: str, second: int) -> None:
        played = self._vault.open_seconds(
            recording_id, since=second, until=second + 1, actor="bench", purpose="measurement", at=AT
        )
        for _ in played.chunks:
            pass

    def _tink(self) -> None:
        with self._target.open("xb") as file:
            self._tink_into(_Flushed(file))

    def _tink_into(self, file: Any) -> None:
        handle = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
        with handle.primitive(streaming_aead.StreamingAead).new_encrypting_stream(file, b"RE1") as sealed:
            for piece in self._pieces():
                sealed.write(piece)

    def _age(self) -> None:
        with self._target.open("xb", buffering=1 << 20) as file:
            self._age_into(file)
            file.flush()
            os.fsync(file.fileno())

    def _age_into(self, file: Any) -> None:
        """The payload of age (C2SP: age, "Payload"): ChaCha20-Poly1305 over 64 KiB."""
        cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
        index = 0
        for piece in self._pieces():
            for place in range(0, len(piece), 1 << 16):
                file.write(cipher.encrypt(index.to_bytes(12, "big"), piece[place : place + (1 << 16)], None))
                index += 1


class _Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


class _Flushed:
    """A file that is fsynced when its writer closes it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _vault(folder: Path) -> Vault:
    database = Database(f"sqlite:///{folder / 'vault.db'}")
    metadata.create_all(database.engine)
    create_master(folder / "master.json")
    keys = KeyRing(write=database.write, read=database.read, master=open_master(str(folder / "master.json")))
    keys.create("maple", at=AT)
    return Vault(write=database.write, read=database.read, store=open_store(str(folder / "objects")), keys=keys)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write("\n".join(table([("vault", row) for row in measure()])) + "\n")
