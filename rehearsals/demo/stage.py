"""People with phones in a live network. They act when they have heard their cue, never after a fixed sleep."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click

from phonesim.client import SimClient
from rehearsals.demo.telling import Teller

RATE, HURRIED_RATE = 8.0, 24.0
"""How fast time runs, and how fast while everybody waits: a phone still rings for more than a second."""
PATIENCE_SECONDS = 300.0
POLL_SECONDS = 0.05


@dataclass(slots=True)
class Stage:
    """The scene that is played. ``heard`` holds, by address, what a person has heard and not yet acted on."""

    sim: SimClient
    teller: Teller
    _next: int = 0
    _heard: dict[str, list[str]] = field(default_factory=dict)
    _seen: list[tuple[str, str]] = field(default_factory=list)

    def dials(self, phone: str, to: str) -> None:
        """Call a number."""
        self._seen.clear()
        self._heard.clear()
        self.sim.dial(phone, to)

    def hears(self, phone: str, words: str) -> None:
        """Wait until the party has heard words since the last cue."""
        self._wait(f"{self.teller.name(phone)} to hear {words!r}", lambda: self._pop_heard(phone, words))

    def rings(self, phone: str) -> None:
        """Wait until a phone rings."""
        self._wait(f"the phone of {self.teller.name(phone)} to ring", lambda: self._pop_seen("ring", phone))

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Let time run faster while nobody has anything to do."""
        self.sim.set_rate(HURRIED_RATE)
        try:
            yield
        finally:
            self.sim.set_rate(RATE)

    def joined(self, *phones: str) -> None:
        """Wait until these parties talk with one another."""
        self._wait("the parties to be connected", lambda: set(phones) <= self._talking())

    def over(self, phone: str) -> None:
        """Wait until a party's call has ended."""
        self._wait(f"the call of {self.teller.name(phone)} to end", lambda: self._pop_seen("hang-up", phone))

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait for anything else."""
        self._wait(what, holds)

    def _wait(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._look()
            if holds():
                return
            time.sleep(POLL_SECONDS)
        raise click.ClickException(f"the demo waited in vain for {what}; the logs are in var/demo")

    def _look(self) -> None:
        news = self.sim.trace(self._next)
        self._next = news["next"]
        for entry in news["trace"]:
            self._remember(entry)
        self.teller.tell(news["trace"])

    def _remember(self, entry: dict[str, Any]) -> None:
        if entry["kind"] == "hear" and entry["detail"].get("text"):
            self._heard.setdefault(entry["who"], []).append(entry["detail"]["text"])
        self._seen.append((entry["kind"], entry["who"]))

    def _pop_heard(self, phone: str, words: str) -> bool:
        heard = self._heard.get(phone, [])
        for index, text in enumerate(heard):
            if words.casefold() in text.casefold():
                del heard[: index + 1]
                return True
        return False

    def _pop_seen(self, kind: str, phone: str) -> bool:
        if (kind, phone) not in self._seen:
            return False
        self._seen.remove((kind, phone))
        return True

    def _talking(self) -> set[str]:
        lines = {address: one["lines"] for address, one in self.sim.state()["phones"].items()}
        return {
            address
            for address, of_phone in lines.items()
            for line in of_phone
            if line["state"] == "in-progress" and line["connected_to"]
        }
