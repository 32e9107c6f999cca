"""A recorded day played through a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ivr.directory.organisation import Organisation
from ivr.staffing.dice import exponential, lognormal
from ivr.staffing.recorded import Came
from ivr.staffing.wanted import Mix, Wish, need_of, wish_of
from routing.agents import Need
from routing.eligible import is_eligible
from routing.simulation.line import Caller
from routing.simulation.play import Outcome, Play


@dataclass(frozen=True, slots=True)
class Person:
    """One caller of the day: when, in seconds after its midnight, what for, and how patient."""

    at: float
    wish: Wish
    patience: float


@dataclass(frozen=True, slots=True)
class Day:
    """How it went for whoever waited for a person, and who was promised a call-back at once."""

    waited: tuple[tuple[Person, Outcome], ...]
    promised: tuple[Person, ...]


def people_of(came: Sequence[Came], organisation: Organisation, mix: Mix, patience: float) -> tuple[Person, ...]:
    """The callers of one recorded day. What was not written down is rolled, the same for every schedule."""
    dice, waits, found = Random("callers"), exponential("patience", patience), []
    for one in came:
        start = timedelta(hours=one.wall.hour, minutes=one.wall.minute, seconds=one.wall.second).total_seconds()
        for _ in range(int(one.calls) + (dice.random() < one.calls % 1)):
            at = start + dice.random() * one.lasts.total_seconds()
            found.append(Person(at, wish_of(organisation, one, mix, dice), next(waits)))
    return tuple(sorted(found, key=lambda person: person.at))


def play_day(
    people: Sequence[Person], organisation: Organisation, midnight: datetime, handling: float, variation: float
) -> Day:
    """The day through the shifts and rules of an organisation. Where nobody who could is at work, a promise is made."""
    wanted = [_need(person, organisation, midnight + timedelta(seconds=person.at)) for person in people]
    callers = (
        Caller(
            person.at,
            need,
            min(person.patience, _longest(organisation, need)),
            number=number,
            schedule=organisation.schedule(need.practice, need.service, need.language),
        )
        for number, (person, need) in enumerate(zip(people, wanted, strict=True))
        if need is not None
    )
    play = Play(tuple(organisation.agents.values()), lognormal("handling", handling, variation), midnight)
    waited = tuple((people[outcome.caller.number], outcome) for _, outcome in play.run(callers))
    return Day(waited, tuple(person for person, need in zip(people, wanted, strict=True) if need is None))


def _longest(organisation: Organisation, need: Need) -> float:
    # The waiting room keeps nobody longer; then the flow offers a promise instead.
    return organisation.practice(need.practice).waiting.patience.total_seconds()


def _need(person: Person, organisation: Organisation, at: datetime) -> Need | None:
    need = need_of(organisation, person.wish, at)
    if need is None:
        return None
    widest = organisation.widest(need)
    return need if any(is_eligible(agent, widest, at) for agent in organisation.agents.values()) else None
