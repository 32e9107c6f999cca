"""The people who may be asked at all, and who of them may take a call now, whatever they are doing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime, timedelta

from routing.agents import Agent, Need
from routing.eligible import is_eligible, refusal
from routing.hours import is_open, open_spans
from routing.minute import MINUTE, Answer, ThisMinute, minute_of

AHEAD = timedelta(hours=1)
"""How far ahead of the minute it is looked for who comes to work."""


class Crew:
    """A fixed set of agents. What many calls of one minute ask of it is worked out once."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self.agents = tuple(agents)
        self._calendars = tuple(dict.fromkeys(agent.calendar for agent in self.agents))
        # Of thousands of agents many are alike to every rule, and one answer holds for all of them.
        models = {_kind(agent): agent for agent in reversed(self.agents)}
        self._models = [(agent, models[_kind(agent)]) for agent in self.agents]
        self._skilled: dict[str, list[tuple[Agent, Agent]]] = {}
        for agent, model in self._models:
            for skill in agent.skills:
                self._skilled.setdefault(skill, []).append((agent, model))
        self._minute = ThisMinute()

    def able(self, need: Need, at: datetime) -> tuple[Agent, ...]:
        """Everybody who may take the call at the instant, in the order of the crew."""
        return self.minutely("able", need, at, lambda: self._able(need, at))

    def names(self, need: Need, at: datetime) -> frozenset[str]:
        """The ids of the same."""
        return self.minutely("names", need, at, lambda: frozenset(agent.id for agent in self.able(need, at)))

    def refused(self, need: Need, at: datetime) -> Mapping[str, tuple[str, ...]]:
        """The ids of everybody else by the first reason, see :func:`routing.eligible.refusal`."""
        return self.minutely("refused", need, at, lambda: self._refused(need, at))

    def next_shift(self, at: datetime) -> datetime | None:
        """When somebody next comes to work, within :data:`AHEAD`."""
        return self._minute.remember("next shift", at, lambda: self._next_shift(minute_of(at)))

    def minutely(self, what: Hashable, need: Need, at: datetime, answer: Callable[[], Answer]) -> Answer:
        """What ``answer`` gives about a need, asked once in a minute."""
        # A margin that is no whole number of minutes moves the edges of shifts off the full minute.
        key = (what, need) if not need.edge_margin % MINUTE else (what, need, at)
        return self._minute.remember(key, at, answer)

    def _able(self, need: Need, at: datetime) -> tuple[Agent, ...]:
        skilled, may = self._skilled.get(need.skill, ()), dict[str, bool]()
        for _, model in skilled:
            if model.id not in may:
                may[model.id] = is_eligible(model, need, at)
        return tuple(agent for agent, model in skilled if may[model.id])

    def _refused(self, need: Need, at: datetime) -> Mapping[str, tuple[str, ...]]:
        found, why = dict[str, list[str]](), dict[str, str | None]()
        for agent, model in self._models:
            if model.id not in why:
                why[model.id] = refusal(model, need, at)
            if reason := why[model.id]:
                found.setdefault(reason, []).append(agent.id)
        return {reason: tuple(names) for reason, names in found.items()}

    def _next_shift(self, at: datetime) -> datetime | None:
        away = (calendar for calendar in self._calendars if not is_open(calendar, at))
        coming = (next(open_spans(calendar, at, at + AHEAD), None) for calendar in away)
        return min((shift.start for shift in coming if shift is not None), default=None)


def _kind(agent: Agent) -> Hashable:
    """All of an agent that :mod:`routing.eligible` looks at."""
    skills = frozenset(agent.skills.items())
    return agent.pool.id, agent.calendar, skills, agent.languages, agent.licences, agent.trained_until
