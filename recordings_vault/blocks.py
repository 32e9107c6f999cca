"""Bytes in pieces of any length, cut into blocks of one length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Block = bytes | bytearray | memoryview


def blocks(pieces: Iterable[Block], size: int) -> Iterator[tuple[memoryview, bool]]:
    """Cut ``pieces`` into blocks of ``size`` bytes, each with "is this the last one?".

    The last block may be shorter, and is empty only when everything is. One buffer is used for all: a block is valid
    until the next step. ``bytes`` of ``size`` or more at the border of a block are passed on without being copied.
    """
    buffer = memoryview(bytearray(size))
    block, filled = buffer, 0
    for piece in pieces:
        rest = memoryview(piece).cast("B")
        while rest:
            if filled == size:
                yield block, False
                block, filled = buffer, 0
            taken = rest[: size - filled]
            if len(taken) == size and isinstance(piece, bytes):
                block = taken
            else:
                block[filled : filled + len(taken)] = taken
            filled += len(taken)
            rest = rest[len(taken) :]
    yield block[:filled], True
