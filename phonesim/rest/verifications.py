"""Verify v2: start and check (Twilio: Verify)."""

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from phonesim.numbers import E164
from phonesim.rest.calls import Reply
from phonesim.rest.documents import Json
from phonesim.rest.problems import RestProblem, bad_parameter, not_found
from phonesim.values import iso8601
from phonesim.verify import TooMany, Verification, VerifyService

if TYPE_CHECKING:
    from phonesim.network import Network

CHANNELS = frozenset({"sms", "call"})


def start(net: "Network", request: Request, service: str) -> Reply:
    """Send a code by ``sms`` or ``call``."""
    to, channel = request.form.get("To", ""), request.form.get("Channel", "")
    if not E164.fullmatch(to) or channel not in CHANNELS:
        raise bad_parameter(60200, "Invalid parameter: To must be E.164, Channel sms or call")
    known = net.verifications.setdefault(service, VerifyService(service))
    try:
        verification = known.start(net, to, channel, request.form.get("CustomCode", ""))
    except TooMany as refusal:
        raise RestProblem(429, refusal.code, "Max send attempts reached") from refusal
    attempts = [{"time": iso8601(at), "channel": channel.upper(), "attempt_sid": None} for at in verification.sends]
    more: Json = {"send_code_attempts": attempts, "lookup": {}, "sna": None}
    return 201, {**_shown(net, service, verification), **more, "url": _url(service, verification)}


def check(net: "Network", request: Request, service: str) -> Reply:
    """Compare a code; a wrong one is ``pending``, not an error; 404 once approved or expired."""
    known = net.verifications.get(service)
    form = request.form
    found = known.find(net, form.get("To", ""), form.get("VerificationSid", "")) if known else None
    if known is None or found is None:
        raise not_found(request.path)
    try:
        known.check(net, found, form.get("Code", ""))
    except TooMany as refusal:
        raise RestProblem(429, refusal.code, "Max check attempts reached") from refusal
    return 201, {**_shown(net, service, found), "sna_attempts_error_codes": []}


def _shown(net: "Network", service: str, one: Verification) -> Json:
    return {
        "sid": one.sid, "service_sid": service, "account_sid": net.account_sid, "to": one.to, "channel": one.channel,
        "status": one.status, "valid": one.status == "approved", "amount": None, "payee": None,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated),
    }  # fmt: skip


def _url(service: str, one: Verification) -> str:
    return f"https://verify.twilio.com/v2/Services/{service}/Verifications/{one.sid}"
