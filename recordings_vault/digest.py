"""SHA-256 beside the work instead of in front of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

Block = bytes | bytearray | memoryview


class Digest:
    """The SHA-256 and the length of everything that passed :meth:`update`.

    The hash (about 2 GB/s) is several times slower than AES-GCM with hardware support, so it runs on a thread
    of its own; hashlib lets go of the interpreter meanwhile. At most one block is under way: when ``update``
    returns, every block before the given one may be overwritten.
    """

    def __init__(self) -> None:
        self.length = 0
        self._hash = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, "digest")
        self._pending: Future[None] | None = None

    def update(self, block: Block) -> None:
        self._wait()
        self.length += len(block)
        self._pending = self._thread.submit(self._hash.update, block)

    def of(self, blocks: Iterable[bytes]) -> None:
        """Take in every block."""
        for block in blocks:
            self.update(block)

    def hexdigest(self) -> str:
        self._wait()
        return self._hash.hexdigest()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def __enter__(self) -> Digest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()


def blocks(pieces: Iterable[Block], size: int) -> Iterator[tuple[memoryview, bool]]:
    """Cut ``pieces`` of any length into blocks of ``size`` bytes, each with "is this the last one?".

    The last block may be shorter, and is empty only when everything is. Two buffers are used in turn: a block
    is valid until the step after the next one.
    """
    buffers = (memoryview(bytearray(size)), memoryview(bytearray(size)))
    turn = filled = 0
    for piece in pieces:
        rest = memoryview(piece).cast("B")
        while rest:
            if filled == size:
                yield buffers[turn], False
                turn, filled = 1 - turn, 0
            taken = rest[: size - filled]
            buffers[turn][filled : filled + len(taken)] = taken
            filled += len(taken)
            rest = rest[len(taken) :]
    yield buffers[turn][:filled], True
