"""Verify v2: services, start, fetch, update and check (Twilio: Verify)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.wrappers import Request

from phonesim.numbers import E164
from phonesim.platform import Platform
from phonesim.rest import forms
from phonesim.rest.documents import Json
from phonesim.rest.paging import paged_with_meta
from phonesim.rest.problems import Reply, RestProblem, bad_parameter, existing, not_found
from phonesim.values import is_whole, iso8601
from phonesim.verify import LOCALES, LONGEST_CODE, SHORTEST_CODE, Refused, Verification, VerifyService

VERIFY = "https://verify.twilio.com"
CHANNELS = {"sms": "sms", "call": "call", "auto": "sms"}
NOT_CARRIED = frozenset({"email", "whatsapp", "sna"})
LONGEST_NAME = 30
PARTS = ("entities", "rate_limits", "messaging_configurations", "verifications", "verification_checks", "webhooks",
         "access_tokens")  # fmt: skip


def _invalid(name: str) -> RestProblem:
    return bad_parameter(60200, f"Invalid parameter: {name}")


# Services


def create_service(net: Platform, request: Request) -> Reply:
    """A new service."""
    if not request.form.get("FriendlyName"):
        raise _invalid("FriendlyName")
    wanted = _settings(request.form)
    return 201, _service(net, _changed(net, net.add_verify_service(), wanted))


def services(net: Platform, request: Request) -> Reply:
    """All services."""
    found = net.verifications.values()
    return 200, paged_with_meta(request, VERIFY, "services", found, lambda one: _service(net, one))


def _one(net: Platform, request: Request, sid: str) -> VerifyService:
    return existing(net.verifications.get(sid), request.path)


def service(net: Platform, request: Request, sid: str) -> Reply:
    """One service."""
    return 200, _service(net, _one(net, request, sid))


def update_service(net: Platform, request: Request, sid: str) -> Reply:
    """Change FriendlyName, CodeLength, CustomCodeEnabled, LookupEnabled or SkipSmsToLandlines."""
    one = _one(net, request, sid)
    return 200, _service(net, _changed(net, one, _settings(request.form)))


def _settings(form: forms.Form) -> dict[str, Any]:
    return {field: read(form[name], name) for name, (field, read) in SETTINGS.items() if name in form}


def _name(value: str, name: str) -> str:
    if not 0 < len(value) <= LONGEST_NAME:
        raise _invalid(name)
    return value


def _length(value: str, name: str) -> int:
    if not is_whole(value, SHORTEST_CODE, LONGEST_CODE):
        raise _invalid(name)
    return int(value)


def _switch(value: str, name: str) -> bool:
    if value.lower() not in {"true", "false"}:
        raise _invalid(name)
    return value.lower() == "true"


SETTINGS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "FriendlyName": ("friendly_name", _name),
    "CodeLength": ("code_length", _length),
    "CustomCodeEnabled": ("custom_codes", _switch),
    "LookupEnabled": ("lookup", _switch),
    "SkipSmsToLandlines": ("skip_landlines", _switch),
}


def _changed(net: Platform, one: VerifyService, wanted: dict[str, Any]) -> VerifyService:
    one.updated = net.now
    for name, value in wanted.items():
        setattr(one, name, value)
    return one


def delete_service(net: Platform, request: Request, sid: str) -> Reply:
    """Remove a service and its codes."""
    del net.verifications[_one(net, request, sid).sid]
    return 204, None


def _service(net: Platform, one: VerifyService) -> Json:
    url = f"{VERIFY}/v2/Services/{one.sid}"
    off = ("psd2_enabled", "dtmf_input_required", "do_not_share_warning_enabled", "verify_event_subscription_enabled")
    return {
        "sid": one.sid, "account_sid": net.account_sid, "friendly_name": one.friendly_name,
        "code_length": one.code_length, "custom_code_enabled": one.custom_codes, "lookup_enabled": one.lookup,
        "skip_sms_to_landlines": one.skip_landlines, **dict.fromkeys(off, False),
        "tts_name": None, "push": {}, "totp": {}, "whatsapp": {}, "passkeys": {}, "default_template_sid": None,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated), "url": url,
        "links": {part: f"{url}/{part.title().replace('_', '')}" for part in PARTS},
    }  # fmt: skip


# Verifications


def start(net: Platform, request: Request, service: str) -> Reply:
    """Send a code by ``sms`` or ``call`` (``auto`` is a text); voice is called ``call`` here."""
    form, one = request.form, _one(net, request, service)
    to, channel, custom, locale = (form.get(name, "") for name in ("To", "Channel", "CustomCode", "Locale"))
    if not E164.fullmatch(to):
        raise _invalid("To")
    if channel in NOT_CARRIED:
        raise bad_parameter(60223, "Delivery channel disabled")
    if channel not in CHANNELS:
        raise _invalid("Channel")
    if custom and not (custom.isalnum() and _is_code(custom)):
        raise _invalid("CustomCode")
    if locale and locale not in LOCALES:
        raise RestProblem(404, 60229, "Template translation was not found")
    with _refusing():
        return 201, _verification(net, one, one.start(net, to, CHANNELS[channel], custom, locale))


def _is_code(code: str) -> bool:
    return SHORTEST_CODE <= len(code) <= LONGEST_CODE


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise RestProblem(refusal.status, refusal.code, refusal.why) from refusal


def fetch(net: Platform, request: Request, service: str, sid: str) -> Reply:
    """A pending verification, by its sid or number."""
    one = _one(net, request, service)
    return 200, _verification(net, one, existing(one.find(net, sid), request.path))


def update(net: Platform, request: Request, service: str, sid: str) -> Reply:
    """Status=canceled or approved ends it."""
    one = _one(net, request, service)
    found, status = existing(one.find(net, sid), request.path), request.form.get("Status", "")
    if status not in {"canceled", "approved"}:
        raise _invalid("Status")
    one.end(net, found, status)
    return 200, _verification(net, one, found)


def check(net: Platform, request: Request, service: str) -> Reply:
    """Compare a code; a wrong one is ``pending``, not an error; 404 once approved, canceled, exhausted or expired."""
    one, form = _one(net, request, service), request.form
    code, to, sid = (form.get(name, "") for name in ("Code", "To", "VerificationSid"))
    if not (to or sid):
        raise bad_parameter(60221, "No target verification specified")
    if to and not E164.fullmatch(to):
        raise _invalid("To")
    if not _is_code(code):
        raise _invalid("Code")
    found = existing(one.find(net, sid or to), request.path)
    if to and found.to != to:
        raise not_found(request.path)
    with _refusing():
        one.check(net, found, code)
    return 201, {**_shown(net, one, found), "sna_attempts_error_codes": []}


def _verification(net: Platform, service: VerifyService, one: Verification) -> Json:
    attempts = [{"time": iso8601(at), "channel": channel.upper(), "attempt_sid": sid} for at, channel, sid in one.sends]
    url = f"{VERIFY}/v2/Services/{service.sid}/Verifications/{one.sid}"
    lookup = {"carrier": _carrier(net, one.to)} if service.lookup else {}
    shown = _shown(net, service, one)
    return {**shown, "send_code_attempts": attempts, "lookup": lookup, "sna": None, "url": url}


def _carrier(net: Platform, number: str) -> Json:
    unknown = ("error_code", "mobile_country_code", "mobile_network_code", "name")
    return {"type": "mobile" if net.phone(number).accepts_texts else "landline", **dict.fromkeys(unknown)}


def _shown(net: Platform, service: VerifyService, one: Verification) -> Json:
    return {
        "sid": one.sid, "service_sid": service.sid, "account_sid": net.account_sid, "to": one.to,
        "channel": one.channel, "status": one.status, "valid": one.status == "approved", "amount": None, "payee": None,
        "date_created": iso8601(one.created), "date_updated": iso8601(one.updated),
    }  # fmt: skip
