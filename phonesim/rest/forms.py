"""Reading request parameters; a bad one is a 400 with its code."""

from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from phonesim.hooks import EVENTS, Fallback, RecordingHook, StatusHook
from phonesim.interpreter import Goto
from phonesim.rest.problems import bad_parameter
from phonesim.values import is_whole
from phonesim.web.addresses import is_absolute

Form = MultiDict[str, str]
MOST_TWIML = 4000


def text(form: Form, name: str, default: str = "") -> str:
    """A string."""
    return form.get(name, default)


def switch(form: Form, name: str) -> bool | None:
    """true or false; None when absent. Anything else is 20001."""
    value = form.get(name)
    if value is None:
        return None
    if value.lower() not in {"true", "false"}:
        raise bad_parameter(20001, f"{name} must be true or false")
    return value.lower() == "true"


def number(form: Form, name: str, default: int, least: int = 0, most: int = 86400) -> int:
    """A whole number in range, or 20001."""
    value = form.get(name)
    if value is None:
        return default
    if not is_whole(value, least, most):
        raise bad_parameter(20001, f"{name} must be a whole number from {least} to {most}")
    return int(value)


def choice(form: Form, name: str, allowed: Collection[str], default: str = "") -> str:
    """One of some words, or 20001."""
    value = form.get(name, default)
    if name in form and value not in allowed:
        raise bad_parameter(20001, f"{name} must be one of {', '.join(allowed)}")
    return value


def trims(form: Form, name: str, default: bool) -> bool:
    """trim-silence or do-not-trim."""
    value = choice(form, name, ("trim-silence", "do-not-trim"))
    return value == "trim-silence" if value else default


def channels(form: Form) -> tuple[int, str]:
    """RecordingChannels as 1 or 2, and RecordingTrack."""
    wanted = choice(form, "RecordingChannels", ("mono", "dual"), "mono")
    return 2 if wanted == "dual" else 1, choice(form, "RecordingTrack", ("inbound", "outbound", "both"), "both")


def method(form: Form, name: str, default: str = "POST") -> str:
    """GET or POST, or 20001."""
    value = (form.get(name) or default).upper()
    if value not in {"GET", "POST"}:
        raise bad_parameter(20001, f"{name} must be GET or POST")
    return value


def url(form: Form, name: str) -> str:
    """An absolute http(s) URL, or 21205; empty when absent."""
    value = form.get(name, "")
    if value and not is_absolute(value):
        raise bad_parameter(21205, f"{name} is not a valid URL: it must be absolute http or https")
    return value


def events(form: Form, name: str, default: str) -> frozenset[str]:
    """Repeated keys, each possibly a space-separated list."""
    given = form.getlist(name) or [default]
    return frozenset(word for value in given for word in value.split())


def document(form: Form) -> Goto | None:
    """Url, else Twiml (at most 4000 characters, 32018); None when neither is given."""
    if address := url(form, "Url"):
        return Goto(address, method(form, "Method"))
    twiml = form.get("Twiml")
    if twiml is None:
        return None
    if len(twiml) > MOST_TWIML:
        raise bad_parameter(32018, "Twiml is longer than 4000 characters")
    return Goto(twiml=twiml)


def fallback(form: Form) -> Fallback | None:
    """FallbackUrl and FallbackMethod."""
    address = url(form, "FallbackUrl")
    return Fallback(address, method(form, "FallbackMethod")) if address else None


def status_hook(form: Form) -> tuple[StatusHook | None, bool]:
    """The call's StatusCallback, and whether its events are readable.

    Events are repeated keys here; one value with spaces silences all callbacks (21626).
    """
    address = url(form, "StatusCallback")
    given = form.getlist("StatusCallbackEvent") or ["completed"]
    readable = all(value in EVENTS for value in given)
    if not address or not readable:
        return None, readable
    return StatusHook(address, method(form, "StatusCallbackMethod"), frozenset(given)), True


def recording_hook(form: Form, prefix: str = "") -> RecordingHook | None:
    """RecordingStatusCallback with its Method and (space-separated) Event."""
    name = f"{prefix}RecordingStatusCallback"
    address = url(form, name)
    if not address:
        return None
    return RecordingHook(address, method(form, f"{name}Method"), events(form, f"{name}Event", "completed"))
