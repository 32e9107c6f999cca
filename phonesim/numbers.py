"""Our own phone numbers and applications, and what is configured on them (Twilio: IncomingPhoneNumber, Application)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers

from phonesim.errors import BadAddress

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
DIALLED = re.compile(r"\+?[0-9\s().-]+")
ADDRESS = re.compile(rf"{E164.pattern}|client:[^\s]{{1,256}}|sip:[^\s]{{1,254}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the platform asks what to do: a TwiML application (AP), or the base of a number (PN)."""

    sid: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    caller_name: bool = False
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    message_status_callback: str = ""

    def voice_settings(self) -> dict[str, Any]:
        """Those an application brings to a number for calls."""
        return {
            "voice_url": self.voice_url, "voice_method": self.voice_method, "status_callback": self.status_callback,
            "voice_fallback_url": self.voice_fallback_url, "voice_fallback_method": self.voice_fallback_method,
            "status_method": self.status_method,
        }  # fmt: skip

    def text_settings(self) -> dict[str, Any]:
        """Those an application brings to a number for texts."""
        return {
            "sms_url": self.sms_url, "sms_method": self.sms_method, "sms_fallback_url": self.sms_fallback_url,
            "sms_fallback_method": self.sms_fallback_method,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Endpoint):
    """A number of the account."""

    number: str
    voice_application_sid: str = ""
    sms_application_sid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SipDomain(Endpoint):
    """A SIP domain of the account; with ``credentials`` its callers have logged in with a user name."""

    domain: str
    credentials: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number is, as far as the carrier knows; unknown parts are empty."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    def parameters(self, side: str) -> dict[str, str]:
        """FromCity, FromState and so on, for one side of a call."""
        known = {"City": self.city, "State": self.state, "Zip": self.zip, "Country": self.country}
        return {side + name: value for name, value in known.items()}


NORTH_AMERICA, NOWHERE = Place(country="US"), Place()


def checked(address: str) -> str:
    """The address, a number whole however it is written. Raises BadAddress when no phone can have it."""
    whole = reached(address)
    if not ADDRESS.fullmatch(whole):
        raise BadAddress(f"{address!r} is not an address; write +<country><number>, client:<identity> or sip:<uri>")
    return whole


def number_of(written: str, beside: str = "+1") -> str | None:
    """The telephone number that somebody wrote, or None where it is none.

    With a plus it is whole, whatever stands between its digits. Without, it is of the United States, or of the country
    of the number ``beside`` it: (415) 555-1212 and 415-555-1212 are +14155551212 (Twilio: Number, Message).
    """
    if not DIALLED.fullmatch(written):
        return None
    plain = re.sub(r"[^+0-9]", "", written)
    whole = plain if plain.startswith("+") else _in_country(plain, beside)
    return whole if E164.fullmatch(whole) else None


def reached(written: str) -> str:
    """What is dialled: a telephone number as people write it, or any other address unchanged."""
    return number_of(written) or written


def _in_country(digits: str, beside: str) -> str:
    try:
        region = "US" if beside.startswith("+1") else phonenumbers.region_code_for_number(phonenumbers.parse(beside))
        found = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number_with_reason(found) == phonenumbers.ValidationResult.IS_POSSIBLE
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if possible else ""
