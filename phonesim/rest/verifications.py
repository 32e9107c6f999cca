"""Verify v2: services, start, fetch, update and check (Twilio: Verify)."""

from werkzeug.wrappers import Request

from phonesim.numbers import E164
from phonesim.platform import Platform
from phonesim.rest import forms
from phonesim.rest.documents import Json
from phonesim.rest.paging import paged_with_meta
from phonesim.rest.problems import Reply, RestProblem, bad_parameter, existing, not_found
from phonesim.values import iso8601
from phonesim.verify import Refused, Verification, VerifyService

VERIFY = "https://verify.twilio.com"
CHANNELS = {"sms": "sms", "call": "call", "auto": "sms"}
NOT_CARRIED = frozenset({"email", "whatsapp", "sna"})
PARTS = ("entities", "rate_limits", "messaging_configurations", "verifications", "verification_checks", "webhooks",
         "access_tokens")  # fmt: skip


# Services


def create_service(net: Platform, request: Request) -> Reply:
    """A new service."""
    if not request.form.get("FriendlyName"):
        raise bad_parameter(60200, "Invalid parameter: FriendlyName is required")
    one = VerifyService(net.sids.new("VA"), net.now, net.now)
    net.verifications[one.sid] = one
    return 201, _service(net, _changed(net, request, one))


def services(net: Platform, request: Request) -> Reply:
    """All services."""
    found = net.verifications.values()
    return 200, paged_with_meta(request, VERIFY, "services", found, lambda one: _service(net, one))


def _one(net: Platform, request: Request, sid: str) -> VerifyService:
    # A service is configured once, outside the application: any VA sid works unless that is switched off.
    if sid not in net.verifications:
        if net.options.verify_services_must_exist or not sid.startswith("VA"):
            raise not_found(request.path)
        net.verifications[sid] = VerifyService(sid, net.now, net.now)
    return net.verifications[sid]


def service(net: Platform, request: Request, sid: str) -> Reply:
    """One service."""
    return 200, _service(net, _one(net, request, sid))


def update_service(net: Platform, request: Request, sid: str) -> Reply:
    """Change FriendlyName, CodeLength or CustomCodeEnabled."""
    return 200, _service(net, _changed(net, request, _one(net, request, sid)))


def _changed(net: Platform, request: Request, one: VerifyService) -> VerifyService:
    form = request.form
    custom = forms.switch(form, "CustomCodeEnabled")
    one.code_length = forms.number(form, "CodeLength", one.code_length, 4, 10)
    one.friendly_name, one.updated = form.get("FriendlyName", one.friendly_name), net.now
    one.custom_codes = one.custom_codes if custom is None else custom
    return one


def delete_service(net: Platform, request: Request, sid: str) -> Reply:
    """Remove a service and its codes."""
    del net.verifications[_one(net, request, sid).sid]
    return 204, None


def _service(net: Platform, one: VerifyService) -> Json:
    url = f"{VERIFY}/v2/Services/{one.sid}"
    off = ("lookup_enabled", "psd2_enabled", "skip_sms_to_landlines", "dtmf_input_required",
           "do_not_share_warning_enabled", "verify_event_subscription_enabled")  # fmt: skip
    return {
        "sid": one.sid, "account_sid": net.account_sid, "friendly_name": one.friendly_name,
        "code_length": one.code_length, "custom_code_enabled": one.custom_codes, **dict.fromkeys(off, False),
        "tts_name": None, "push": {}, "totp": {}, "whatsapp": {}, "passkeys": {}, "default_template_sid": None,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated), "url": url,
        "links": {part: f"{url}/{part.title().replace('_', '')}" for part in PARTS},
    }  # fmt: skip


# Verifications


def start(net: Platform, request: Request, service: str) -> Reply:
    """Send a code by ``sms`` or ``call`` (``auto`` is a text); voice is called ``call`` here."""
    form = request.form
    to, channel, custom = form.get("To", ""), form.get("Channel", ""), form.get("CustomCode", "")
    known = _one(net, request, service)
    if channel in NOT_CARRIED:
        raise RestProblem(403, 60223, f"Delivery channel disabled: {channel}")
    if not E164.fullmatch(to) or channel not in CHANNELS:
        raise bad_parameter(60200, "Invalid parameter: To must be E.164, Channel sms, call or auto")
    if custom and not (known.custom_codes and custom.isalnum() and 4 <= len(custom) <= 10):
        raise bad_parameter(60200, "Invalid parameter: CustomCode")
    try:
        return 201, _verification(net, service, known.start(net, to, CHANNELS[channel], custom))
    except Refused as refusal:
        raise RestProblem(refusal.status, refusal.code, refusal.why) from refusal


def _found(net: Platform, request: Request, service: str, sid: str) -> Verification:
    known = _one(net, request, service)
    return existing(known.find(net, sid, sid), request.path)


def fetch(net: Platform, request: Request, service: str, sid: str) -> Reply:
    """A pending verification, by its sid or address."""
    return 200, _verification(net, service, _found(net, request, service, sid))


def update(net: Platform, request: Request, service: str, sid: str) -> Reply:
    """Status=canceled or approved ends it."""
    one = _found(net, request, service, sid)
    status = request.form.get("Status", "")
    if status not in {"canceled", "approved"}:
        raise bad_parameter(60200, "Invalid parameter: Status must be canceled or approved")
    one.status, one.updated = status, net.now
    return 200, _verification(net, service, one)


def check(net: Platform, request: Request, service: str) -> Reply:
    """Compare a code; a wrong one is ``pending``, not an error; 404 once approved or expired."""
    known, form = _one(net, request, service), request.form
    if not form.get("Code"):
        raise bad_parameter(60200, "Invalid parameter: Code is required")
    found = existing(known.find(net, form.get("To", ""), form.get("VerificationSid", "")), request.path)
    try:
        known.check(net, found, form["Code"])
    except Refused as refusal:
        raise RestProblem(refusal.status, refusal.code, refusal.why) from refusal
    return 201, {**_shown(net, service, found), "sna_attempts_error_codes": []}


def _verification(net: Platform, service: str, one: Verification) -> Json:
    attempts = [{"time": iso8601(at), "channel": channel.upper(), "attempt_sid": sid} for at, channel, sid in one.sends]
    url = f"{VERIFY}/v2/Services/{service}/Verifications/{one.sid}"
    return {**_shown(net, service, one), "send_code_attempts": attempts, "lookup": {}, "sna": None, "url": url}


def _shown(net: Platform, service: str, one: Verification) -> Json:
    return {
        "sid": one.sid, "service_sid": service, "account_sid": net.account_sid, "to": one.to, "channel": one.channel,
        "status": one.status, "valid": one.status == "approved", "amount": None, "payee": None,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated),
    }  # fmt: skip
