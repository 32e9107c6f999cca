"""The simulation offers the calls of an evening to the same people at the same instants as the router itself did.

An installation is played with its phones. What callers and agents did is then given to the simulation, which decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, repeat
from math import inf
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from ivr.calls.event_tables import event
from ivr.queue.tables import agent_state
from ivr.workforce.demand import Wish
from ivr.workforce.recorded_arrivals import recorded
from ivr.workforce.replay import Person, caller_of
from phonesim import Line
from rehearsals.world import World
from routing.simulation.line import Caller
from routing.simulation.play import Play, Ring
from tests.calls.office import MAPLE, NIGHT
from tests.calls.scenes import listened_to

ENGLISH, SPANISH = "122", "222"
"""A new patient who wants an appointment."""
CALLERS = [
    (0, ENGLISH), (7, SPANISH), (15, ENGLISH), (21, SPANISH), (40, SPANISH), (55, ENGLISH), (70, ENGLISH),
    (95, SPANISH), (500, ENGLISH),
]  # fmt: skip
"""After how many seconds who dials: four are more than there are agents."""
HANGS_UP = {6: 150}
"""Who of them gives up when."""
AGAIN = {8: 5}
"""Who calls from the phone of whom, and is known to an agent."""
ANSWERS = {
    "ana": [4, 9, None, 5], "benjie": [None, 6, 6], "thandi": [11, None, None, 3], "mateus": [6, None, 5],
}  # fmt: skip
"""After how many seconds of ringing an agent takes each offer; None: not at all."""
TALKS = {"ana": 150, "benjie": 95, "thandi": 60, "mateus": 200}
"""How many seconds later an agent hangs up."""
END = NIGHT + timedelta(minutes=20)


class Offered(NamedTuple):
    """Whose call, by their number, rang at whose phone, after how many seconds."""

    seconds: float
    caller: int
    agent: str


class Evening:
    """The script above, carried out on the phones of a world second by second."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.left: dict[int, datetime] = {}
        # By offers that were taken, when their agents could be asked again.
        self.freed: list[tuple[str, datetime]] = []
        self._callers: dict[int, Line] = {}
        self._pressing: list[tuple[Line, list[str]]] = []
        self._answers = {name: chain(answers, repeat(5)) for name, answers in ANSWERS.items()}
        self._rung: set[str] = set()
        self._later: list[tuple[datetime, Callable[[], None]]] = []
        self._busy: dict[str, str] = {}

    def happens(self) -> None:
        while self.world.now < END:
            self._dial_and_hang_up(round((self.world.now - NIGHT).total_seconds()))
            self._rings()
            due = [do for at, do in self._later if at <= self.world.now]
            self._later = [(at, do) for at, do in self._later if at > self.world.now]
            for do in due:
                do()
            for line, keys in self._pressing:
                if keys and not line.leg.ended and listened_to(line, "key"):
                    line.press(keys.pop(0))
            self._second()

    def _dial_and_hang_up(self, seconds: int) -> None:
        for number, (at, keys) in enumerate(CALLERS):
            if at == seconds:
                phone = self.world.net.phone(f"+1312555{AGAIN.get(number, number):04}")
                self._callers[number] = phone.dial(MAPLE)
                self._pressing.append((self._callers[number], list(keys)))
            if HANGS_UP.get(number) == seconds:
                self._callers[number].hang_up()
                self.left[number] = self.world.now

    def _rings(self) -> None:
        ringing = {name for name in ANSWERS if self.world.net.phone(f"client:{name}").ringing}
        for name in ringing - self._rung:
            if (after := next(self._answers[name])) is not None:
                self._later.append((self.world.now + timedelta(seconds=after), partial(self._answer, name)))
        self._rung = ringing

    def _answer(self, name: str) -> None:
        line = self.world.net.phone(f"client:{name}").answer()
        self._pressing.append((line, ["1"]))
        self._later.append((self.world.now + timedelta(seconds=TALKS[name]), line.hang_up))

    def _second(self) -> None:
        end = self.world.now + timedelta(seconds=1)
        self.world.settle()
        while self.world.step(end):
            self._watch()
        self._watch()

    def _watch(self) -> None:
        with self.world.services.database.read() as connection:
            rows = {row.agent_id: row for row in connection.execute(select(agent_state))}
        busy = {name: row.offer_id for name, row in rows.items() if row.state == "busy"}
        self.freed += [(offer, rows[name].since) for name, offer in self._busy.items() if busy.get(name) != offer]
        self._busy = busy


def test_the_simulation_offers_the_same_calls_to_the_same_agents_at_the_same_instants(world: World) -> None:
    evening = Evening(world)
    evening.happens()
    with world.services.database.read() as connection:
        events = list(connection.execute(select(event).order_by(event.c.id)))
        came = recorded(connection, NIGHT.date(), "UTC", lambda _practice: timedelta(days=7))
    queued = [row for row in events if row.kind == "queued"]
    people = [
        Person(
            at=since(row),
            wish=Wish("maple", "loop", one.service, one.language),
            patience=(evening.left[number] - row.at).total_seconds() if number in evening.left else inf,
            urgency=one.urgency,
            known=one.known,
        )
        for number, (row, one) in enumerate(zip(queued, came, strict=True))
    ]
    asked = [caller_of(number, person, world.organisation, NIGHT) for number, person in enumerate(people)]
    agents = tuple(world.organisation.agents.values())
    play = Play(agents, handling(events, dict(evening.freed)), NIGHT, rings(events))
    numbers = {row.call_id: number for number, row in enumerate(queued)}
    offers = [row for row in events if row.kind == "offered"]
    real = [Offered(since(row), numbers[row.call_id], row.data["agent"]) for row in offers]
    assert offers_of(play, [one for one in asked if one is not None]) == real
    assert len(real) > len(queued) == len(CALLERS)
    assert [person.known for person in people if person.known] == ["thandi"]


def since(row: Row[Any]) -> float:
    return float((row.at - NIGHT).total_seconds())


def rings(events: Sequence[Row[Any]]) -> Iterator[Ring]:
    """How the offers went, in the order in which they were made."""
    ends = {row.data["offer"]: row for row in events if row.kind in ("answered", "not-answered")}
    for row in events:
        if row.kind == "offered":
            end = ends[row.data["offer"]]
            yield Ring(since(end) - since(row), end.kind == "answered")


def handling(events: Sequence[Row[Any]], freed: Mapping[str, datetime]) -> Iterator[float]:
    """How long answered calls kept their agents, in the order in which they were answered."""
    for row in events:
        if row.kind == "answered":
            yield (freed[row.data["offer"]] - row.at).total_seconds() if row.data["offer"] in freed else inf


def offers_of(play: Play, callers: list[Caller]) -> list[Offered]:
    """Whose phone rang when, in the order in which it began."""
    found: list[Offered] = []
    ringing: set[tuple[int, str]] = set()
    for now in play.events(callers):
        waits = play.lines.everybody()
        before, ringing = ringing, {(one.caller.number, one.offered) for one in waits if one.offered is not None}
        found += [Offered(round(now, 6), *one) for one in sorted(ringing - before)]
    return found
