"""A person who answers calls, and what a call needs of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from routing.hours import Calendar, WeeklyHours
from routing.licences import Licence
from routing.sites import Days, Pool, working_hours

__all__ = ["ANYBODY", "ANY_LANGUAGE", "Agent", "Available", "Doing", "Licence", "Need", "as_anybody"]

ANYBODY = "fallback"
"""The skill that the operator's last resort asks for: whoever is on shift in the pool has it."""

ANY_LANGUAGE = "any"
"""The language that it asks for, which everybody speaks."""

Doing = Literal["idle", "resting", "away", "asked", "offered", "busy", "wrap-up"]
"""What an agent is doing: nothing; left alone after missed offers; signed out for the moment, if only when the call
they are at is over; nothing, but asked about this very call already; ringing; talking; writing up the call before.
Whoever does anything but nothing is offered nothing: a call at a time."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person in a pool. ``skills`` maps a skill to its level, 1 to 5; ``languages`` are exact tags such as es-US.

    ``trained_until`` is the last day the required training holds, on the clocks of the site; None where the operator
    keeps no training rule. ``shift`` is the agent's own and then stands for the pool's with its breaks; ``breaks`` of
    their own stand for the pool's; ``days`` go before those of the pool. ``calendar`` is when the agent works.
    """

    id: str
    pool: Pool
    contact: str
    languages: frozenset[str]
    skills: Mapping[str, int] = field(hash=False)
    licences: tuple[Licence, ...] = ()
    trained_until: date | None = None
    shift: WeeklyHours | None = None
    breaks: WeeklyHours | None = None
    days: Days = field(default_factory=dict, hash=False)
    calendar: Calendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendar", self._hours())

    def _hours(self) -> Calendar:
        pool = self.pool
        if self.shift is None and self.breaks is None and not self.days:
            return pool.calendar
        usual = (pool.shift, pool.breaks) if self.shift is None else (self.shift, WeeklyHours())
        breaks = usual[1] if self.breaks is None else self.breaks
        return working_hours(pool.site, usual[0], breaks, {**pool.days, **self.days})


@dataclass(frozen=True, slots=True)
class Available:
    """An agent, what they are doing, and since when they have had no call."""

    agent: Agent
    idle_since: datetime
    doing: Doing = "idle"


@dataclass(frozen=True, slots=True)
class Need:
    """What a call asks of the person who takes it.

    ``licensed_kind`` makes it clinical work: the agent must be licensed where the patient is, ``patient_state``, which
    the flow must therefore have asked; without it nobody is eligible. ``pools`` keeps the call with the practice's own
    people until ``overflow_after``. ``edge_margin`` keeps it from pools with less than that left of their shift.
    ``interpreter`` says that one joins, so that any language will do.
    ``barred`` are the sites that policy keeps from this call, see :func:`routing.policy.barred`.
    """

    practice: str
    service: str
    skill: str
    level: int = 1
    language: str = "en-US"
    licensed_kind: str | None = None
    patient_state: str | None = None
    pools: tuple[str, ...] | None = None
    overflow_after: timedelta | None = None
    agents_outside_us: bool = True
    edge_margin: timedelta = timedelta()
    interpreter: bool = False
    barred: tuple[str, ...] = ()


def as_anybody(agent: Agent) -> Agent:
    """The same person as seen by a call for which whoever is at work will do."""
    return replace(agent, skills={**agent.skills, ANYBODY: 1}, languages=agent.languages | {ANY_LANGUAGE})
