"""One-time codes by text or call (Twilio: Verify v2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from phonesim.interpreter import Goto
from phonesim.outbound import Order, call
from phonesim.services import Services
from phonesim.texts import TextMessage, send

MOST_CHECKS = 5
MOST_SENDS = 5
LIFETIME = timedelta(minutes=10)
SENDER = "+18005550199"


class Refused(Exception):
    """60202 (checks), 60203 (sends) or 60410 (blocked), with its HTTP status."""

    def __init__(self, code: int, status: int, why: str) -> None:
        super().__init__(why)
        self.code, self.status, self.why = code, status, why


@dataclass(slots=True)
class Verification:
    """One code on its way; pending, approved or canceled."""

    sid: str
    to: str
    channel: str
    code: str
    created: datetime
    updated: datetime
    status: str = "pending"
    checks: int = 0
    sends: list[tuple[datetime, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class VerifyService:
    """Verifications of one service (VA...), the newest for each address. ``blocked`` are prefixes of numbers."""

    sid: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    code_length: int = 6
    custom_codes: bool = True
    blocked: set[str] = field(default_factory=set)
    by_address: dict[str, Verification] = field(default_factory=dict)
    by_sid: dict[str, Verification] = field(default_factory=dict)

    def start(self, net: Services, to: str, channel: str, custom: str = "") -> Verification:
        """Send a code: at most five per address in ten minutes. Raises Refused."""
        recent = self._recent(net, to)
        if any(to.startswith(prefix) for prefix in self.blocked):
            raise Refused(60410, 403, "Verification delivery attempt blocked")
        if len(recent) >= MOST_SENDS:
            raise Refused(60203, 429, "Max send attempts reached")
        known = self.by_address.get(to)
        if known is None or not self.open(net, known):
            code = custom or net.sids.code(self.code_length)
            known = Verification(net.sids.new("VE"), to, channel, code, net.now, net.now, sends=recent)
            self.by_address[to] = self.by_sid[known.sid] = known
        known.channel, known.updated = channel, net.now
        known.sends.append((net.now, channel, net.sids.new("VL")))
        _send_code(net, known, channel)
        return known

    def check(self, net: Services, verification: Verification, code: str) -> bool:
        """Compare a code: at most five tries. Raises Refused."""
        if verification.checks >= MOST_CHECKS:
            raise Refused(60202, 429, "Max check attempts reached")
        verification.checks += 1
        verification.updated = net.now
        if code == verification.code:
            verification.status = "approved"
        return verification.status == "approved"

    def find(self, net: Services, to: str, sid: str = "") -> Verification | None:
        """The pending verification of an address or sid; None once approved, canceled or expired."""
        known = self.by_sid.get(sid) or self.by_address.get(to)
        return known if known and self.open(net, known) else None

    def open(self, net: Services, verification: Verification) -> bool:
        """Pending and within ten minutes."""
        return verification.status == "pending" and net.now - verification.created < LIFETIME

    def _recent(self, net: Services, to: str) -> list[tuple[datetime, str, str]]:
        known = self.by_address.get(to)
        return [sent for sent in known.sends if net.now - sent[0] < LIFETIME] if known else []


def _send_code(net: Services, verification: Verification, channel: str) -> None:
    words = f"Your verification code is {verification.code}"
    if channel == "call":
        call(net, Order(verification.to, SENDER), Goto(twiml=f'<Response><Say loop="2">{words}</Say></Response>'))
        return
    send(net, TextMessage(net.sids.new("SM"), verification.to, SENDER, words, net.now, net.now))
