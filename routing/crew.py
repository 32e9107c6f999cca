"""The people who may be asked at all, and who of them may take a call now, whatever they are doing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta

from routing.agents import Agent, Need
from routing.eligible import is_eligible, refusal
from routing.hours import is_open, open_spans
from routing.minute import Answer, ThisMinute

AHEAD = timedelta(hours=1)
"""How far ahead of the minute it is looked for who comes to work."""

_MINUTE = timedelta(minutes=1)


class Crew:
    """A fixed set of agents. What many calls of one minute ask of it is worked out once."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self.agents = tuple(agents)
        self._calendars = tuple(dict.fromkeys(agent.calendar for agent in self.agents))
        self._skilled: dict[str, list[Agent]] = {}
        for agent in self.agents:
            for skill in agent.skills:
                self._skilled.setdefault(skill, []).append(agent)
        self._minute = ThisMinute()

    def able(self, need: Need, at: datetime) -> tuple[Agent, ...]:
        """Everybody who may take the call at the instant, in the order of the crew."""
        skilled = self._skilled.get(need.skill, ())
        return self.minutely("able", need, at, lambda: tuple(one for one in skilled if is_eligible(one, need, at)))

    def refused(self, need: Need, at: datetime) -> Mapping[str, tuple[str, ...]]:
        """The ids of everybody else by the first reason, see :func:`routing.eligible.refusal`."""
        return self.minutely("refused", need, at, lambda: self._refused(need, at))

    def next_shift(self, at: datetime) -> datetime | None:
        """When somebody next comes to work, within :data:`AHEAD`."""
        return self._minute.remember("next shift", at, lambda: self._next_shift(at.replace(second=0, microsecond=0)))

    def minutely(self, what: Hashable, need: Need, at: datetime, answer: Callable[[], Answer]) -> Answer:
        """What ``answer`` gives about a need, asked once in a minute."""
        # A margin that is no whole number of minutes moves the edges of shifts off the full minute.
        key = (what, need) if not need.edge_margin % _MINUTE else (what, need, at)
        return self._minute.remember(key, at, answer)

    def _refused(self, need: Need, at: datetime) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for agent in self.agents:
            if reason := refusal(agent, need, at):
                found.setdefault(reason, []).append(agent.id)
        return {reason: tuple(names) for reason, names in found.items()}

    def _next_shift(self, at: datetime) -> datetime | None:
        away = (calendar for calendar in self._calendars if not is_open(calendar, at))
        coming = (next(open_spans(calendar, at, at + AHEAD), None) for calendar in away)
        return min((shift.start for shift in coming if shift is not None), default=None)
