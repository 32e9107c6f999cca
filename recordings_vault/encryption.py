"""The sealed form of a recording: AES-256-GCM over 1 MiB frames, version 1.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance", 2015), as in Tink's streaming AEAD and in age: the nonce of a frame is
``prefix (7 random bytes) | index (4) | last (1)``. Each recording has a fresh 256-bit key, used for one object.

Layout: a header of 32 bytes, then frames of ciphertext and a 16-byte tag. Every frame holds 1 MiB of the
recording except the last. The associated data of each frame is the whole header, the recording id, the practice
id, the frame's index and the last mark, so a frame opens only in its own place of its own recording.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recordings_vault.blocks import Block, blocks
from recordings_vault.errors import TamperedRecording

CHUNK = 1 << 20
TAG = 16
FRAME = CHUNK + TAG
_HEADER = struct.Struct(">7sBI7s13s")
HEADER = _HEADER.size
_MAGIC, _VERSION = b"SUNLINE", 1

Fetch = Callable[[int, int], Iterable[bytes]]
"""Gives the stored bytes from one offset up to another, in pieces of any length."""


@dataclass(frozen=True, slots=True)
class Label:
    """Whose recording an object is; bound into every frame and into the wrapped key."""

    recording_id: str
    practice_id: str

    def bound(self) -> bytes:
        """Both ids, each after its length, so that no two labels share one form."""
        parts = (self.recording_id.encode(), self.practice_id.encode())
        return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def new_key() -> bytes:
    """A fresh 256-bit key for one recording."""
    return AESGCM.generate_key(256)


def sealed_size(length: int) -> int:
    """Size in bytes of the object that holds a recording of ``length`` bytes."""
    return HEADER + length + TAG * _frames(length)


def seal(pieces: Iterable[Block], key: bytes, label: Label) -> Iterator[Block]:
    """Header and frames of a recording. A frame is valid until the one after the next is asked for, so that one can
    be written while the next is made. Three buffers of 1 MiB are all the memory used, whatever the length.
    """
    header = _HEADER.pack(_MAGIC, _VERSION, CHUNK, secrets.token_bytes(7), bytes(13))
    frames = _Frames(key, label, header)
    buffers = (memoryview(bytearray(FRAME)), memoryview(bytearray(FRAME)))
    yield header
    for index, (block, last) in enumerate(blocks(pieces, CHUNK)):
        sealed = buffers[index % 2][: len(block) + TAG]
        frames.seal(index, last, block, sealed)
        yield sealed


def unseal(
    fetch: Fetch, key: bytes, label: Label, length: int, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Bytes ``start`` up to ``end`` of a recording of ``length`` bytes; reads only the frames they lie in.

    Raises TamperedRecording instead of giving out any byte of a frame that is not what was sealed.
    """
    end = length if end is None else end
    header = b"".join(fetch(0, HEADER))
    frames = _Frames(key, label, _checked(header, label))
    first, after, final = start // CHUNK, -(-end // CHUNK) or 1, _frames(length) - 1
    stored = fetch(HEADER + first * FRAME, min(HEADER + after * FRAME, sealed_size(length)))
    sizes = (min(FRAME, sealed_size(length) - HEADER - index * FRAME) for index in range(first, after))
    for index, frame in enumerate(_exactly(stored, sizes, label), first):
        plain = frames.open(index, index == final, frame)
        low, high = max(start - index * CHUNK, 0), min(end - index * CHUNK, CHUNK)
        yield plain if (low, high) == (0, CHUNK) else plain[low:high]


class _Frames:
    """One recording's cipher: nonce and associated data of every frame."""

    def __init__(self, key: bytes, label: Label, header: bytes) -> None:
        self._cipher = AESGCM(key)
        self._label = label
        self._prefix = header[12:19]
        self._bound = header + label.bound()

    def seal(self, index: int, last: bool, block: memoryview, into: memoryview) -> None:
        place = struct.pack(">I?", index, last)
        self._cipher.encrypt_into(self._prefix + place, block, self._bound + place, into)

    def open(self, index: int, last: bool, frame: bytes) -> bytes:
        place = struct.pack(">I?", index, last)
        try:
            return self._cipher.decrypt(self._prefix + place, frame, self._bound + place)
        except InvalidTag:
            raise _tampered(self._label, f"frame {index} is not what was stored") from None


def _frames(length: int) -> int:
    return -(-length // CHUNK) or 1


def _checked(header: bytes, label: Label) -> bytes:
    if len(header) != HEADER:
        raise _tampered(label, "the header is cut short")
    magic, version, chunk, _, _ = _HEADER.unpack(header)
    if (magic, version, chunk) != (_MAGIC, _VERSION, CHUNK):
        raise _tampered(label, f"the header is not of version {_VERSION}")
    return header


def _exactly(pieces: Iterable[bytes], sizes: Iterable[int], label: Label) -> Iterator[bytes]:
    """Regroup ``pieces`` into parts of exactly ``sizes``."""
    source, held = iter(pieces), b""
    for size in sizes:
        while len(held) < size:
            more = next(source, None)
            if more is None:
                raise _tampered(label, "the object is cut short")
            held = held + more if held else more
        part, held = (held, b"") if len(held) == size else (held[:size], held[size:])
        yield part


def _tampered(label: Label, finding: str) -> TamperedRecording:
    return TamperedRecording(f"recording {label.recording_id}: {finding}; restore the object from a backup")
