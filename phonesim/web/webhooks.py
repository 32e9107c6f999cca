"""Sending webhooks at the right virtual instant, with the faults that are switched on."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from phonesim.web.answers import trouble
from phonesim.web.client import WebClient
from phonesim.web.cookies import CookieJar
from phonesim.web.delivery import Carry, Delivery, Done
from phonesim.web.messages import Exchange, Hook, Outcome
from phonesim.web.trouble import Post, Surroundings, second, strikes

MOST_AT_ONE_INSTANT = 20


def in_this_thread(work: Callable[[], Outcome], done: Done) -> None:
    """The stepped carrier: the application runs inside the event."""
    done(work())


class Sender(Surroundings, Protocol):
    """Gives what sending webhooks takes, and an ear for complaints about them."""

    def alert(
        self, code: int, sid: str, url: str = "", why: str = "", line: int | None = None,
        exchange: Exchange | None = None,
    ) -> None:  # fmt: skip
        """Add to the debugger."""


class Webhooks:
    """TwiML fetches bring their outcome back; callbacks only leave an alert when they fail.

    Every exchange is added to ``kept``.
    """

    def __init__(self, net: Sender, client: WebClient, kept: deque[Exchange]) -> None:
        self.net = net
        self.client = client
        self._kept = kept
        self.carrier: Carry = in_this_thread
        self.in_flight = 0
        self._instant: datetime | None = None
        self._count: Counter[str] = Counter()
        self._post = Post(net)

    def fetch(self, hook: Hook, jar: CookieJar, done: Done) -> None:
        """Request instructions; ``done`` runs as an event. A document looping at one instant is slowed down."""
        wait = self._brake(hook.call_sid) + (strikes(self.net, "webhooks-late", hook) or 0.0)
        self.net.scheduler.after(wait, lambda: self._deliver(hook, jar, done))

    def callback(self, hook: Hook, jar: CookieJar) -> None:
        """Send a status callback, best effort; its answer never influences anything."""
        hook = replace(hook, kind="callback")
        self._post.dispatch(hook, lambda: self._deliver(hook, jar, lambda reply: self._judge(hook, reply)))

    def carry(self, work: Callable[[], Outcome], done: Done) -> None:
        """Let the carrier do one attempt."""
        self.in_flight += 1
        self.carrier(work, lambda outcome: self._arrived(outcome, done))

    def _arrived(self, outcome: Outcome, done: Done) -> None:
        self.in_flight -= 1
        done(outcome)

    def _brake(self, call_sid: str) -> float:
        if self._instant != self.net.now:
            self._instant = self.net.now
            self._count.clear()
        self._count[call_sid] += 1
        return 0.1 if self._count[call_sid] > MOST_AT_ONE_INSTANT else 0.0

    def _deliver(self, hook: Hook, jar: CookieJar, done: Done) -> None:
        self._send(hook, jar, done)
        if copy := second(self.net, hook):
            self._send(copy, jar, lambda _outcome: None)

    def _send(self, hook: Hook, jar: CookieJar, done: Done) -> None:
        def finished(outcome: Outcome) -> None:
            self._kept.append(Exchange(self.net.now, hook, outcome))
            done(outcome)

        Delivery(self.net, self.client, self.carry, hook, jar, finished).attempt()

    def _judge(self, hook: Hook, outcome: Outcome) -> None:
        if found := trouble(hook, outcome, self.net.options.http_error_code):
            self.net.alert(
                found.code, hook.call_sid, hook.url, found.why, exchange=Exchange(self.net.now, hook, outcome)
            )
