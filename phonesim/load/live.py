"""A plan against a phonesim that runs by itself, over its control API."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event
from time import monotonic

from phonesim.client import SimClient
from phonesim.clock import Action, Scheduler
from phonesim.errors import PhonesimError
from phonesim.load.plan import Plan
from phonesim.load.population import Population

POLL_SECONDS = 0.1


class Live:
    """People whose phones are on another server. Time is asked of that server, never read here."""

    def __init__(self, sim: SimClient, plan: Plan, seed: int = 1) -> None:
        self.sim = sim
        self._scheduler = Scheduler(self._time())
        self._next = sim.trace()["next"]
        self.population = Population(self, plan, seed)
        self.population.open()

    @property
    def now(self) -> datetime:
        """The virtual time that the server told last."""
        return self._scheduler.now

    def after(self, seconds: float, action: Action) -> None:
        """Do something later."""
        self._scheduler.after(seconds, action)

    def dial(self, phone: str, to: str) -> None:
        """Call. Raises PhonesimError when nobody added that number."""
        self.sim.dial(phone, to)

    def answer(self, phone: str) -> None:
        """Pick up."""
        self._try(lambda: self.sim.answer(phone))

    def press(self, phone: str, keys: str) -> None:
        """Press keys."""
        self._try(lambda: self.sim.press(phone, keys))

    def say(self, phone: str, words: str) -> None:
        """Speak."""
        self._try(lambda: self.sim.say(phone, words))

    def hang_up(self, phone: str) -> None:
        """Put the phone down."""
        self._try(lambda: self.sim.hang_up(phone))

    def run(self, longest: float) -> bool:
        """Go on until everybody is done, at most for ``longest`` real seconds. Return whether everybody is."""
        end, nap = monotonic() + longest, Event()
        while not self.population.over and monotonic() < end:
            self._catch_up()
            nap.wait(POLL_SECONDS)
        return self.population.over

    def _catch_up(self) -> None:
        news = self.sim.trace(self._next)
        self._next = news["next"]
        for entry in news["trace"]:
            self._scheduler.advance_to(datetime.fromisoformat(entry["at"]))
            self.population.handle(entry["kind"], entry["who"], entry["detail"])
        self._scheduler.advance_to(self._time())

    def _time(self) -> datetime:
        return self.sim.now()

    def _try(self, action: Callable[[], object]) -> None:
        # The line may have ended since we last heard of it.
        with suppress(PhonesimError):
            action()
