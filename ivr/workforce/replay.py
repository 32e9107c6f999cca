"""A recorded day played through a schedule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ivr.directory.organisation import Organisation
from ivr.queue.entries import URGENT_MAX_WAIT
from ivr.workforce.demand import Mix, Wish, need_of, wish_of
from ivr.workforce.random_arrivals import exponential
from ivr.workforce.recorded_arrivals import Came
from routing.decide import Known
from routing.simulation.line import Caller
from routing.simulation.play import Outcome, Play, Ring


@dataclass(frozen=True, slots=True)
class Person:
    """One caller of the day: when, in seconds after its midnight, what for, and how patient."""

    at: float
    wish: Wish
    patience: float
    urgency: str = "routine"
    known: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """How it went for whoever waited for a person, and who was promised a call-back at once."""

    waited: tuple[tuple[Person, Outcome], ...]
    promised: tuple[Person, ...]


def people_of(
    came: Sequence[Came], organisation: Organisation, mix: Mix, patience: float, seed: str = "0"
) -> tuple[Person, ...]:
    """The callers of one recorded day. What was not written down is rolled from ``seed``, alike for every schedule."""
    dice, waits, found = Random(f"callers {seed}"), exponential(f"patience {seed}", patience), []
    for one in came:
        start = timedelta(hours=one.wall.hour, minutes=one.wall.minute, seconds=one.wall.second).total_seconds()
        for _ in range(int(one.calls) + (dice.random() < one.calls % 1)):
            at = start + dice.random() * one.lasts.total_seconds()
            found.append(Person(at, wish_of(organisation, one, mix, dice), next(waits), one.urgency, one.known))
    return tuple(sorted(found, key=lambda person: person.at))


def play_day(
    people: Sequence[Person],
    organisation: Organisation,
    midnight: datetime,
    handling: Iterator[float],
    rings: Iterator[Ring],
) -> Day:
    """The day through the shifts and rules of an organisation. Where nobody who could is at work, a promise is made."""
    asked = [caller_of(number, person, organisation, midnight) for number, person in enumerate(people)]
    play = Play(tuple(organisation.agents.values()), handling, midnight, rings)
    ended = [outcome for _, outcome in play.run(caller for caller in asked if caller is not None)]
    waited = [outcome for outcome in ended if not _told_at_once(outcome)]
    sent_away = {outcome.caller.number for outcome in ended if _told_at_once(outcome)}
    nobody = (number for number, caller in enumerate(asked) if caller is None or number in sent_away)
    return Day(
        tuple((people[outcome.caller.number], outcome) for outcome in waited),
        tuple(people[number] for number in nobody),
    )


def caller_of(number: int, person: Person, organisation: Organisation, midnight: datetime) -> Caller | None:
    """The caller as the queue would take them in; None where no person is waited for."""
    wish = person.wish
    need = need_of(organisation, wish, midnight + timedelta(seconds=person.at))
    if need is None:
        return None
    return Caller(
        at=person.at,
        need=need,
        patience=min(person.patience, _longest(organisation, person).total_seconds()),
        urgency=person.urgency,
        number=number,
        schedule=organisation.schedule(wish.practice, wish.service, wish.language),
        crew=organisation.crew(wish.practice, wish.location),
        known=_known(organisation, person),
        boost=organisation.service(wish.practice, wish.service).credit or timedelta(),
    )


def _longest(organisation: Organisation, person: Person) -> timedelta:
    # The queue keeps nobody longer; then the flow offers a promise instead.
    return organisation.practice(person.wish.practice).waiting.patience if _is_routine(person) else URGENT_MAX_WAIT


def _known(organisation: Organisation, person: Person) -> Known | None:
    if person.known not in organisation.agents:
        return None
    band = organisation.practice(person.wish.practice).known_agent.reserved
    return Known(person.known, band if _is_routine(person) else timedelta())


def _is_routine(person: Person) -> bool:
    return person.urgency == "routine"


def _told_at_once(outcome: Outcome) -> bool:
    return outcome.nobody_awake and not outcome.waited
