"""A web worker that is told to end at once does so, whatever it is doing."""

from __future__ import annotations

import signal
from types import FrameType, SimpleNamespace

import pytest

from ivr.ops.front_door.lanes import CALLS
from ivr.ops.front_door.worker import LaneWorker


def test_a_signal_that_comes_as_a_thread_is_started_ends_the_worker() -> None:
    worker = object.__new__(LaneWorker)
    worker.alive, worker.cfg = True, SimpleNamespace(threads=1, worker_int=lambda _: None)
    worker.tpool = worker.get_thread_pool()

    def told(number: int, frame: FrameType | None) -> None:
        # Held by the thread that is interrupted, as where a pool starts a thread.
        assert worker.tpool[CALLS].threads._shutdown_lock.locked()
        worker.handle_quit(number, frame)

    before = signal.signal(signal.SIGUSR2, told)
    try:
        with pytest.raises(SystemExit), worker.tpool[CALLS].threads._shutdown_lock:
            signal.raise_signal(signal.SIGUSR2)
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert not worker.alive
