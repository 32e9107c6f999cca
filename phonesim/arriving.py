"""Calls that reach the account: at a number, a SIP domain, a TwiML app (Twilio: TwiML, SIP interface, Voice SDK)."""

from hashlib import sha256

from phonesim.errors import UnknownNumber
from phonesim.hooks import Fallback
from phonesim.interpreter import Goto, main_script
from phonesim.leg import Leg
from phonesim.numbers import Endpoint, Number, SipDomain
from phonesim.protocols import Handset
from phonesim.services import Services

PLACEHOLDERS = {
    "anonymous": "+266696687", "restricted": "+7378742833", "blocked": "+2562533", "unknown": "+8656696",
}  # fmt: skip
SIP_ADDRESS = "198.51.100.7"


def dialled(
    net: Services, phone: Handset, calls: int, to: str, shown: str, name: str | None, extra: dict[str, str]
) -> Leg:
    """Call something of the account from a phone that has made ``calls`` calls. Raises UnknownNumber."""
    at, unique = _called(net, to), _unique(net, phone, calls)
    if net.options.numeric_placeholders:
        shown = PLACEHOLDERS.get(shown.lower(), shown)
    if isinstance(at, SipDomain):
        return arrive(net, phone, at, shown, to, _sip(at, phone, unique, extra), name)
    if not isinstance(at, Number):
        return arrive(net, phone, at, shown, extra.get("To", ""), extra, name)
    return arrive(net, phone, at, shown, to, {"CallToken": unique, **extra}, name)


def arrive(
    net: Services, phone: Handset, at: Endpoint, shown: str, to: str, extra: dict[str, str], name: str | None = None
) -> Leg:
    """Start a call at one of our numbers or applications, whose voice URL decides what happens."""
    leg = Leg(net, shown, to, "inbound", phone=phone)
    leg.endpoint, leg.extra = at, extra
    leg.caller_name = (name or "") if at.caller_name else None
    if at.voice_fallback_url:
        leg.fallback = Fallback(at.voice_fallback_url, at.voice_fallback_method)
    net.record("dial", phone.address, to=to, call_sid=leg.sid)
    leg.status = "ringing"
    if not at.voice_url:
        leg.finish("failed", 404)
        return leg
    ringing = leg.ear.begin("ring")
    leg.watchers.append(lambda _what: leg.ear.end(ringing))
    leg.run(main_script(leg, Goto(at.voice_url, at.voice_method)))
    return leg


def _called(net: Services, to: str) -> Endpoint:
    if number := net.numbers.get(to):
        return net.account.settings_of(number)
    host = to.rpartition("@")[2].partition(";")[0]
    found = net.account.applications.get(to) or net.sip_domains.get(host)
    if found is None:
        raise UnknownNumber(
            f"nobody has {to}; dial a number, an application or a SIP domain of the account, or add it first"
        )
    return found


def _unique(net: Services, phone: Handset, calls: int) -> str:
    return sha256(f"{phone.address} {calls} {net.now}".encode()).hexdigest()


def _sip(at: SipDomain, phone: Handset, unique: str, extra: dict[str, str]) -> dict[str, str]:
    user = phone.address.removeprefix("sip:").partition("@")[0]
    return {
        "SipDomain": at.domain, "SipDomainSid": at.sid, "SipCallId": f"{unique[:32]}@{SIP_ADDRESS}",
        "SipSourceIp": SIP_ADDRESS, **({"SipUsername": user} if at.credentials else {}),
        **{f"SipHeader_{name}": value for name, value in extra.items() if name.upper().startswith("X-")},
    }  # fmt: skip
