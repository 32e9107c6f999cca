"""Sealed objects in S3, Google Cloud Storage or Azure Blob Storage, through obstore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from recordings_vault.blocks import Block
from recordings_vault.errors import BadValue, ObjectMissing, StoreError
from recordings_vault.store import PIECE
from recordings_vault.words import check_object_name

_PART = 5 << 20
"""Smallest part S3 takes in a multipart upload."""


class RemoteStore:
    """Any store obstore can reach. An object becomes visible when its upload is completed, never before.

    Set a lifecycle rule on the bucket that removes uploads broken off by a crash; they are ciphertext.
    """

    quick = False

    def __init__(self, bucket: ObjectStore) -> None:
        self._bucket = bucket

    def put(self, name: str, pieces: Iterable[Block]) -> None:
        if self.exists(name):
            raise StoreError(f"object {name}: the name is taken; give each object a name of its own")
        # Parts are sent while later pieces are made, so each needs bytes of its own; two at a time bounds memory.
        copies = (bytes(piece) for piece in pieces)
        with _told(name):
            obstore.put(self._bucket, name, copies, chunk_size=_PART, max_concurrency=2)

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        check_object_name(name)
        stop = self.size(name) if end is None else end
        while start < stop:
            with _told(name):
                piece = bytes(obstore.get_range(self._bucket, name, start=start, end=min(start + PIECE, stop)))
            if not piece:
                return
            start += len(piece)
            yield piece

    def size(self, name: str) -> int:
        with _told(name):
            return obstore.head(self._bucket, check_object_name(name))["size"]

    def exists(self, name: str) -> bool:
        try:
            return self.size(name) >= 0
        except ObjectMissing:
            return False

    def delete(self, name: str) -> None:
        with suppress(ObjectMissing), _told(name):
            obstore.delete(self._bucket, check_object_name(name))

    def names(self) -> Iterator[str]:
        for batch in obstore.list(self._bucket):
            yield from (found["path"] for found in batch)


def open_remote(url: str) -> RemoteStore:
    """The bucket a URL names, with the provider's credentials from the environment."""
    try:
        return RemoteStore(from_url(url))
    except (BaseError, ValueError):
        raise BadValue("storage URL: the provider does not take it; check bucket, region and credentials") from None


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Errors of the client as errors of the vault, without the client's text: it may hold addresses and keys."""
    try:
        yield
    except FileNotFoundError:
        raise ObjectMissing(f"object {name}: not in the store; restore it from a backup") from None
    except (BaseError, OSError) as error:
        raise StoreError(f"object {name}: the store failed ({type(error).__name__}); try again") from None
