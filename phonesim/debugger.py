"""The account's debugger: alerts, the request inspector and the webhook that tells of them (Twilio: Debugger)."""

import json
import logging
from collections import deque
from dataclasses import replace
from typing import Any, Protocol

from phonesim.codes import TITLES, level
from phonesim.protocols import Clock, Configured
from phonesim.sids import Sids
from phonesim.values import Alert, iso8601
from phonesim.web.addresses import path_of
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import Exchange, Hook, Response
from phonesim.web.webhooks import Webhooks

log = logging.getLogger("phonesim")
LEVELS = {"error": logging.ERROR, "warning": logging.WARNING}


class Notifying(Clock, Configured, Protocol):
    """Gives what it takes to tell somebody of an alert by a webhook."""

    @property
    def account_sid(self) -> str:
        """Whose alert it is."""

    @property
    def webhooks(self) -> Webhooks:
        """Sends them."""

    def hook(self, url: str, method: str, params: dict[str, str], sid: str, voice: bool = True) -> Hook:
        """A webhook with a token of its own."""


class Debugger:
    """Every alert goes to ``alerts``, to the log, and to ``url`` where one is set. ``requests`` keeps the newest."""

    def __init__(self, net: Notifying, seed: int) -> None:
        self.net = net
        self.alerts: list[Alert] = []
        self.requests: deque[Exchange] = deque(maxlen=net.options.requests_kept)
        self.url = ""
        self._sids = Sids(seed, "debugger")
        self._jar = CookieJar()

    def alert(
        self, code: int, sid: str, url: str, why: str, line: int | None = None, exchange: Exchange | None = None
    ) -> Alert:
        """Add an entry about a call, a URL and what was asked of it."""
        title = TITLES.get(code, "")
        outcome = exchange.outcome if exchange else None
        alert = Alert(
            self.net.now, code, f"{title}: {why}" if why else title, sid, url,
            sid=self._sids.new("NO"), level=level(code), title=title, why=why, line=line,
            method=exchange.hook.method if exchange else "",
            status=outcome.shown_status if isinstance(outcome, Response) else None,
        )  # fmt: skip
        self.alerts.append(alert)
        # What is wrong may quote the document, and a query may name a person: neither belongs into a log.
        log.log(LEVELS[alert.level], "%s %s: %s %s", code, title, sid, path_of(url))
        if self.url:
            self._tell(alert, exchange)
        return alert

    def about(self, call_sid: str) -> list[Exchange]:
        """The kept requests of one call, oldest first."""
        return [exchange for exchange in self.requests if exchange.hook.call_sid == call_sid]

    def _tell(self, alert: Alert, exchange: Exchange | None) -> None:
        params = {
            "Sid": alert.sid, "AccountSid": self.net.account_sid, "Timestamp": iso8601(alert.at),
            "Level": alert.level.capitalize(), "PayloadType": "application/json",
            "Payload": json.dumps(_payload(alert, exchange)),
        }  # fmt: skip
        hook = replace(self.net.hook(self.url, "POST", params, alert.sid), kind="debugger")
        self.net.webhooks.fetch(hook, self._jar, lambda _outcome: None)


def _payload(alert: Alert, exchange: Exchange | None) -> dict[str, Any]:
    return {
        "resource_sid": alert.call_sid, "service_sid": None, "error_code": str(alert.code),
        "more_info": alert.more_info, "webhook": webhook(exchange) if exchange else None,
    }  # fmt: skip


def webhook(exchange: Exchange) -> dict[str, Any]:
    """A request and its answer as plain values."""
    return {"type": "application/json", "request": _asked(exchange.hook), "response": _answered(exchange)}


def _asked(hook: Hook) -> dict[str, Any]:
    return {"url": hook.url, "method": hook.method, "headers": {}, "parameters": dict(hook.pairs)}


def _answered(exchange: Exchange) -> dict[str, Any]:
    outcome = exchange.outcome
    if not isinstance(outcome, Response):
        return {"status_code": None, "headers": {}, "body": None, "error": str(outcome)}
    body = outcome.body.decode("utf-8", "replace")
    return {"status_code": outcome.status, "headers": dict(outcome.headers), "body": body}


def shown(alert: Alert) -> dict[str, Any]:
    """An alert as plain values, for the control API."""
    return {
        "sid": alert.sid, "at": alert.at.isoformat(), "code": alert.code, "level": alert.level, "title": alert.title,
        "message": alert.message, "call_sid": alert.call_sid, "url": alert.url, "method": alert.method,
        "status": alert.status, "line": alert.line, "help": alert.help, "more_info": alert.more_info,
    }  # fmt: skip


def inspected(exchange: Exchange) -> dict[str, Any]:
    """A kept request as plain values, for the control API."""
    return {"at": exchange.at.isoformat(), "kind": exchange.hook.kind, **webhook(exchange)}
