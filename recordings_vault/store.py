"""Where sealed objects lie: a local folder, or S3, Google Cloud Storage or Azure Blob Storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from recordings_vault.blocks import Block
from recordings_vault.errors import BadValue

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


def open_store(url: str) -> Store:
    """The store a URL names: a folder (``/srv/recordings``, ``file:///srv/recordings``), ``s3://bucket/prefix``,
    ``gs://bucket/prefix`` or ``az://account/container/prefix``. Credentials come from the environment of the
    provider, never from the URL, so that the URL may be logged."""
    from recordings_vault.local_store import LocalStore
    from recordings_vault.remote_store import open_remote

    parts = urlsplit(url)
    if parts.scheme == "":
        return LocalStore(Path(url))
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return LocalStore(Path(unquote(parts.path)))
    if parts.scheme in ("s3", "gs", "az") and parts.netloc and "@" not in parts.netloc and not parts.query:
        return open_remote(url)
    raise BadValue(
        "storage URL: give a folder, file:///folder, s3://bucket/prefix, gs://... or az://..., no credentials"
    )
