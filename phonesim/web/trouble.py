"""What faults do to webhooks: which are lost, doubled, late or overtaken, and how the application fails."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from phonesim.faults import Faulty
from phonesim.protocols import Clock, Configured, Journal
from phonesim.web.addresses import path_of
from phonesim.web.messages import ConnectFailure, Hook, Outcome, Request

LONGEST_HELD = 5.0
Send = Callable[[], None]


class Surroundings(Clock, Configured, Faulty, Journal, Protocol):
    """Gives time, options, the trace and the faults that strike webhooks."""


def strikes(net: Surroundings, name: str, hook: Hook | Request) -> float | None:
    """The value of a fault that strikes this webhook; its words are looked for in method and path."""
    return net.faults.strikes(name, f"{hook.method} {path_of(hook.url)}") if name in net.faults.on else None


def second(net: Surroundings, hook: Hook) -> Hook | None:
    """The copy of a webhook that is sent as well."""
    twice = strikes(net, "webhooks-twice", hook)
    if strikes(net, "webhooks-twice-fresh", hook):
        return replace(hook, token=f"{hook.token}-2")
    return hook if twice else None


def refused(net: Surroundings, request: Request) -> Outcome | None:
    """The failure of an attempt to reach an application that is down."""
    if strikes(net, "application-down", request):
        return ConnectFailure(11205, "connection refused")
    return None


def seconds(net: Surroundings, request: Request) -> float:
    """What the application takes to answer."""
    return max(net.options.webhook_latency, strikes(net, "webhooks-slow", request) or 0.0)


class Post:
    """Callbacks on their way: lost, late, doubled, and overtaken by the next one of the same call."""

    def __init__(self, net: Surroundings) -> None:
        self.net = net
        self._held: dict[str, list[Send]] = {}

    def dispatch(self, hook: Hook, send: Send) -> None:
        """Let ``send`` happen when this callback leaves, as often as it does."""
        if strikes(self.net, "callbacks-lost", hook):
            return self.net.record("webhook-lost", hook.call_sid, path=path_of(hook.url))
        copies = [send] * (2 if strikes(self.net, "callbacks-twice", hook) else 1)
        late = strikes(self.net, "callbacks-late", hook) or 0.0
        self.net.scheduler.after(late, lambda: self._leave(hook, copies))
        return None

    def _leave(self, hook: Hook, copies: list[Send]) -> None:
        held = self._held.pop(hook.call_sid, None)
        if held is None and strikes(self.net, "callbacks-reordered", hook):
            self._held[hook.call_sid] = copies
            self.net.scheduler.after(LONGEST_HELD, lambda: self._release(hook.call_sid, copies))
            return
        for send in [*copies, *(held or ())]:
            send()

    def _release(self, call_sid: str, copies: list[Send]) -> None:
        if self._held.get(call_sid) is copies:
            for send in self._held.pop(call_sid):
                send()
