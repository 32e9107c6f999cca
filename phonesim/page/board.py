"""What the page shows now, each thing under a key. Changes are numbered, so that a reader can go on where it was."""

import json
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from phonesim.values import is_whole


@dataclass(frozen=True, slots=True)
class Change:
    """The newest value of one thing, as JSON."""

    number: int
    kind: str
    data: str


class Board:
    """Written under the network's lock, read by streams under a lock of its own."""

    def __init__(self) -> None:
        self.run = token_hex(4)
        self.closed = False
        self._last = 0
        self._changes: dict[Hashable, Change] = {}
        self._news = threading.Condition()

    def put(self, kind: str, value: Any, key: Hashable = None) -> None:
        """Show a value; nothing happens when it is shown already."""
        data = json.dumps(value, separators=(",", ":"))
        with self._news:
            shown = self._changes.get((kind, key))
            if shown is None or shown.data != data:
                self._last += 1
                self._changes.pop((kind, key), None)
                self._changes[kind, key] = Change(self._last, kind, data)
                self._news.notify_all()

    def take(self, kind: str, key: Hashable) -> None:
        """Stop showing something. Readers that have seen it are not told."""
        with self._news:
            self._changes.pop((kind, key), None)

    def newer(self, than: int) -> list[Change]:
        """What changed after that number, oldest change first."""
        with self._news:
            return self._newer(than)

    def wait(self, than: int, seconds: float) -> list[Change]:
        """Wait for what ``newer`` returns, until something changes, the board is closed or the time is over."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self._last > than, seconds)
            return self._newer(than)

    def place(self, mark: str) -> int:
        """Return the number of a mark that ``marked`` made, or 0 for a mark of another run or none."""
        run, _, number = mark.partition("-")
        return int(number) if run == self.run and is_whole(number) else 0

    def marked(self, number: int) -> str:
        """A mark by which a reader finds its place again."""
        return f"{self.run}-{number}"

    def close(self) -> None:
        """Let every stream end."""
        with self._news:
            self.closed = True
            self._news.notify_all()

    def _newer(self, than: int) -> list[Change]:
        found = []
        for change in reversed(self._changes.values()):
            if change.number <= than:
                break
            found.append(change)
        return found[::-1]
