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
        self._placed: dict[str, str] = {}
        self._rung: set[str] = set()
        self.texts: dict[str, int] = {}
        self.organisation_codes: dict[str, str] = {}
        self.alerts: list[str] = list(script.alerts)
        self.points: dict[str, Point] = {}
        self.others_may_ring = False
        self.told = 0
        self.browsers: dict[str, Browser] = {}
        self.watches: list[Watch] = []
        self.observers: list[Callable[[], None]] = []
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
            return self._ring_of(who) is not None or not (self.others_may_ring or self._all_over())

        wanted = f"{who}'s phone to ring within {seconds(PATIENCE if within is None else within)}"
        if not self.until(rang, within):
            raise Unmet(wanted, self._rang_before(who))
        ring = self._ring_of(who)
        if ring is None:
            other = next(ring for ring in self.rings if not self._is_over(ring))
            raise Unmet(wanted, f"{self.cast.name(other.address)}'s phone rang instead")
        self.rings.remove(ring)

    def claim_vain_call(self, who: str) -> bool:
        """Claim the first call to somebody that ended without a ring. Return whether there is one."""
        vain = next((sid for sid in self._calls_to(who) if self._ended_in_vain(sid)), None)
        if vain is not None:
            del self._placed[vain]
        return vain is not None

    def how_called(self, who: str) -> str:
        """What became of the calls to somebody."""
        rung = any(sid in self._rung for sid in self._calls_to(who))
        return "it rang" if rung else f"nobody called {who}"

    def _calls_to(self, who: str) -> list[str]:
        return [sid for sid, address in self._placed.items() if address == self.cast.address(who)]

    def _ended_in_vain(self, call_sid: str) -> bool:
        leg = self.net.legs.get(call_sid)
        return call_sid not in self._rung and leg is not None and leg.ended

    def watch(self) -> None:
        """Check that everything still holds that must hold. Raises Unmet."""
        for look in self.watches:
            look()

    def _is(self, ring: Ring, who: str) -> bool:
        return ring.address == self.cast.address(who)

    def _ring_of(self, who: str) -> Ring | None:
        """Return the ring of somebody that no step has claimed and that goes on; what is over is no ring of now."""
        return next((ring for ring in self.rings if self._is(ring, who) and not self._is_over(ring)), None)

    def _is_over(self, ring: Ring) -> bool:
        leg = self.net.legs.get(ring.call_sid)
        return leg is None or leg.status != "ringing"

    def _all_over(self) -> bool:
        return all(self._is_over(ring) for ring in self.rings)

    def _rang_before(self, who: str) -> str:
        before = [ring for ring in self.rings if self._is(ring, who)]
        if not before:
            return "it did not ring"
        return f"it did not ring; it had rung at {before[-1].at:%H:%M:%S} UTC, which was over before this step"

    def _noted(self, entry: Trace) -> None:
        if entry.kind == "dial":
            self._placed[entry.detail["call_sid"]] = entry.detail["to"]
        if entry.kind == "ring":
            self._rung.add(entry.detail["call_sid"])
            self.rings.append(Ring(entry.at, entry.who, entry.detail["call_sid"]))
        for observe in self.observers:
            observe()


def seconds(duration: timedelta) -> str:
    """A duration as it is written in a rehearsal."""
    return f"{duration.total_seconds():g}s"
