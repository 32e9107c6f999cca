"""One-time codes by text or call (Twilio: Verify v2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from phonesim.interpreter import Goto
from phonesim.outbound import Order, call
from phonesim.texts import TextMessage, send

if TYPE_CHECKING:
    from phonesim.network import Network

MOST_CHECKS = 5
MOST_SENDS = 5
LIFETIME = timedelta(minutes=10)
SENDER = "+18005550199"


class TooMany(Exception):
    """60202 (checks) or 60203 (sends)."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


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
    sends: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class VerifyService:
    """Verifications of one service (VA...), the newest for each address."""

    sid: str
    by_address: dict[str, Verification] = field(default_factory=dict)

    def start(self, net: "Network", to: str, channel: str, custom: str = "") -> Verification:
        """Send a code: at most five per address in ten minutes. Raises TooMany."""
        known = self.by_address.get(to)
        if known is None or not self.open(net, known):
            known = Verification(net.sids.new("VE"), to, channel, custom or net.sids.code(), net.now, net.now)
            known.sends = self._recent(net, to)
            self.by_address[to] = known
        if len(self._recent(net, to)) >= MOST_SENDS:
            raise TooMany(60203)
        known.sends.append(net.now)
        _send_code(net, known, channel)
        return known

    def check(self, net: "Network", verification: Verification, code: str) -> bool:
        """Compare a code: at most five tries. Raises TooMany."""
        if verification.checks >= MOST_CHECKS:
            raise TooMany(60202)
        verification.checks += 1
        verification.updated = net.now
        if code == verification.code:
            verification.status = "approved"
        return verification.status == "approved"

    def find(self, net: "Network", to: str, sid: str = "") -> Verification | None:
        """The pending verification of an address or sid; None once approved or expired."""
        known = (one for one in self.by_address.values() if one.to == to or one.sid == sid)
        return next((one for one in known if self.open(net, one)), None)

    def open(self, net: "Network", verification: Verification) -> bool:
        """Pending and within ten minutes."""
        return verification.status == "pending" and net.now - verification.created < LIFETIME

    def _recent(self, net: "Network", to: str) -> list[datetime]:
        known = self.by_address.get(to)
        return [at for at in known.sends if net.now - at < LIFETIME] if known else []


def _send_code(net: "Network", verification: Verification, channel: str) -> None:
    words = f"Your verification code is {verification.code}"
    if channel == "call":
        call(net, Order(verification.to, SENDER), Goto(twiml=f'<Response><Say loop="2">{words}</Say></Response>'))
        return
    send(net, TextMessage(net.sids.new("SM"), verification.to, SENDER, words, net.now, net.now))
