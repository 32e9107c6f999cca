"""The platform and the phones around it: one account, its numbers, calls, queues, conferences and texts."""

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter

from phonesim.callqueue import Queue, find_queue
from phonesim.conference import Conference
from phonesim.leg import Leg, parent_of
from phonesim.numbers import Endpoint, Number, SipDomain, checked
from phonesim.options import Options
from phonesim.phone import Phone
from phonesim.recording import Recording
from phonesim.services import Services
from phonesim.switching import switch_on
from phonesim.texts import TextMessage
from phonesim.verbs import background, conferencing, control, dialqueue, enqueue, gather, record, refer, sounds
from phonesim.verify import VerifyService
from phonesim.web.applications import Application

VERBS = (background, conferencing, control, dialqueue, enqueue, gather, record, refer, sounds)


class Platform(Services):
    """The calls and whatever they are in. Everything happens inside ``advance_to``/``run_due``, in one thread.

    The same seed, start and script give the same run. Scripts and REST calls only schedule; nothing calls the
    application before time is advanced.
    """

    def __init__(
        self, account_sid: str, auth_token: str, application: Application, start: datetime,
        seed: int = 1, options: Options | None = None, faults: Iterable[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(account_sid, auth_token, application, start, seed, options or Options())
        self.phones: dict[str, Phone] = {}
        self.legs = self.put_up(Leg, to=attrgetter("to"), from_=attrgetter("from_"), parent=parent_of)
        self.queues = self.put_up(Queue, name=attrgetter("name"))
        self.conferences = self.put_up(Conference, name=attrgetter("name"))
        self.recordings = self.put_up(Recording, call=Recording.call_sid, conference=Recording.conference_sid)
        self.texts = self.put_up(TextMessage, to=attrgetter("to"), from_=attrgetter("from_"))
        self.verifications: dict[str, VerifyService] = {}
        for fault in faults:
            switch_on(self, fault)

    # Time

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

    # The world

    def add_number(
        self, number: str, voice_url: str = "", voice_method: str = "POST", voice_fallback_url: str = "",
        status_callback: str = "", caller_name: bool = False, voice_fallback_method: str = "POST",
        status_callback_method: str = "POST", sms_url: str = "", sms_method: str = "POST",
    ) -> Number:  # fmt: skip
        """Give the account a number; adding it again replaces its settings."""
        number = checked(number)
        self.numbers[number] = Number(
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

    def add_verify_service(
        self, sid: str = "", friendly_name: str = "", code_length: int = 6, custom_codes: bool = False
    ) -> VerifyService:
        """A service of Verify, by default with a sid of its own. Its name stands in the texts that bring its codes."""
        one = VerifyService(sid or self.sids.new("VA"), self.now, self.now, friendly_name, code_length, custom_codes)
        self.verifications[one.sid] = one
        return one

    def verify_caller_id(self, number: str) -> None:
        """Let calls show this number of someone else."""
        self.verified.add(checked(number))

    def phone(self, address: str) -> Phone:
        """The phone with this address, created on first use. ``+1...``, ``client:...``, ``sip:...``."""
        if address not in self.phones:
            self.phones[address] = Phone(self, address)
        return self.phones[address]

    def find_queue(self, name: str) -> Queue | None:
        """The queue of this name, if there is one."""
        return find_queue(self, name)
