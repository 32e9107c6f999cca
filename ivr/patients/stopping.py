"""An import that is to stop ends with the step it is in, so that it can tell how many came in."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ivr.directory.problems import DirectoryError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(DirectoryError):
    """Somebody asked for an end before it was done."""


class StoppedHalfWay(DirectoryError):
    """Some of a file came in, and then something kept the rest out. The text says how many, and what to do."""


@contextmanager
def watched_signals() -> Iterator[Callable[[], bool]]:
    """Tells whether an end was asked for since. Whoever asks twice ends it at once; what is ignored, as after nohup,
    stays so.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, ask)
    try:
        yield lambda: asked
    finally:
        restore()
