"""A load plan as values: who calls, when, what for, and who answers."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from phonesim.load.dice import Constant, Draw, Exponential, LogNormal, Uniform

EVERYBODY = "everybody"
AT_ONCE, SOON = Constant(0.0), Constant(4.0)
THINKING = Uniform(0.8, 2.5)
PATIENCE = Exponential(406.0)
"""Mean patience of the callers of an Israeli bank (Brown et al. 2005), whose talk is log-normal as below."""
TALK = LogNormal(4.62, 1.2)


@dataclass(frozen=True, slots=True)
class Cue:
    """When these words are heard, press these keys or say these words."""

    hears: str
    presses: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody calls. ``ends_with``: words after which the call may end without having met a person."""

    name: str
    share: float
    script: tuple[Cue, ...]
    ends_with: tuple[str, ...] = ()
    talk: Draw | None = None
    never_hears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agents:
    """People who are rung. ``phones`` empty: everybody the plan does not name. ``talks``: hang up after so long."""

    name: str
    phones: frozenset[str]
    script: tuple[Cue, ...] = ()
    answers_after: Draw = SOON
    misses: float = 0.0
    wraps_up: Draw = AT_ONCE
    talks: Draw | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls an hour; ``dispersion`` is variance / mean of the counts of a slot (1: Poisson)."""

    per_hour: float
    dispersion: float = 1.0
    slot: float = 1800.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a CSV file with the calls of one slot each, of one ``day`` or all days; ``scale`` multiplies them."""

    file: Path
    column: str
    slot: float
    day: str = ""
    day_column: str = "date"
    start: str = ""
    start_column: str = "start"
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Stamps:
    """A CSV file with one call a row and when it came; ``faster`` 2 is twice as fast."""

    file: Path
    column: str
    day: str = ""
    faster: float = 1.0


Arrivals = Rate | Counts | Stamps


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan; durations in seconds. ``most`` calls, or those of ``lasts``."""

    title: str
    dial: str
    arrivals: Arrivals
    reasons: tuple[Reason, ...]
    agents: tuple[Agents, ...] = ()
    start: datetime | None = None
    most: int | None = None
    lasts: float | None = None
    callers: str = "+1312#######"
    reaction: Draw = THINKING
    patience: Draw = PATIENCE
    called_back: tuple[Cue, ...] = ()
    talk: Draw = TALK
    never_hears: tuple[str, ...] = ("application error",)
    longest_silence: float = 25.0
    longest_call: float = 7200.0
