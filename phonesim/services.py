"""What everything on the network uses: time, options, ids, the trace, the debugger, webhooks, faults, the account."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from phonesim.account import Account
from phonesim.clock import Scheduler
from phonesim.debugger import Debugger
from phonesim.errors import RestTimedOut
from phonesim.faults import Faults
from phonesim.lane import Lane
from phonesim.numbers import NORTH_AMERICA, NOWHERE, Number, Place, SipDomain
from phonesim.options import Options
from phonesim.protocols import Handset
from phonesim.shelf import Shelf
from phonesim.sids import Sids
from phonesim.values import Alert, Trace
from phonesim.web.applications import Application
from phonesim.web.client import WebClient
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import Exchange, Hook
from phonesim.web.webhooks import Webhooks

ATTESTATION, NOTHING = frozenset({"CallToken", "StirVerstat"}), frozenset[str]()
T = TypeVar("T")


class Party(Protocol):
    """Whose cookies a webhook carries."""

    sid: str
    jar: CookieJar


class Services(ABC):
    """What calls, conferences and all that is above them stand on; it knows none of them.

    Whoever owns a kind of thing puts up a shelf for it, where things are found by their kind.
    """

    def __init__(
        self, account_sid: str, auth_token: str, application: Application, start: datetime, seed: int, options: Options
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.options = options
        self.start, self.scheduler, self.sids = start, Scheduler(start), Sids(seed)
        self.faults = Faults(self, seed)
        self.web = WebClient([application], auth_token)
        self.debugger = Debugger(self, seed)
        self.webhooks = Webhooks(self, self.web, self.debugger.requests)
        self.lane = Lane(self)
        self.trace: list[Trace] = []
        self.alerts: list[Alert] = self.debugger.alerts
        self.listeners: list[Callable[[Trace], None]] = []
        self.numbers: dict[str, Number] = {}
        self.sip_domains: dict[str, SipDomain] = {}
        self.places: dict[str, Place] = {}
        self.verified: set[str] = set()
        self.account = Account(self)
        self.entered: Callable[[], AbstractContextManager[Any]] = nullcontext
        self.linger: Callable[[float], None] = self._impatient
        self._shelves: dict[type, Shelf[Any]] = {}

    @abstractmethod
    def phone(self, address: str) -> Handset:
        """The phone with this address, created on first use. ``+1...``, ``client:...``, ``sip:...``."""

    def put_up(self, kind: type[T], **keys: Callable[[T], str | None]) -> Shelf[T]:
        """A new shelf for things of a kind, which are also found by these keys."""
        shelf: Shelf[T] = Shelf(**keys)
        self._shelves[kind] = shelf
        return shelf

    def shelf(self, kind: type[T]) -> Shelf[T]:
        """Where the things of a kind are kept."""
        return self._shelves[kind]

    def forget_later(self, forget: Callable[[], None]) -> None:
        """Forget what is over once ``Options.forget_after`` seconds have passed: a network may run for long."""
        if self.options.forget_after is not None:
            self.scheduler.after(self.options.forget_after, forget)

    # Time

    @property
    def now(self) -> datetime:
        """Virtual UTC."""
        return self.scheduler.now

    def later(self, seconds: float) -> datetime:
        """An instant that many seconds from now."""
        return self.now + timedelta(seconds=seconds)

    def _impatient(self, seconds: float) -> None:
        """A stepped client cannot wait: it has its answer at once, or gives up. Raises RestTimedOut."""
        if seconds >= self.options.rest_patience:
            raise RestTimedOut("the request took effect, its answer did not come in time")

    # Numbers

    def may_show(self, number: str) -> bool:
        """Tell whether calls may show this number."""
        return self.may_show_number(number) or number.startswith("client:")

    def may_show_number(self, number: str) -> bool:
        """Tell whether it is a number of ours, or a verified one."""
        return number in self.numbers or number in self.verified

    def geography(self, address: str, *sides: str) -> dict[str, str]:
        """What is known of where a number is, under the names of each side; nothing for what is no number."""
        if not address.startswith("+"):
            return {}
        place = self.places.get(address) or (NORTH_AMERICA if address.startswith("+1") else NOWHERE)
        return {name: value for side in sides for name, value in place.parameters(side).items()}

    # Webhooks

    def hook(self, url: str, method: str, params: dict[str, str], sid: str, voice: bool = True) -> Hook:
        """A webhook with a token of its own."""
        unsigned = NOTHING if self.options.attestation_signed else ATTESTATION
        return Hook(url, method, tuple(params.items()), self.sids.token(), voice, sid, unsigned=unsigned)

    def callback(self, url: str, method: str, params: dict[str, str], party: Party, voice: bool = True) -> None:
        """Send a status callback."""
        self.webhooks.callback(self.hook(url, method, params, party.sid, voice), party.jar)

    def serves(self, url: str) -> bool:
        """Tell whether an application answers for this URL."""
        return self.web.serves(url)

    # Diagnosis

    def record(self, kind: str, who: str, /, **detail: Any) -> None:
        """Add to the trace and tell the listeners."""
        entry = Trace(self.now, kind, who, detail)
        if self.options.keep_trace:
            self.trace.append(entry)
        for listener in self.listeners:
            listener(entry)

    def alert(
        self, code: int, sid: str, url: str = "", why: str = "", line: int | None = None,
        exchange: Exchange | None = None,
    ) -> None:  # fmt: skip
        """Add to the debugger."""
        alert = self.debugger.alert(code, sid, url, why, line, exchange)
        self.record("alert", sid, code=code, level=alert.level, message=alert.message)
