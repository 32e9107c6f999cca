"""Numbers and TwiML applications, and what is configured on them (Twilio: IncomingPhoneNumbers, Applications)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Request

from phonesim.numbers import E164, Endpoint, Number
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing

Reader = Callable[[forms.Form, str], Any]
SETTINGS: dict[str, tuple[str, Reader]] = {
    "FriendlyName": ("friendly_name", forms.text),
    "VoiceUrl": ("voice_url", forms.url),
    "VoiceMethod": ("voice_method", forms.method),
    "VoiceFallbackUrl": ("voice_fallback_url", forms.url),
    "VoiceFallbackMethod": ("voice_fallback_method", forms.method),
    "VoiceCallerIdLookup": ("caller_name", forms.switch),
    "StatusCallback": ("status_callback", forms.url),
    "StatusCallbackMethod": ("status_method", forms.method),
    "SmsUrl": ("sms_url", forms.url),
    "SmsMethod": ("sms_method", forms.method),
    "SmsFallbackUrl": ("sms_fallback_url", forms.url),
    "SmsFallbackMethod": ("sms_fallback_method", forms.method),
}
OF_APPLICATIONS = {**SETTINGS, "MessageStatusCallback": ("message_status_callback", forms.url)}
OF_NUMBERS = ("VoiceApplicationSid", "SmsApplicationSid")


def changes(form: forms.Form, settings: dict[str, tuple[str, Reader]]) -> dict[str, Any]:
    """The settings a request names; those it does not name stay."""
    return {field: read(form, name) for name, (field, read) in settings.items() if name in form}


# Applications


def create_application(net: Platform, request: Request) -> Reply:
    """A new application."""
    one = Endpoint(sid=net.sids.new("AP"), created=net.now, updated=net.now, **changes(request.form, OF_APPLICATIONS))
    net.account.applications[one.sid] = one
    return 201, documents.application(net, one)


def applications(net: Platform, request: Request) -> Reply:
    """Newest first; filter FriendlyName."""
    name = request.args.get("FriendlyName")
    found = (one for one in reversed(net.account.applications.values()) if name in {None, one.friendly_name})
    return 200, paged(request, "applications", found, lambda one: documents.application(net, one))


def _application(net: Platform, request: Request, sid: str) -> Endpoint:
    return existing(net.account.applications.get(sid), request.path)


def application(net: Platform, request: Request, sid: str) -> Reply:
    """One application."""
    return 200, documents.application(net, _application(net, request, sid))


def update_application(net: Platform, request: Request, sid: str) -> Reply:
    """Change what is named."""
    one = replace(_application(net, request, sid), updated=net.now, **changes(request.form, OF_APPLICATIONS))
    net.account.applications[sid] = one
    return 200, documents.application(net, one)


def delete_application(net: Platform, request: Request, sid: str) -> Reply:
    """Remove it; numbers that name it fall back to their own settings."""
    del net.account.applications[_application(net, request, sid).sid]
    return 204, None


# Numbers


def buy(net: Platform, request: Request) -> Reply:
    """Add a number to the account; the exact one must be named."""
    wanted = request.form.get("PhoneNumber", "")
    if not E164.fullmatch(wanted) or wanted in net.numbers:
        raise bad_parameter(21421, "PhoneNumber is invalid or already taken")
    return 201, documents.incoming_number(net, _changed(net, request.form, net.add_number(wanted)))


def numbers(net: Platform, request: Request) -> Reply:
    """Newest first; filters PhoneNumber (a part of it) and FriendlyName."""
    part, name = request.args.get("PhoneNumber", ""), request.args.get("FriendlyName")
    digits = part.lstrip("+")
    found = [one for one in reversed(net.numbers.values()) if digits in one.number]
    chosen = (one for one in found if name in {None, one.friendly_name})
    return 200, paged(request, "incoming_phone_numbers", chosen, lambda one: documents.incoming_number(net, one))


def _number(net: Platform, request: Request, sid: str) -> Number:
    return existing(next((one for one in net.numbers.values() if one.sid == sid), None), request.path)


def number(net: Platform, request: Request, sid: str) -> Reply:
    """One number."""
    return 200, documents.incoming_number(net, _number(net, request, sid))


def update_number(net: Platform, request: Request, sid: str) -> Reply:
    """Change what is named; it holds from the next call or text on."""
    return 200, documents.incoming_number(net, _changed(net, request.form, _number(net, request, sid)))


def _changed(net: Platform, form: forms.Form, one: Number) -> Number:
    sids: dict[str, Any] = {field: form[name] for name, field in _applications(net, form)}
    one = replace(one, updated=net.now, **changes(form, SETTINGS), **sids)
    net.numbers[one.number] = one
    return one


def _applications(net: Platform, form: forms.Form) -> list[tuple[str, str]]:
    named = [name for name in OF_NUMBERS if name in form]
    if any(form[name] and form[name] not in net.account.applications for name in named):
        raise bad_parameter(21218, "the application does not exist")
    return [(name, {"V": "voice", "S": "sms"}[name[0]] + "_application_sid") for name in named]


def release(net: Platform, request: Request, sid: str) -> Reply:
    """Give a number back."""
    del net.numbers[_number(net, request, sid).number]
    return 204, None
