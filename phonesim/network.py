"""The network: one account, its numbers, the phones around it, and virtual time."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol

from phonesim import inbox
from phonesim.account import Account
from phonesim.callqueue import Queue
from phonesim.clock import Scheduler
from phonesim.conference import Conference, ConferenceSettings
from phonesim.debugger import Debugger
from phonesim.errors import RestTimedOut
from phonesim.faults import Faults, switch_on
from phonesim.interpreter import Goto, Interpreter, main_script
from phonesim.leg import Fallback, Leg, parent_of
from phonesim.numbers import NORTH_AMERICA, NOWHERE, Endpoint, Number, Place, SipDomain, checked
from phonesim.options import Options
from phonesim.participant import Participant
from phonesim.phone import Phone
from phonesim.placing import Lane
from phonesim.process import Script
from phonesim.recording import Recording
from phonesim.rest.api import RestApi
from phonesim.shelf import Shelf
from phonesim.sids import Sids
from phonesim.texts import TextMessage
from phonesim.values import Alert, Trace
from phonesim.verbs import background, conferencing, control, dialqueue, enqueue, gather, record, refer, sounds
from phonesim.verify import VerifyService
from phonesim.web.applications import Application
from phonesim.web.client import WebClient
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import Exchange, Hook, Response, WebFailure
from phonesim.web.webhooks import Webhooks

ATTESTATION, NOTHING = frozenset({"CallToken", "StirVerstat"}), frozenset[str]()
VERBS = (background, conferencing, control, dialqueue, enqueue, gather, record, refer, sounds)


class Party(Protocol):
    """Whose cookies a webhook carries."""

    sid: str
    jar: CookieJar


class Network:
    """A whole phone network in one object. Everything happens inside ``advance_to``/``run_due``, in one thread.

    The same seed, start and script give the same run. Scripts and REST calls only schedule; nothing calls the
    application before time is advanced.
    """

    def __init__(
        self, account_sid: str, auth_token: str, application: Application, start: datetime,
        seed: int = 1, options: Options | None = None, faults: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.account_sid, self.auth_token = account_sid, auth_token
        self.options = options or Options()
        self.start, self.scheduler, self.sids = start, Scheduler(start), Sids(seed)
        self.faults = Faults(self, seed)
        self.web = WebClient([application], auth_token)
        self.webhooks = Webhooks(self, self.web)
        self.lane = Lane(self)
        self.trace: list[Trace] = []
        self.debugger = Debugger(self, seed)
        self.alerts: list[Alert] = self.debugger.alerts
        self.listeners: list[Callable[[Trace], None]] = []
        self.numbers: dict[str, Number] = {}
        self.sip_domains: dict[str, SipDomain] = {}
        self.places: dict[str, Place] = {}
        self.phones: dict[str, Phone] = {}
        self.legs: Shelf[Leg] = Shelf(to=attrgetter("to"), from_=attrgetter("from_"), parent=parent_of)
        self.queues: Shelf[Queue] = Shelf(name=attrgetter("name"))
        self.conferences: Shelf[Conference] = Shelf(name=attrgetter("name"))
        self.recordings: Shelf[Recording] = Shelf(call=Recording.call_sid, conference=Recording.conference_sid)
        self.texts: Shelf[TextMessage] = Shelf(to=attrgetter("to"), from_=attrgetter("from_"))
        self.verifications: dict[str, VerifyService] = {}
        self.verified: set[str] = set()
        self.account = Account(self)
        self.entered: Callable[[], AbstractContextManager[Any]] = nullcontext
        self.linger: Callable[[float], None] = self._impatient
        self.rest_app = RestApi(self)
        for fault in faults:
            switch_on(self, fault)

    # Time

    @property
    def now(self) -> datetime:
        """Virtual UTC."""
        return self.scheduler.now

    def later(self, seconds: float) -> datetime:
        """An instant that many seconds from now."""
        return self.now + timedelta(seconds=seconds)

    def next_event_at(self) -> datetime | None:
        """When the next thing will happen by itself."""
        return self.scheduler.next_at()

    def advance_to(self, instant: datetime) -> None:
        """Run everything due up to and including ``instant``, in order. Raises ReentrantAdvance inside an event."""
        self.scheduler.advance_to(instant.astimezone(UTC))

    def advance(self, seconds: float) -> None:
        """Advance by that many virtual seconds."""
        self.advance_to(self.later(seconds))

    def run_due(self) -> None:
        """Run everything due now."""
        self.advance_to(self.now)

    def _impatient(self, seconds: float) -> None:
        """A stepped client cannot wait: it has its answer at once, or gives up. Raises RestTimedOut."""
        if seconds >= self.options.rest_patience:
            raise RestTimedOut("the request took effect, its answer did not come in time")

    def serve_forever(self, host: str = "127.0.0.1", port: int = 8100, rate: float = 1.0) -> None:
        """Serve the REST and control APIs in real time until interrupted; ``phonesim.live.Server`` runs beside you."""
        from phonesim.live import Server

        Server(self, host, port, rate).run()

    # The world

    def add_number(
        self, number: str, voice_url: str = "", voice_method: str = "POST", voice_fallback_url: str = "",
        status_callback: str = "", caller_name: bool = False, voice_fallback_method: str = "POST",
        status_callback_method: str = "POST", sms_url: str = "", sms_method: str = "POST",
    ) -> Number:  # fmt: skip
        """Give the account a number; adding it again replaces its settings."""
        self.numbers[checked(number)] = Number(
            sid=self.sids.new("PN"), number=number, friendly_name=number, created=self.now, updated=self.now,
            voice_url=voice_url, voice_method=voice_method, voice_fallback_url=voice_fallback_url,
            voice_fallback_method=voice_fallback_method, status_callback=status_callback,
            status_method=status_callback_method, caller_name=caller_name, sms_url=sms_url, sms_method=sms_method,
        )  # fmt: skip
        return self.numbers[number]

    def add_app(self, voice_url: str, **settings: str) -> Endpoint:
        """A TwiML app, which browsers dial by its sid; the other settings of ``Endpoint`` may be named."""
        sid = self.sids.new("AP")
        app = Endpoint(sid=sid, created=self.now, updated=self.now, voice_url=voice_url, **settings)  # type: ignore[arg-type]
        self.account.applications[sid] = app
        return app

    def add_sip_domain(self, domain: str, voice_url: str, credentials: bool = False, **settings: str) -> SipDomain:
        """Let SIP phones dial ``sip:anything@domain``; with ``credentials`` they have logged in."""
        self.sip_domains[domain] = SipDomain(
            sid=self.sids.new("SD"), created=self.now, updated=self.now, domain=domain, voice_url=voice_url,
            credentials=credentials, **settings,  # type: ignore[arg-type]
        )  # fmt: skip
        return self.sip_domains[domain]

    def add_application(self, application: Application) -> None:
        """Another application, for the hosts it serves."""
        self.web.applications.append(application)

    def add_api_key(self, sid: str, secret: str) -> None:
        """Let REST requests authenticate with this SK key."""
        self.account.api_keys[sid] = self.account.credential(sid, secret)

    def verify_caller_id(self, number: str) -> None:
        """Let calls show this number of someone else."""
        self.verified.add(checked(number))

    def may_show(self, number: str) -> bool:
        """Tell whether calls may show this number."""
        return self.may_show_number(number) or number.startswith("client:")

    def may_show_number(self, number: str) -> bool:
        """Tell whether it is a number of ours, or a verified one."""
        return number in self.numbers or number in self.verified

    def phone(self, address: str) -> Phone:
        """The phone with this address, created on first use. ``+1...``, ``client:...``, ``sip:...``."""
        if address not in self.phones:
            self.phones[address] = Phone(self, address)
        return self.phones[address]

    def arrive(
        self, phone: Phone, at: Endpoint, shown: str, to: str, extra: dict[str, str], name: str | None = None
    ) -> Leg:
        """A call reaches one of our numbers or applications: its voice URL decides what happens."""
        leg = Leg(self, shown, to, "inbound", phone=phone)
        leg.endpoint, leg.extra = at, extra
        leg.caller_name = (name or "") if at.caller_name else None
        if at.voice_fallback_url:
            leg.fallback = Fallback(at.voice_fallback_url, at.voice_fallback_method)
        self.record("dial", phone.address, to=to, call_sid=leg.sid)
        leg.status = "ringing"
        if not at.voice_url:
            leg.finish("failed", 404)
            return leg
        ringing = leg.ear.begin("ring")
        leg.watchers.append(lambda _what: leg.ear.end(ringing))
        leg.run(main_script(leg, Goto(at.voice_url, at.voice_method)))
        return leg

    def texted(self, from_: str, to: str, body: str) -> TextMessage:
        """A phone texts one of our numbers. Raises UnknownNumber."""
        return inbox.arrive(self, from_, to, body)

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

    def notify(self, run: Interpreter, goto: Goto | None) -> None:
        """Request an action whose document nobody will perform."""
        if goto:
            hook = run.request(goto).hook
            run.leg.fetch(hook, lambda outcome: self._unheeded(hook, outcome))

    def serves(self, url: str) -> bool:
        """Tell whether an application answers for this URL."""
        return self.web.serves(url)

    def _unheeded(self, hook: Hook, outcome: Response | WebFailure) -> None:
        exchange = Exchange(self.now, hook, outcome)
        if isinstance(outcome, WebFailure):
            self.alert(outcome.code, hook.call_sid, hook.url, outcome.why, exchange=exchange)
        elif outcome.status >= 400:
            code = self.options.http_error_code
            self.alert(code, hook.call_sid, hook.url, f"HTTP status {outcome.status}", exchange=exchange)

    # Things by name

    def queue_named(self, name: str, max_size: int | None = None) -> Queue:
        """The queue of this name, created on demand."""
        queue = self.find_queue(name)
        if queue is None:
            queue = Queue(self, name, max_size or self.options.queue_capacity)
            self.queues[queue.sid] = queue
        return queue

    def find_queue(self, name: str) -> Queue | None:
        """The queue of this name, if there is one."""
        return next(self.queues.newest(name=name), None)

    def conference_named(self, name: str, settings: ConferenceSettings) -> Conference:
        """The running conference of this name; otherwise a new one with these settings, for somebody to join."""
        return self.find_conference(name) or Conference(self, name, settings)

    def find_conference(self, name: str) -> Conference | None:
        """The conference of this name that has not ended."""
        return next(self.conferences.newest(unfinished=True, name=name), None)

    def soundtrack(self, participant: Participant, mode: str) -> Script[None] | None:
        """What a participant hears in this mode."""
        return conferencing.soundtrack(participant, mode)

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
