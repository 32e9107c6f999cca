"""One-time codes by text or call (Twilio: Verify v2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from phonesim.interpreter import Goto
from phonesim.outbound import Order, call
from phonesim.services import Services
from phonesim.texts import TextMessage, dispatch

MOST_CHECKS = 5
MOST_SENDS = 5
LIFETIME = timedelta(minutes=10)
SHORTEST_CODE, LONGEST_CODE = 4, 10
SENDER = "+18005550199"
LOCALES = frozenset({
    "af", "ar", "ca", "cs", "da", "de", "el", "en", "en-GB", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sv", "te", "th",
    "tl", "tr", "uk", "vi", "zh", "zh-CN", "zh-HK",
})  # fmt: skip
"""The languages that Verify's own template is written in."""
ENGLISH = ("en-US", "Your {name} verification code is: {code}", "Your verification code is: {code}")
SPANISH = ("es-US", "Su código de verificación de {name} es: {code}", "Su código de verificación es: {code}")
"""The language a code is read out in; its words, with the name of the service and without."""


class Refused(Exception):
    """What Verify does not do, with the code and HTTP status it says so with.

    60202 (checks), 60203 (sends), 60204 (no codes of one's own), 60205 (landline) or 60410 (blocked).
    """

    def __init__(self, code: int, status: int, why: str) -> None:
        super().__init__(why)
        self.code, self.status, self.why = code, status, why


@dataclass(slots=True)
class Verification:
    """One code on its way; pending, approved, canceled or max_attempts_reached. ``sends`` are (when, how, VL sid)."""

    sid: str
    to: str
    channel: str
    code: str
    created: datetime
    updated: datetime
    status: str = "pending"
    checks: int = 0
    sends: list[tuple[datetime, str, str]] = field(default_factory=list)

    def lives(self, at: datetime) -> bool:
        """Tell whether its ten minutes are not over yet. Sending the code again does not prolong them."""
        return at - self.created < LIFETIME

    def open(self, at: datetime) -> bool:
        """Pending and within ten minutes."""
        return self.status == "pending" and self.lives(at)

    def exhausted(self, at: datetime) -> bool:
        """Checked as often as may be without success, and within ten minutes."""
        return self.checks >= MOST_CHECKS and self.status not in {"approved", "canceled"} and self.lives(at)


@dataclass(slots=True)
class VerifyService:
    """Verifications of one service (VA...), the newest for each number. ``blocked`` are prefixes of numbers."""

    sid: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    code_length: int = 6
    custom_codes: bool = False
    lookup: bool = False
    skip_landlines: bool = False
    blocked: set[str] = field(default_factory=set)
    by_address: dict[str, Verification] = field(default_factory=dict)
    by_sid: dict[str, Verification] = field(default_factory=dict)
    sent: dict[str, list[datetime]] = field(default_factory=dict)

    def start(self, net: Services, to: str, channel: str, custom: str = "", locale: str = "") -> Verification:
        """Send a code; while one is pending for the number, the same again. Raises Refused."""
        self._permit(net, to, channel, custom)
        known = self.by_address.get(to)
        if known is None or not known.open(net.now):
            known = self._opened(net, to, channel, custom)
        known.channel, known.updated = channel, net.now
        known.sends.append((net.now, channel, net.sids.new("VL")))
        self.sent[to] = [*self._recent(net, to), net.now]
        self._send_code(net, known, locale)
        return known

    def check(self, net: Services, verification: Verification, code: str) -> bool:
        """Compare a code: at most five tries, whether the sixth is right or wrong. Raises Refused."""
        if verification.checks >= MOST_CHECKS:
            self.end(net, verification, "max_attempts_reached")
            raise Refused(60202, 429, "Max check attempts reached")
        verification.checks += 1
        verification.updated = net.now
        if code == verification.code:
            self.end(net, verification, "approved")
        return verification.status == "approved"

    def end(self, net: Services, verification: Verification, status: str) -> None:
        """Give a verification its last status; what was sent for one that was approved or canceled no longer counts."""
        verification.status, verification.updated = status, net.now
        if status in {"approved", "canceled"}:
            self.sent.pop(verification.to, None)

    def find(self, net: Services, key: str) -> Verification | None:
        """The pending verification of a number or sid; None once approved, canceled, exhausted or expired."""
        known = self.by_sid.get(key) or self.by_address.get(key)
        return known if known and known.open(net.now) else None

    def _permit(self, net: Services, to: str, channel: str, custom: str) -> None:
        blocked = self.blocked | (net.account.refused.keys() if channel == "call" else set())
        known = self.by_address.get(to)
        if custom and not self.custom_codes:
            raise Refused(60204, 403, "Service does not support this feature")
        if any(to.startswith(prefix) for prefix in blocked):
            raise Refused(60410, 403, "Verification delivery attempt blocked")
        if channel == "sms" and self.lookup and self.skip_landlines and not net.phone(to).accepts_texts:
            raise Refused(60205, 403, "SMS is not supported by landline phone number")
        if known and known.exhausted(net.now):
            raise Refused(60202, 429, "Max check attempts reached")
        if len(self._recent(net, to)) >= MOST_SENDS:
            raise Refused(60203, 429, "Max send attempts reached")

    def _recent(self, net: Services, to: str) -> list[datetime]:
        return [at for at in self.sent.get(to, ()) if net.now - at < LIFETIME]

    def _opened(self, net: Services, to: str, channel: str, custom: str) -> Verification:
        code = custom or net.sids.code(self.code_length)
        one = Verification(net.sids.new("VE"), to, channel, code, net.now, net.now)
        if to in self.by_address:
            del self.by_sid[self.by_address[to].sid]
        self.by_address[to] = self.by_sid[one.sid] = one
        return one

    def _send_code(self, net: Services, verification: Verification, locale: str) -> None:
        language, with_name, without = SPANISH if locale == "es" else ENGLISH
        words = with_name if self.friendly_name else without
        if verification.channel == "call":
            # Digit by digit, so that nobody hears a large number.
            spoken = escape(words.format(name=self.friendly_name, code=", ".join(verification.code)))
            twiml = f'<Response><Say language="{language}" loop="2">{spoken}</Say></Response>'
            call(net, Order(verification.to, SENDER), Goto(twiml=twiml))
            return
        body = words.format(name=self.friendly_name, code=verification.code)
        dispatch(net, TextMessage(net.sids.new("SM"), verification.to, SENDER, body, net.now, net.now))
