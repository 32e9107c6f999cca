"""One call leg: its states, its documents, and who is told about it (Twilio: Call resource, status callbacks)."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from phonesim import carriers
from phonesim.clock import Event
from phonesim.ear import Ear
from phonesim.errors import HungUp
from phonesim.hooks import Fallback, StatusHook
from phonesim.numbers import Endpoint
from phonesim.process import Process, Script, Signal
from phonesim.protocols import Handset, Running, Tape
from phonesim.services import Services
from phonesim.values import rfc2822
from phonesim.web.cookies import CookieJar

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


class Seat(Protocol):
    """Gives what a leg in a conference asks of its part there."""

    @property
    def hold(self) -> bool:
        """True while held."""

    @property
    def muted(self) -> bool:
        """True while muted."""

    def hears(self) -> "list[Leg]":
        """The legs that this party hears."""

    def heard_by(self) -> "list[Leg]":
        """The legs that hear this party."""

    def spoke(self, seconds: float) -> None:
        """Note that the party says something that long."""


class Leg:
    """A connection between the platform and one phone. States only ever move forward."""

    def __init__(
        self, net: Services, from_: str, to: str, direction: str, parent: "Leg | None" = None,
        phone: Handset | None = None,
    ) -> None:  # fmt: skip
        self.net = net
        self.sid: str = net.sids.new("CA")
        self.from_: str = from_
        self.to: str = to
        self.direction: str = direction
        self.parent: Leg | None = parent
        self.phone: Handset = phone or net.phone(to)
        self.address = self.phone.address
        self.status: str = "queued"
        self.created = self.updated = net.now
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.queue_ms = 0
        self.status_hook: StatusHook | None = None
        self.fallback: Fallback | None = None
        self.endpoint: Endpoint | None = None
        self.extra: dict[str, str] = {}
        self.answered_by: str | None = None
        self.caller_name: str | None = None
        self.jar = CookieJar()
        self.ear = Ear(net, self.address, self.sid)
        self.main: Process | None = None
        self.timers: dict[Event, None] = {}
        self.stack: list[Process] = []
        self.watchers: list[Callable[[str], None]] = []
        self.partner: Leg | None = None
        self.participant: Seat | None = None
        self.recordings: list[Tape] = []
        self.typed_ahead: list[Signal] = []
        self.background: list[Running] = []
        self.mouth: list[Callable[[str, float], None]] = []
        self.told: dict[str, str] = {}
        self.returned: dict[str, str] = {}
        self.door: Endpoint | None = None
        self.tie: Leg | None = None
        self.sip_code = 0
        self._sequence = 0
        self._standing = _standing(self)
        net.shelf(Leg)[self.sid] = self

    @property
    def ended(self) -> bool:
        """True once a terminal status is reached."""
        return self.status in TERMINAL

    @property
    def in_progress(self) -> bool:
        """True between answer and end."""
        return self.status == "in-progress"

    @property
    def seconds(self) -> int:
        """Whole seconds from answer to end (or now); 0 when never answered."""
        if self.answered_at is None:
            return 0
        return math.ceil(((self.ended_at or self.net.now) - self.answered_at).total_seconds())

    def parameters(self) -> dict[str, str]:
        """What every request for instructions carries (Twilio: TwiML voice requests)."""
        name = {"CallerName": self.caller_name} if self.caller_name is not None else {}
        return {**self.extra, **self._standing, "CallStatus": self.status, **name}

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something later unless the leg has ended by then."""

        def due() -> None:
            self.timers.pop(timer)
            action()

        timer = self.net.scheduler.after(seconds, due)
        self.timers[timer] = None

    def report(self, event: str, status: str | None = None, **more: str) -> None:
        """Tell the status callback about an event it subscribed to; every event takes a sequence number."""
        number, self._sequence = self._sequence, self._sequence + 1
        hook = self.status_hook
        if hook is None or event not in hook.events:
            return
        stamp = {"Timestamp": rfc2822(self.net.now), "CallbackSource": "call-progress-events"}
        params = {
            **self.parameters(),
            "CallStatus": status or self.status,
            **stamp,
            "SequenceNumber": str(number),
            **more,
        }
        self.net.callback(hook.url, hook.method, params, self)

    def ring(self) -> None:
        """The far phone starts ringing."""
        self._become("ringing")
        self.net.record("ring", self.address, call_sid=self.sid, from_=self.from_)
        self.report("ringing", **self._stir())
        self.tell("ringing")

    def answer(self) -> None:
        """The leg is picked up; harmless when it already was."""
        if self.in_progress or self.ended:
            return
        self._become("in-progress")
        self.answered_at = self.net.now
        self.net.record("answer", self.address, call_sid=self.sid)
        self.report("answered", **self._stir())
        self.tell("answered")
        carriers.may_drop(self)

    def finish(self, status: str = "completed", sip: int = 200) -> None:
        """End the leg: everything it does stops, everyone interested is told. Only the first end counts."""
        if self.ended:
            return
        queued = self.status == "queued"
        self._become(status)
        self.ended_at, self.sip_code = self.net.now, sip
        self.net.shelf(Leg).finish(self.sid)
        self.net.record("hang-up", self.address, call_sid=self.sid, status=status)
        self._forget_timers()
        self._stop_documents()
        for recording in self.recordings:
            recording.stop()
        if not (queued and status == "canceled"):
            self._report_end(sip)
        self.tell("ended")
        self.net.forget_later(self._forget)

    def audience(self) -> "list[Leg]":
        """The legs that hear this leg now."""
        if self.partner:
            return [self.partner]
        return self.participant.heard_by() if self.participant else []

    def sources(self) -> "list[Leg]":
        """The legs that this leg hears now."""
        if self.partner:
            return [self.partner]
        return self.participant.hears() if self.participant else []

    def tell(self, what: str) -> None:
        """Inform those who watch this leg."""
        for watcher in tuple(self.watchers):
            watcher(what)

    def run(self, script: Script[None]) -> None:
        """Start the main document."""
        self.main = self.push(script)

    def push(self, script: Script[None]) -> Process:
        """Start a document on top of the others."""
        process = Process(self.net.scheduler, self.fetch, script)
        self.stack = [*(running for running in self.stack if running.alive), process]
        return process.start()

    def drop(self, process: Process) -> None:
        """End a document that was pushed."""
        process.stop()
        if process in self.stack:
            self.stack.remove(process)

    def quiet(self) -> None:
        """End every document but the main one."""
        for process in tuple(self.stack):
            if process is not self.main:
                self.drop(process)

    def fetch(self, hook: Any, done: Callable[[Any], None]) -> None:
        """Ask for instructions with the cookies of this call."""
        self.net.webhooks.fetch(hook, self.jar, done)

    def key(self, key: str) -> None:
        """The party presses a key. One that nothing waits for is lost, unless the network keeps what is typed ahead."""
        signal = Signal("key", key)
        busy = self.partner or self.participant or any(process.wants("key") for process in self.stack)
        if self.net.options.keys_typed_ahead_are_kept and not busy:
            return self.typed_ahead.append(signal)
        return self.signal(signal)

    def signal(self, signal: Signal) -> None:
        """Offer a key, speech or news to every running document; only one that waits for it reacts."""
        for process in tuple(self.stack):
            process.deliver(signal)

    def _forget(self) -> None:
        self.net.shelf(Leg).pop_item(self.sid)
        for recording in self.recordings:
            recording.forget()
        self.phone.forget(self.sid)

    def _become(self, status: str) -> None:
        self.status = status
        self.updated = self.net.now

    def _forget_timers(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()

    def _stop_documents(self) -> None:
        for process in self.stack:
            process.freeze()
            if process is self.main:
                process.interrupt(HungUp())
            else:
                self.net.scheduler.post(process.stop)

    def _report_end(self, sip: int) -> None:
        minutes = {"Duration": str(math.ceil(self.seconds / 60))} if self.status == "completed" else {}
        ending = {"CallDuration": str(self.seconds), "SipResponseCode": str(sip), **minutes, **self._recorded()}
        self.report("completed", **ending)
        if self.endpoint and self.endpoint.status_callback:
            params = {**self.parameters(), "CallDuration": str(self.seconds), **self._recorded()}
            self.net.callback(self.endpoint.status_callback, self.endpoint.status_method, params, self)

    def _recorded(self) -> dict[str, str]:
        for recording in self.recordings:
            if recording.source in {"OutboundAPI", "RecordVerb"}:
                return recording.summary()
        return {}

    def _stir(self) -> dict[str, str]:
        return {"StirStatus": "A"} if self.direction != "inbound" else {}


def parent_of(leg: Leg) -> str | None:
    """The CallSid of the leg that dialled this one."""
    return leg.parent.sid if leg.parent else None


def _standing(leg: Leg) -> dict[str, str]:
    parent = {"ParentCallSid": leg.parent.sid} if leg.parent else {}
    return {
        "CallSid": leg.sid, "AccountSid": leg.net.account_sid, "From": leg.from_, "To": leg.to,
        "Caller": leg.from_, "Called": leg.to, "ApiVersion": "2010-04-01", "Direction": leg.direction,
        **leg.net.geography(leg.from_, "From", "Caller"), **leg.net.geography(leg.to, "To", "Called"), **parent,
    }  # fmt: skip
