"""Text messages between the platform and the phones around it (Twilio: Messages)."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from phonesim import carriers
from phonesim.clock import Event
from phonesim.services import Services
from phonesim.values import Text
from phonesim.web.cookies import CookieJar

UNREACHABLE = frozenset({"unreachable", "switched-off"})
WHY = {
    30001: "Queue overflow", 30003: "Unreachable destination handset", 30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier", 30007: "Message filtered", 30008: "Unknown error",
    30034: "Message from an unregistered number",
}  # fmt: skip
GSM = re.compile(r"[\n\r !-Z_a-z@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà]*")


@dataclass(slots=True)
class TextMessage:
    """One message and where it stands. ``keep`` False: the body is forgotten once it was sent."""

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
    direction: str = "outbound-api"
    media: int = 0
    keep: bool = True
    timer: Event | None = None
    jar: CookieJar = field(default_factory=CookieJar)

    @property
    def shown_from(self) -> str | None:
        """The sender; a messaging service chooses it only when it sends."""
        return None if self.status in {"accepted", "scheduled"} else self.from_

    @property
    def error_message(self) -> str | None:
        """The error code in words."""
        return WHY.get(self.error_code) if self.error_code else None

    @property
    def segments(self) -> int:
        """160 characters of the GSM alphabet or 70 others; 153 and 67 where it takes several."""
        single, several = (160, 153) if GSM.fullmatch(self.body) else (70, 67)
        return 1 if len(self.body) <= single else -(-len(self.body) // several)


def send(net: Services, message: TextMessage, at: datetime | None = None) -> None:
    """Queue a message of the account (or schedule it for an instant): sent after a moment, then delivered or not."""
    net.shelf(TextMessage)[message.sid] = message
    dispatch(net, message, at)


def dispatch(net: Services, message: TextMessage, at: datetime | None = None) -> None:
    """The same for a message that is not among those of the account."""
    wait = max(0.0, (at - net.now).total_seconds()) if at else 0.0
    message.timer = net.scheduler.after(wait, lambda: _leave(net, message))


def cancel(net: Services, message: TextMessage) -> bool:
    """Take back a message that has not left; tell whether that was possible."""
    if message.status not in {"accepted", "scheduled"} or message.timer is None:
        return False
    message.timer.cancel()
    _become(net, message, "canceled")
    return True


def _leave(net: Services, message: TextMessage) -> None:
    half = net.options.message_seconds / 2
    message.status, message.updated = "queued", net.now
    net.scheduler.after(half / 2, lambda: _become(net, message, "sending", told=False))
    net.scheduler.after(half, lambda: _sent(net, message))


def _sent(net: Services, message: TextMessage) -> None:
    status, error = carriers.undelivered(net, message.to) or ("sent", None)
    if status == "failed":
        message.error_code = error
        return _become(net, message, status)
    message.sent = net.now
    _become(net, message, "sent")
    net.scheduler.after(net.options.message_seconds / 2, lambda: _arrive(net, message, error))
    return None


def _arrive(net: Services, message: TextMessage, error: int | None) -> None:
    message.error_code = error or _refusal(net, message)
    if message.error_code is None:
        net.phone(message.to).receive(Text(net.now, message.from_, message.body))
    if not message.keep:
        message.body = ""
    _become(net, message, "delivered" if message.error_code is None else "undelivered")


def _refusal(net: Services, message: TextMessage) -> int | None:
    phone = net.phone(message.to)
    if phone.behaviour in UNREACHABLE:
        return 30003
    return phone.text_error or (None if phone.accepts_texts else 30006)


def _become(net: Services, message: TextMessage, status: str, told: bool = True) -> None:
    message.status, message.updated = status, net.now
    if not told or not message.status_url:
        return
    error = {"ErrorCode": str(message.error_code)} if message.error_code else {}
    more = {"ErrorMessage": message.error_message} if message.error_message else {}
    service = {"MessagingServiceSid": message.service_sid} if message.service_sid else {}
    params = {
        "MessageSid": message.sid, "MessageStatus": status, "SmsSid": message.sid, "SmsStatus": status, **error,
        **more, **service, "To": message.to, "From": message.from_, "AccountSid": net.account_sid,
        "ApiVersion": "2010-04-01",
    }  # fmt: skip
    net.callback(message.status_url, "POST", params, message, voice=False)
