"""Sending webhooks at the right virtual instant, with the faults that are switched on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from phonesim.web.client import Hook, WebClient
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import ReadTimeout, Response, WebFailure
from phonesim.web.overrides import CEILING, read_overrides

if TYPE_CHECKING:
    from phonesim.network import Network

Outcome = Response | WebFailure
Done = Callable[[Outcome], None]
Carrier = Callable[[Callable[[], Outcome], Done], None]
MOST_AT_ONE_INSTANT = 20
LATE = 2.0


def in_this_thread(work: Callable[[], Outcome], done: Done) -> None:
    """The stepped carrier: the application runs inside the event."""
    done(work())


class Webhooks:
    """TwiML fetches bring their outcome back; callbacks only leave an alert when they fail."""

    def __init__(self, net: "Network", client: WebClient) -> None:
        self.net = net
        self.client = client
        self.carrier: Carrier = in_this_thread
        self.in_flight = 0
        self._instant: datetime | None = None
        self._count: Counter[str] = Counter()

    def fetch(self, hook: Hook, jar: CookieJar, done: Done) -> None:
        """Request instructions; ``done`` runs as an event. A document looping at one instant is slowed down."""
        self.net.scheduler.after(self._brake(hook.call_sid), lambda: self._deliver(hook, jar, done))

    def callback(self, hook: Hook, jar: CookieJar) -> None:
        """Send a status callback, best effort; its answer never influences anything."""
        faults, chance = self.net.faults, self.net.chance
        hook = replace(hook, kind="callback")
        if chance.hits(faults.status_drop):
            return self.net.record("webhook-lost", hook.call_sid, path=urlsplit(hook.url).path)
        delay = chance.up_to(faults.status_delay) + (LATE if chance.hits(faults.status_reorder) else 0.0)
        for _ in range(2 if chance.hits(faults.status_duplicate) else 1):
            self.net.scheduler.after(delay, lambda: self._deliver(hook, jar, lambda reply: self._judge(hook, reply)))
        return None

    def _brake(self, call_sid: str) -> float:
        if self._instant != self.net.now:
            self._instant = self.net.now
            self._count.clear()
        self._count[call_sid] += 1
        return 0.1 if self._count[call_sid] > MOST_AT_ONE_INSTANT else 0.0

    def _deliver(self, hook: Hook, jar: CookieJar, done: Done) -> None:
        self.client.unreachable = self.net.faults.application_unreachable
        self.in_flight += 1
        self.carrier(lambda: self._attempt(hook, jar), lambda outcome: self._arrived(hook, outcome, done))

    def _attempt(self, hook: Hook, jar: CookieJar) -> Outcome:
        outcome = outcome_of(self.client, hook, jar)
        if self.net.faults.duplicate_webhooks:
            fresh = self.net.faults.duplicate_with_fresh_token
            outcome_of(self.client, replace(hook, token=hook.token + "-2") if fresh else hook, jar)
        return outcome

    def _arrived(self, hook: Hook, outcome: Outcome, done: Done) -> None:
        self.in_flight -= 1
        latency = max(self.net.options.webhook_latency, self.net.faults.webhook_latency)
        patience = min(read_overrides(hook.url)[1].read, CEILING)
        if latency >= patience:
            latency, outcome = patience, ReadTimeout(11205, "no answer in time")
        status = outcome.status if isinstance(outcome, Response) else f"failed {outcome.code}"
        path = urlsplit(hook.url).path
        self.net.record("webhook", hook.call_sid, kind=hook.kind, method=hook.method, path=path, status=status)
        if latency:
            self.net.scheduler.after(latency, lambda: done(outcome))
        else:
            done(outcome)

    def _judge(self, hook: Hook, outcome: Outcome) -> None:
        if isinstance(outcome, WebFailure):
            self.net.alert(outcome.code, hook.call_sid, hook.url)
        elif outcome.status >= 400:
            self.net.alert(self.net.options.http_error_code, hook.call_sid, hook.url)
        elif outcome.status == 200 and not outcome.content_type:
            self.net.alert(12300, hook.call_sid, hook.url)


def outcome_of(client: WebClient, hook: Hook, jar: CookieJar) -> Outcome:
    """The answer, or the failure as a value."""
    try:
        return client.deliver(hook, jar)
    except WebFailure as problem:
        return problem
