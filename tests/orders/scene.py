"""The people of an order, their telephones and their time, in a stepped world."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from phonesim import Line as PhoneLine
from phonesim import Phone
from phonesim.errors import PhonesimError
from phonesim.phone import take_message
from rehearsals.provisioning import PIN
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE
from tests.orders.observer import Observer
from tests.orders.orders import Order
from tests.orders.tape import Tape

OTHER = "+13125550198"
HOUSE = "+13125550190"
PRIVATE = ("wedding", "boda", "chest hurts", "duele el pecho")
PATIENCE = 200.0


class NotReached(Exception):
    """The state of an order is not reached; the chain needs a look."""


class Void(Exception):
    """An event of the order cannot happen there: its actor has no telephone in hand."""


class Scene:
    """The people of one order and their telephones, in one new world. ``tape`` is what came of it.

    ``manner`` is how somebody meets what rings, ``once`` how they meet the next only, and ``lines_manner`` how they are
    on one line; ``handled`` is the last sound of a line that somebody acted on, and ``due`` what they do later.
    """

    def __init__(self, world: World, order: Order) -> None:
        self.world, self.order, self.net = world, order, world.net
        organisation = world.organisation
        self.who = {
            "caller": CALLER, "other": OTHER, "house": HOUSE,
            **{name: agent.contact for name, agent in organisation.agents.items()},
            **{name: person.voice for name, person in organisation.people.items()},
            **{name: one.number for name, one in organisation.interpreters.items()},
        }  # fmt: skip
        self.names = {address: name for name, address in self.who.items()}
        self.tape = Tape(
            callers=frozenset({"caller", "other"}), agents=frozenset(organisation.agents),
            clinicians=frozenset(organisation.people), house=frozenset({"house"}),
            interpreters=frozenset(organisation.interpreters), pin=PIN, private=PRIVATE,
        )  # fmt: skip
        self.manner: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.lines_manner: dict[str, str] = {}
        self.handled: dict[str, int] = {}
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.act_freely: Callable[[], None] | None = None
        self.observer = Observer(world, self.names, self.tape)

    @property
    def now(self) -> float:
        return (self.world.now - self.world.start).total_seconds()

    def passes(self, seconds: float) -> None:
        """Let so many seconds pass, event by event; people act meanwhile once they do so freely."""
        end = self.now + seconds
        while True:
            self.world.settle()
            self.observer.looks()
            if self.act_freely is not None:
                self.act_freely()
                self.world.settle()
            if self.now >= end - 1e-6:
                return
            wait = min([at for at, _ in self.due] + [end, self.now + 2.0 if self.lively() else end])
            self.world.step(self.world.start + timedelta(seconds=max(wait, self.now + 1e-3)))

    def lively(self) -> bool:
        """Whether anybody is on the telephone."""
        return any(phone.lines for phone in self.net.phones.values())

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Go on until a condition holds. Raises NotReached."""
        end = self.now + PATIENCE
        self.world.settle()
        while not condition():
            if self.now >= end:
                raise NotReached(f"{self.order}: {what}")
            self.passes(0.5)

    def phone(self, who: str) -> Phone:
        return self.net.phone(self.who[who])

    def line(self, who: str) -> PhoneLine:
        found = self.phone(who).line
        if found is None:
            raise NotReached(f"{self.order}: {who} is in no call")
        return found

    def dials(self, who: str) -> None:
        self.phone(who).dial(MAPLE)

    def answers(self, who: str, *, machine: bool = False) -> PhoneLine:
        line = self.phone(who).answer()
        if machine:
            take_message(line.leg)
        self.observer.picked_up(line, machine=machine)
        return line

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.due.append((self.now + seconds, act))

    def hang_up(self, lines: list[PhoneLine]) -> None:
        for line in lines:
            with suppress(PhonesimError):
                line.hang_up()
