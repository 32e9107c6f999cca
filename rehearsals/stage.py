"""The state of a rehearsal while it plays: what people have heard, and which rings and texts no step has claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from phonesim import Line, Network, Phone, Trace
from rehearsals.browsing import Browser
from rehearsals.cast import CALLER, Cast
from rehearsals.errors import Unmet
from rehearsals.script import Script
from rehearsals.speech_matching import Point
from rehearsals.world import World

Watch = Callable[[], None]
"""Something that must hold from some step on; raises Unmet as soon as it does not."""

PATIENCE = timedelta(seconds=30)
"""How long a step waits for what it expects, unless it says ``within``."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A phone that rang."""

    at: datetime
    address: str
    call_sid: str


class Stage:
    """What the steps of one rehearsal share."""

    def __init__(self, world: World, cast: Cast, script: Script) -> None:
        self.world, self.cast, self.script = world, cast, script
        self.rings: list[Ring] = []
        self.texts: dict[str, int] = {}
        self.alerts: list[str] = list(script.alerts)
        self.points: dict[str, Point] = {}
        self.others_may_ring = False
        self.told = 0
        self.browsers: dict[str, Browser] = {}
        self.watches: list[Watch] = []
        self._together: timedelta | None = None
        world.net.listeners.append(self._noted)

    @property
    def net(self) -> Network:
        """The phone network."""
        return self.world.net

    def browser(self, reader: str) -> Browser:
        """Somebody's browser, with the pages they have opened."""
        return self.browsers.setdefault(reader, Browser(self.world.app, reader))

    def phone(self, who: str) -> Phone:
        """Somebody's phone."""
        return self.net.phone(self.cast.address(who))

    def line(self, who: str) -> Line:
        """Return the call that somebody is in. Raises Unmet when they are in none."""
        line = self.phone(who).line
        if line is None:
            raise Unmet(f"{who} to be on the phone", f"{who} is in no call")
        return line

    def last_line(self, who: str) -> Line:
        """Return the call that somebody is in or was in last. Raises Unmet when there was none."""
        history = self.phone(who).history
        if not history:
            raise Unmet(f"{who} to be on the phone", f"{who} was in no call")
        return history[-1]

    def dial(self, who: str, number: str, *, withheld: bool = False) -> None:
        """Somebody calls a number of ours."""
        self.world.connect_number(number)
        self.phone(who).dial(number, from_="anonymous" if withheld else None)
        self.settle()

    def until(self, condition: Callable[[], bool], within: timedelta | None) -> bool:
        """Let time pass until the condition holds. Return whether it does within the time."""
        return self.world.advance(condition, PATIENCE if within is None else within)

    def settle(self) -> None:
        """Let everything happen that is due now, unless others act in the same instant."""
        if self._together is None:
            self.world.settle()

    def lasts(self, duration: timedelta) -> None:
        """Keep somebody busy for so long. Those who act at once are busy at the same time."""
        if self._together is None:
            self.world.advance_to(self.world.now + duration)
        else:
            self._together = max(self._together, duration)

    @property
    def at_once(self) -> bool:
        """Whether several people act in this instant."""
        return self._together is not None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make everything that is done within happen in one instant."""
        self._together = timedelta()
        try:
            yield
        finally:
            busy, self._together = self._together, None
            self.world.advance_to(self.world.now + busy)

    def call_comes_in(self) -> None:
        """The caller dials the number of the script."""
        self.dial(CALLER, self.script.dial, withheld=self.script.withheld)

    def claim_ring(self, who: str, within: timedelta | None) -> None:
        """Wait for somebody's phone to ring; a phone that nobody mentioned may not ring before it."""

        def rang() -> bool:
            return any(self._is(ring, who) or not self.others_may_ring for ring in self.rings)

        wanted = f"{who}'s phone to ring within {seconds(PATIENCE if within is None else within)}"
        if not self.until(rang, within):
            raise Unmet(wanted, "it did not ring")
        ring = next((ring for ring in self.rings if self._is(ring, who)), None)
        if ring is None:
            raise Unmet(wanted, f"{self.cast.name(self.rings[0].address)}'s phone rang instead")
        self.rings.remove(ring)

    def watch(self) -> None:
        """Check that everything still holds that must hold. Raises Unmet."""
        for look in self.watches:
            look()

    def _is(self, ring: Ring, who: str) -> bool:
        return ring.address == self.cast.address(who)

    def _noted(self, entry: Trace) -> None:
        if entry.kind == "ring":
            self.rings.append(Ring(entry.at, entry.who, entry.detail["call_sid"]))


def seconds(duration: timedelta) -> str:
    """A duration as it is written in a rehearsal."""
    return f"{duration.total_seconds():g}s"
