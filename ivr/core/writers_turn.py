"""A fair queue in front of SQLite's single writer, in the process and then between processes.

SQLite's own busy handler sleeps and retries, so the unlucky writer loses again and again; waiting on a lock in the
process and then on a file lock keeps the tail short. Whoever does not get their turn in time is refused as by
PostgreSQL where a lock is not to be had.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError


class TurnNotHad(Exception):
    """Others kept the turn for too long."""

    sqlstate = "55P03"
    """What PostgreSQL calls a lock that is not to be had in time: whoever asks again may well get it."""


class WritersTurn:
    """The turn at one database. ``file`` is locked between processes; None where the database is in memory."""

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.Lock()
        self._between = None if file is None else _FileLock(file)

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Wait for the turn for so many ``seconds`` at most, and keep it until the block ends.

        Raises OperationalError with TurnNotHad where it is not had in time, OSError where the file cannot be opened.
        """
        until = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            raise _refusal()
        try:
            if self._between is None:
                yield
                return
            if not self._between.acquire(max(until - time.monotonic(), 0.0)):
                raise _refusal()
            try:
                yield
            finally:
                self._between.release()
        finally:
            self._lock.release()


def _refusal() -> OperationalError:
    late = TurnNotHad("the database writer did not get its turn in time")
    return OperationalError("BEGIN IMMEDIATE", {}, late, hide_parameters=True)


class _FileLock:
    """A lock between processes, for one thread of each at a time.

    The system serves those who wait for it in their order, but cannot be told for how long to wait. So a thread of its
    own waits where others are there first. It goes on when whoever wanted the lock has given up: the next of this
    process finds it in its place, and where nobody wants the lock when it comes, it is let go at once.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None
        self._state = threading.Condition()
        self._waiting = self._wanted = False

    def acquire(self, seconds: float) -> bool:
        """Whether the lock was had within so many ``seconds``."""
        with self._state:
            if not self._waiting and not self._had_at_once():
                threading.Thread(target=self._wait, args=(self._open(),), name="writer's turn", daemon=True).start()
                self._waiting = True
            self._wanted = True
            had = self._state.wait_for(lambda: self._handle is not None, seconds)
            self._wanted = False
            return had

    def release(self) -> None:
        """Let the lock go."""
        with self._state:
            if self._handle is not None:
                os.close(self._handle)
            self._handle = None

    def _had_at_once(self) -> bool:
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def _wait(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            had = True
        except OSError:  # out of locks: whoever waits is refused, and the next asks anew
            had = False
        with self._state:
            self._waiting = False
            if had and self._wanted:
                self._handle = handle
                self._state.notify_all()
            else:
                os.close(handle)

    def _open(self) -> int:
        return os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
