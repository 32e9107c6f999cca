"""Text messages to the phones around the platform (Twilio: Messages)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from phonesim.values import Text
from phonesim.web.cookies import CookieJar

if TYPE_CHECKING:
    from phonesim.network import Network

UNREACHABLE = frozenset({"unreachable", "switched-off"})


@dataclass(slots=True)
class TextMessage:
    """One outbound message and where it stands."""

    sid: str
    to: str
    from_: str
    body: str
    created: datetime
    updated: datetime
    status_url: str = ""
    service_sid: str | None = None
    status: str = "queued"
    error_code: int | None = None
    sent: datetime | None = None
    jar: CookieJar = field(default_factory=CookieJar)


def send(net: "Network", message: TextMessage) -> None:
    """Queue a message: sent after a moment, then delivered or not."""
    net.texts[message.sid] = message
    half = net.options.message_seconds / 2
    net.scheduler.after(half, lambda: _sent(net, message))
    net.scheduler.after(2 * half, lambda: _arrive(net, message))


def _sent(net: "Network", message: TextMessage) -> None:
    message.sent = net.now
    _become(net, message, "sent")


def _arrive(net: "Network", message: TextMessage) -> None:
    phone = net.phone(message.to)
    message.error_code = 30003 if phone.behaviour in UNREACHABLE else None if phone.accepts_texts else 30006
    if message.error_code is None:
        phone.receive(Text(net.now, message.from_, message.body))
    _become(net, message, "delivered" if message.error_code is None else "undelivered")


def _become(net: "Network", message: TextMessage, status: str) -> None:
    message.status, message.updated = status, net.now
    if not message.status_url:
        return
    error = {"ErrorCode": str(message.error_code)} if message.error_code else {}
    params = {
        "MessageSid": message.sid, "MessageStatus": status, "SmsSid": message.sid, "SmsStatus": status, **error,
        "To": message.to, "From": message.from_, "AccountSid": net.account_sid, "ApiVersion": "2010-04-01",
    }  # fmt: skip
    net.callback(message.status_url, "POST", params, message, voice=False)
