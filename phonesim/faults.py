"""Faults on demand: the catalogue, and the switchboard that says when one strikes.

A fault is written ``NAME[=VALUE][ on WORDS][ N times]``: ``callbacks-lost=0.3``, ``rest-busy on POST /Calls 1 time``.
Each kind has seeded dice of its own, apart from the network's, so that a fault changes nothing but what it breaks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from random import Random
from typing import Any, Protocol, TypeVar

from phonesim.errors import FaultError
from phonesim.protocols import Journal

WRITTEN = re.compile(r"(?P<name>[^=\s]+)(=(?P<value>\S+))?( on (?P<where>.+?))?( (?P<times>[1-9]\d{0,8}) times?)?")
GRAMMAR = "NAME[=VALUE][ on WORDS][ N times]"
LONGEST = 86400.0
T = TypeVar("T")


def share(text: str) -> float:
    """A probability."""
    value = float(text)
    if not 0 < value <= 1:
        raise ValueError(text)
    return value


def seconds(text: str) -> float:
    """A duration, at most a day."""
    value = float(text)
    if not 0 < value <= LONGEST:
        raise ValueError(text)
    return value


def one_of(*statuses: str) -> Callable[[str], int]:
    """A reader of HTTP statuses."""

    def status(text: str) -> int:
        if text not in statuses:
            raise ValueError(text)
        return int(text)

    return status


@dataclass(frozen=True, slots=True)
class Value:
    """What a fault's value means, how to read it, and how to mend a wrong one."""

    meaning: str
    read: Callable[[str], float]
    mend: str


