"""Our own phone numbers and what is configured on them (Twilio: IncomingPhoneNumber)."""

import re
from dataclasses import dataclass

from phonesim.errors import BadAddress

E164 = re.compile(r"\+[1-9]\d{6,14}")
ADDRESS = re.compile(r"\+[1-9]\d{6,14}|client:[^\s]{1,256}|sip:[^\s]{1,254}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account."""

    sid: str
    number: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    caller_name: bool = False


def checked(address: str) -> str:
    """The address itself. Raises BadAddress when no phone can have it."""
    if not ADDRESS.fullmatch(address):
        raise BadAddress(f"{address!r} is not an address; write +<country><number>, client:<identity> or sip:<uri>")
    return address
