"""Sealed objects as files of one folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import FileIO
from pathlib import Path

from recordings_vault.blocks import Block
from recordings_vault.errors import ObjectMissing, StoreError
from recordings_vault.store import PIECE
from recordings_vault.words import check_object_name

_PART = ".part"


class LocalStore:
    """A folder (mode 0700) of files (mode 0600). A put is durable when it returns: the file is written beside its
    place, fsynced, renamed, and the folder fsynced. Symbolic links are never followed."""

    quick = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"storage folder: cannot be made ({_why(error)}); give a folder this user may write"
            ) from None

    def put(self, name: str, pieces: Iterable[Block]) -> None:
        path = self._path(name)
        if path.exists():
            raise StoreError(f"object {name}: the name is taken; give each object a name of its own")
        part = self._part(name)
        try:
            self._write(part, pieces)
            part.rename(path)
            self._sync_folder()
        except OSError as error:
            self.delete(name)
            raise StoreError(f"object {name}: not stored ({_why(error)})") from error
        except BaseException:
            self.delete(name)
            raise

    def get(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        handle = self._open(name)
        try:
            stop = os.fstat(handle).st_size if end is None else end
            while start < stop and (piece := os.pread(handle, min(PIECE, stop - start), start)):
                start += len(piece)
                yield piece
        finally:
            os.close(handle)

    def size(self, name: str) -> int:
        handle = self._open(name)
        try:
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def exists(self, name: str) -> bool:
        path = self._path(name)
        return path.is_file() and not path.is_symlink()

    def delete(self, name: str) -> None:
        path = self._path(name)
        with suppress(FileNotFoundError):
            self._part(name).unlink()
        with suppress(FileNotFoundError):
            path.unlink()
            self._sync_folder()

    def names(self) -> Iterator[str]:
        with os.scandir(self._folder) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False) and not entry.name.endswith(_PART):
                    yield entry.name

    def _path(self, name: str) -> Path:
        return self._folder / check_object_name(name)

    def _part(self, name: str) -> Path:
        return self._folder / (check_object_name(name) + _PART)

    def _open(self, name: str) -> int:
        try:
            return os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ObjectMissing(f"object {name}: not in the store; restore it from a backup") from None
        except OSError as error:
            raise StoreError(f"object {name}: cannot be read ({_why(error)})") from error

    def _write(self, part: Path, pieces: Iterable[Block]) -> None:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb", buffering=0) as file, ThreadPoolExecutor(1, "write") as writer:
            # One piece is written while the next is made.
            writing = writer.submit(_write_all, file, b"")
            for piece in pieces:
                writing.result()
                writing = writer.submit(_write_all, file, piece)
            writing.result()
            os.fsync(file.fileno())

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_all(file: FileIO, piece: Block) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else "no reason given"