SHARE = Value("SHARE", share, "a share is more than 0 and at most 1, such as 0.3")
SECONDS = Value("SECONDS", seconds, "write seconds: more than 0 and at most 86400, such as 20")
STATUS = Value("500|503", one_of("500", "503"), "write 500 or 503")
REGION = Value("404|401", one_of("404", "401"), "write 404 (resources of another region) or 401 (credentials of one)")


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One thing that can go wrong. ``value`` is None where there is nothing to choose.

    ``spares`` is a word: where it is found, the fault strikes only if its own words name it.
    """

    name: str
    help: str
    value: Value | None = None
    default: float | None = None
    spares: str | None = None

    @property
    def takes(self) -> str | None:
        """What the value means, in one word."""
        return self.value.meaning if self.value else None


KINDS = (
    FaultKind("webhooks-twice", "every webhook is sent twice, with the same idempotency token"),
    FaultKind("webhooks-twice-fresh", "every webhook is sent twice, the second time with a fresh idempotency token"),
    FaultKind("webhooks-slow", "answers to webhooks take so long (from 15 s on they are too late)", SECONDS, 20.0),
    FaultKind("webhooks-late", "requests for TwiML are sent so much later", SECONDS, 5.0),
    FaultKind("application-down", "connections to the application are refused"),
    FaultKind("callbacks-lost", "this share of the callbacks is never sent", SHARE, 0.5),
    FaultKind("callbacks-twice", "this share of the callbacks is sent twice", SHARE, 1.0),
    FaultKind("callbacks-late", "callbacks are sent so much later", SECONDS, 10.0),
    FaultKind("callbacks-reordered", "this share of the callbacks is overtaken by the call's next", SHARE, 0.5),
    FaultKind("rest-slow", "REST requests take effect, their answers take so long", SECONDS, 5.0),
    FaultKind("rest-failing", "REST requests fail with this status, without effect", STATUS, 503),
    FaultKind("rest-busy", "REST requests are refused with 429 (20429), without effect"),
    FaultKind("rest-lost-answer", "REST requests other than GET take effect, their answers never come", spares="GET"),
    FaultKind("carrier-failing", "this share of the calls to telephone numbers ends as failed", SHARE, 1.0),
    FaultKind("carrier-drops", "calls with telephone numbers are cut off so long after their answer", SECONDS, 30.0),
    FaultKind("texts-failing", "this share of the text messages is not delivered", SHARE, 1.0),
    FaultKind("media-late", "the media of recordings is missing (404) so long after their completion", SECONDS, 60.0),
    FaultKind("recordings-lost", "this share of the recordings is absent, or completed without media", SHARE, 1.0),
    FaultKind("wrong-region", "REST is another region's: our calls (401: credentials) are unknown there", REGION, 404),
)  # fmt: skip
FAULTS: Mapping[str, FaultKind] = {kind.name: kind for kind in KINDS}


@dataclass(slots=True)
class Fault:
    """A kind that is switched on: its value, where it strikes (every word must fit), and how often still."""

    kind: FaultKind
    value: float | None = None
    where: str = ""
    times: int | None = None

    def fits(self, place: str) -> bool:
        """Tell whether it strikes here."""
        words = self.where.split()
        spared = self.kind.spares is not None and self.kind.spares in place and self.kind.spares not in words
        return self.times != 0 and not spared and all(word in place for word in words)

    def described(self) -> dict[str, Any]:
        """As plain values."""
        return {"value": self.value, "where": self.where, "times": self.times}


class Faults:
    """The switchboard of one network: what is on, and whether it strikes now."""

    __slots__ = ("_dice", "_journal", "on")

    def __init__(self, journal: Journal, seed: int) -> None:
        self.on: dict[str, Fault] = {}
        self._journal = journal
        self._dice = {name: Random(f"{seed}:{name}") for name in FAULTS}

    def strikes(self, name: str, place: str) -> float | None:
        """The value of the fault (1 for one without) when it strikes at ``place``; counts it and writes the trace."""
        fault = self.on.get(name)
        if fault is None or not fault.fits(place) or not self._drawn(fault):
            return None
        fault.times = None if fault.times is None else fault.times - 1
        self._journal.record("fault", name, struck=place)
        return 1.0 if fault.value is None else fault.value

    def choose(self, name: str, outcomes: Sequence[T]) -> T:
        """One of several forms a fault takes."""
        return self._dice[name].choice(outcomes)

    def _drawn(self, fault: Fault) -> bool:
        if fault.kind.value is not SHARE or fault.value is None:
            return True
        return self._dice[fault.kind.name].random() < fault.value


class Faulty(Protocol):
    """Gives the faults of a network that are switched on."""

    @property
    def faults(self) -> Faults:
        """Its switchboard."""


def read(text: str) -> Fault:
    """A fault as somebody writes it. Raises FaultError with the name, the mend and the nearest name."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise FaultError(f"fault {text!r} is not readable; write {GRAMMAR}")
    kind = kind_named(found["name"])
    times = int(found["times"]) if found["times"] else None
    return Fault(kind, _value(kind, found["value"]), found["where"] or "", times)


def kind_named(name: str) -> FaultKind:
    """The kind of this name. Raises FaultError."""
    if name in FAULTS:
        return FAULTS[name]
    near = get_close_matches(name, FAULTS, 1)
    mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(FAULTS)}"
    raise FaultError(f"there is no fault {name!r}; {mend}")


def listed(net: Faulty) -> list[dict[str, Any]]:
    """The whole catalogue and what is on, as plain values."""
    return [_listed(kind, net.faults.on.get(kind.name)) for kind in KINDS]


def _listed(kind: FaultKind, fault: Fault | None) -> dict[str, Any]:
    said = {"name": kind.name, "takes": kind.takes, "default": kind.default, "help": kind.help}
    return {**said, "on": fault is not None, **(fault or Fault(kind)).described()}


def _value(kind: FaultKind, text: str | None) -> float | None:
    if text is None:
        return kind.default
    if kind.value is None:
        raise FaultError(f"{kind.name}={text}: {kind.name} takes no value; write {kind.name}")
    try:
        return kind.value.read(text)
    except ValueError as problem:
        raise FaultError(f"{kind.name}={text}: {kind.value.mend}") from problem
