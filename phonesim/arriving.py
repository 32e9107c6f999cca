"""Calls that reach the account: at a number, a SIP domain, a TwiML app (Twilio: TwiML, SIP interface, Voice SDK)."""

from hashlib import sha256
from typing import TYPE_CHECKING

from phonesim.errors import UnknownNumber
from phonesim.leg import Leg
from phonesim.numbers import Endpoint, Number, SipDomain

if TYPE_CHECKING:
    from phonesim.network import Network
    from phonesim.phone import Phone

PLACEHOLDERS = {
    "anonymous": "+266696687", "restricted": "+7378742833", "blocked": "+2562533", "unknown": "+8656696",
}  # fmt: skip
SIP_ADDRESS = "198.51.100.7"


def dialled(net: "Network", phone: "Phone", to: str, shown: str, name: str | None, extra: dict[str, str]) -> Leg:
    """A phone calls something of the account, showing a caller ID. Raises UnknownNumber."""
    at = _called(net, to)
    if net.options.numeric_placeholders:
        shown = PLACEHOLDERS.get(shown.lower(), shown)
    if isinstance(at, SipDomain):
        return net.arrive(phone, at, shown, to, _sip(at, phone, _unique(net, phone), extra), name)
    if not isinstance(at, Number):
        return net.arrive(phone, at, shown, extra.get("To", ""), extra, name)
    return net.arrive(phone, at, shown, to, {"CallToken": _unique(net, phone), **extra}, name)


def _called(net: "Network", to: str) -> Endpoint:
    if number := net.numbers.get(to):
        return net.account.settings_of(number)
    host = to.rpartition("@")[2].partition(";")[0]
    found = net.account.applications.get(to) or net.sip_domains.get(host)
    if found is None:
        raise UnknownNumber(
            f"nobody has {to}; dial a number, an application or a SIP domain of the account, or add it first"
        )
    return found


def _unique(net: "Network", phone: "Phone") -> str:
    return sha256(f"{phone.address} {len(phone.history)} {net.now}".encode()).hexdigest()


def _sip(at: SipDomain, phone: "Phone", unique: str, extra: dict[str, str]) -> dict[str, str]:
    user = phone.address.removeprefix("sip:").partition("@")[0]
    return {
        "SipDomain": at.domain, "SipDomainSid": at.sid, "SipCallId": f"{unique[:32]}@{SIP_ADDRESS}",
        "SipSourceIp": SIP_ADDRESS, **({"SipUsername": user} if at.credentials else {}),
        **{f"SipHeader_{name}": value for name, value in extra.items() if name.upper().startswith("X-")},
    }  # fmt: skip
