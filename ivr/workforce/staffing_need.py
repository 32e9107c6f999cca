"""How many people each pool needs in a half-hour, found by playing the real router until callers wait no longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice, repeat
from random import Random

from ivr.directory.organisation import Organisation
from ivr.workforce.random_arrivals import arrivals, exponential, lognormal, rings
from routing.agents import Agent, Need
from routing.crew import Crew
from routing.eligible import is_eligible
from routing.erlang import agents_needed
from routing.hours import WeeklyHours, Window
from routing.relax import USUAL, Schedule
from routing.simulation.figures import Figures, figures
from routing.simulation.line import Caller
from routing.simulation.play import Outcome, Play
from routing.sites import Pool

ALWAYS = WeeklyHours(((Window(0, 1440),),) * 7)
MOST = 3
"""Give up at so many times what the formula says: what is missing then is not a number of people."""


@dataclass(frozen=True, slots=True)
class Goal:
    """``share`` of callers answered ``within`` seconds; calls keep people for ``handling`` seconds in the mean.

    Before, their phones ring for ``ring`` seconds, and a share is ``missed``.
    """

    share: float = 0.8
    within: float = 20.0
    handling: float = 185.0
    variation: float = 1.96
    patience: float = 406.0
    ring: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """Calls expected in a half-hour, and the variance of their number over its mean."""

    calls: float
    dispersion: float = 1.0


@dataclass(frozen=True, slots=True)
class Needed:
    """What a half-hour from ``at`` on needs: people by pool. ``formula`` is Erlang A, as if all could take every call.

    ``reached`` is what the simulation comes to with them; None without calls. ``unserved`` needs have nobody awake.
    """

    at: datetime
    load: Load
    formula: int
    people: Mapping[str, int]
    reached: Figures | None
    unserved: tuple[Need, ...]

    @property
    def total(self) -> int:
        """People in all pools."""
        return sum(self.people.values())


@dataclass(frozen=True, slots=True)
class Rules:
    """What each need gives up while its caller waits, and the pools that may be asked at all; by default any."""

    schedule: Callable[[Need], Schedule] = lambda _need: USUAL
    pools: Callable[[Need], frozenset[str] | None] = lambda _need: None

    @classmethod
    def of(cls, organisation: Organisation) -> Rules:
        """Those of an organisation."""
        return cls(
            lambda need: organisation.schedule(need.practice, need.service, need.language),
            lambda need: frozenset(agent.pool.id for agent in organisation.agents_of(need.practice)),
        )


PLAIN = Rules()


def needed(
    agents: Sequence[Agent],
    needs: Mapping[Need, float],
    load: Load,
    goal: Goal,
    at: datetime,
    calls: int,
    rules: Rules = PLAIN,
) -> Needed:
    """The people for one half-hour, as of its middle. Whoever is at work then stands for others like them.

    It starts from the formula, and adds one like those who could take the calls that are most often late, until the
    goal is reached in a long run of such half-hours (``calls`` of them), which is as busy by turns as was measured.
    """
    served = {need: share for need, share in needs.items() if any(is_eligible(one, need, at) for one in agents)}
    unserved = tuple(need for need in needs if need not in served)
    asked = load.calls * sum(served.values())
    formula = _formula(asked, goal)
    if not formula:
        return Needed(at, load, 0, {}, None, unserved)
    team = _Team(rules, tuple(_steady(one) for one in agents), served, at)
    for _ in range(formula):
        team.add(team.least_served())
    outcomes = tuple(team.play(replace(load, calls=asked), goal, calls))
    while figures(outcomes, goal.within).within < goal.share and len(team.members) < MOST * formula + 3:
        team.add(_most_late(outcomes, goal.within))
        outcomes = tuple(team.play(replace(load, calls=asked), goal, calls))
    people = Counter(one.pool.id for one in team.members)
    return Needed(at, load, formula, people, figures(outcomes, goal.within), unserved)


@dataclass(slots=True)
class _Team:
    """People like those at work, as many as are tried."""

    rules: Rules
    models: tuple[Agent, ...]
    needs: Mapping[Need, float]
    at: datetime
    able: Mapping[Need, Sequence[Agent]] = field(init=False)
    copies: Counter[str] = field(default_factory=Counter)
    members: list[Agent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.able = {need: [one for one in self.models if is_eligible(one, need, self.at)] for need in self.needs}

    def add(self, need: Need) -> None:
        """One more who could take such calls, like whoever has the fewest like them yet."""
        model = min(self.able[need], key=lambda one: (self.copies[one.id], one.id))
        self.copies[model.id] += 1
        self.members.append(replace(model, id=f"{model.id}-{self.copies[model.id]}"))

    def least_served(self) -> Need:
        """The part of the demand that has the fewest people for its share."""

        def people(need: Need) -> float:
            return sum(is_eligible(one, need, self.at) for one in self.members) / self.needs[need]

        return min(self.needs, key=people)

    def play(self, load: Load, goal: Goal, calls: int) -> Iterator[Outcome]:
        """How it goes, over and over."""
        dice, patience = Random("wishes"), exponential("patience", goal.patience)
        wanted, shares = tuple(self._asked()), tuple(self.needs.values())
        expected = [load.calls] * (int(calls / load.calls) + 1)
        times = islice(arrivals("arrivals", expected, 1800.0, load.dispersion), calls)
        drawn = (dice.choices(wanted, shares)[0] for _ in repeat(None))
        callers = (
            Caller(at, need, next(patience), schedule=schedule, crew=crew)
            for at, (need, schedule, crew) in zip(times, drawn, strict=False)
        )
        handling, ringing = lognormal("handling", goal.handling, goal.variation), rings("rings", goal.ring, goal.missed)
        play = Play(tuple(self.members), handling, self.at, ringing)
        return (outcome for _, outcome in play.run(callers))

    def _asked(self) -> Iterator[tuple[Need, Schedule, Crew]]:
        """Each need with what it gives up, and who may be asked at all."""
        pools = {need: self.rules.pools(need) for need in self.needs}
        crews = {those: Crew(self._in(those)) for those in set(pools.values())}
        for need in self.needs:
            yield need, self.rules.schedule(need), crews[pools[need]]

    def _in(self, pools: frozenset[str] | None) -> Iterator[Agent]:
        return (one for one in self.members if pools is None or one.pool.id in pools)


def _formula(calls: float, goal: Goal) -> int:
    """Erlang A, in which whoever is rung is taken up already and the phone rings within the time."""
    busy = goal.ring + goal.handling
    return agents_needed(
        calls * busy / 1800, busy / goal.patience, goal.share, max(goal.within - goal.ring, 0.0) / busy
    )


def _most_late(outcomes: Sequence[Outcome], within: float) -> Need:
    late = Counter(one.caller.need for one in outcomes if one.agent is None or one.waited > within)
    return late.most_common(1)[0][0]


def _steady(agent: Agent) -> Agent:
    """The same person, but always at work, so that a half-hour can be played for days."""
    site = replace(agent.pool.site, holidays=None)
    pool = Pool(agent.pool.id, site, ALWAYS)
    kept = tuple(replace(one, expires=date.max) for one in agent.licences)
    trained = None if agent.trained_until is None else date.max.replace(month=1)
    return replace(agent, pool=pool, shift=None, breaks=None, days={}, licences=kept, trained_until=trained)
