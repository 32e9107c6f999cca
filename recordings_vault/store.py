"""What a store of sealed objects is, wherever it keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from recordings_vault.blocks import Block

PIECE = (1 << 20) + 16
"""Largest piece a store gives out, in bytes: one frame of the envelope, so that frames need no regrouping."""


class Store(Protocol):
    """An object store. Names are checked: anything but 8 to 64 small letters and digits is a BadValue."""

    @property
    def quick(self) -> bool:
        """Whether reading a whole object again costs milliseconds, so that it is checked before it is played."""

    def put(self, name: str, pieces: Iterable[Block]) -> None:
        """Keep the pieces under a new name. On return the object is durable and visible; until then, and after
        any exception (also one raised by ``pieces``), it does not exist. A piece is used up before the one after the
        next is asked for."""

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end``, in pieces. Raises ObjectMissing."""

    def size(self, name: str) -> int:
        """Size in bytes. Raises ObjectMissing."""

    def exists(self, name: str) -> bool:
        """Whether the object is there in full."""

    def delete(self, name: str) -> None:
        """Remove the object, and what a broken-off put left of it. Quiet when there is nothing."""

    def names(self) -> Iterator[str]:
        """The names of all objects, in no order."""
