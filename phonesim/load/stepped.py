"""A plan in virtual time, in the process of its network."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from phonesim.clock import Action
from phonesim.errors import LineEnded, NotRinging
from phonesim.load.plan import Plan
from phonesim.load.population import Population
from phonesim.network import Network
from phonesim.values import Trace


class Stepped:
    """People on a network in this process. Whoever owns the network lets time pass until ``population.over``."""

    def __init__(self, net: Network, plan: Plan, seed: int = 1) -> None:
        self.net = net
        self.population = Population(self, plan, seed)
        net.listeners.append(self._noted)
        self.population.open()

    @property
    def now(self) -> datetime:
        """Virtual UTC."""
        return self.net.now

    def after(self, seconds: float, action: Action) -> None:
        """Do something later."""
        self.net.scheduler.after(seconds, action)

    def dial(self, phone: str, to: str) -> None:
        """Call."""
        self.net.phone(phone).dial(to)

    def answer(self, phone: str) -> None:
        """Pick up."""
        with suppress(NotRinging):
            self.net.phone(phone).answer()

    def press(self, phone: str, keys: str) -> None:
        """Press keys."""
        if line := self.net.phone(phone).line:
            line.press(keys)

    def say(self, phone: str, words: str) -> None:
        """Speak."""
        if line := self.net.phone(phone).line:
            line.say(words)

    def hang_up(self, phone: str) -> None:
        """Put the phone down."""
        if line := self.net.phone(phone).line:
            with suppress(LineEnded):
                line.hang_up()

    def run(self, step: Callable[[], bool] | None = None) -> None:
        """Let time pass until everybody is done; ``step`` does one event and tells whether there was one."""
        move = step or self._step
        while not self.population.over and move():
            pass

    def _step(self) -> bool:
        due = self.net.next_event_at()
        if due is None:
            return False
        self.net.advance_to(due)
        return True

    def _noted(self, entry: Trace) -> None:
        self.population.handle(entry.kind, entry.who, entry.detail)


class LegTime:
    """How many seconds all legs together were up, each from when it was dialled."""

    def __init__(self, net: Network) -> None:
        self.seconds = 0.0
        self._since: dict[str, datetime] = {}
        net.listeners.append(self._noted)

    def _noted(self, entry: Trace) -> None:
        if entry.kind == "dial":
            self._since[entry.detail["call_sid"]] = entry.at
        elif entry.kind == "hang-up" and (since := self._since.pop(entry.detail["call_sid"], None)):
            self.seconds += (entry.at - since).total_seconds()
