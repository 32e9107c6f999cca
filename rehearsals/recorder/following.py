"""Watching the phones of a running network from the first call until everybody has hung up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from phonesim import Trace

QUIET = timedelta(seconds=8)
"""How long nothing may happen after the last call has ended: somebody may be rung a moment later."""


class Phones(Protocol):
    """The part of a network's control API that is used here."""

    def state(self) -> dict[str, Any]:
        """The clock and the phones."""

    def trace(self, after: int = 0) -> dict[str, Any]:
        """What happened since."""


def follow(phones: Phones, ours: frozenset[str], pause: Callable[[], object]) -> Iterator[Trace]:
    """Return everything that happens from the first call to one of ``ours`` until nobody is in a call."""
    after, begun, last = phones.trace()["next"], False, None
    while last is None or not _over(phones.state(), last):
        news = phones.trace(after)
        after = news["next"]
        for entry in map(_entry, news["trace"]):
            begun = begun or (entry.kind == "dial" and entry.who not in ours)
            if begun:
                last = entry.at
                yield entry
        pause()


def _entry(one: Mapping[str, Any]) -> Trace:
    return Trace(datetime.fromisoformat(one["at"]), one["kind"], one["who"], one["detail"])


def _over(state: Mapping[str, Any], last: datetime) -> bool:
    talking = any(line["state"] in LIVE for phone in state["phones"].values() for line in phone["lines"])
    ringing = any(phone["ringing"] for phone in state["phones"].values())
    return not talking and not ringing and datetime.fromisoformat(state["now"]) - last > QUIET


LIVE = ("queued", "initiated", "ringing", "in-progress")
