"""How one written value becomes a typed one. Every value arrives as text; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar

import phonenumbers
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator

from ivr.directory.problems import Unreadable, nearest
from ivr.directory.us_states import STATE_NAMES
from routing.zones import known_zone, nearest_zone

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)")
_MARGIN = re.compile(r"([0-9]{1,3})m")
_LONGEST_MARGIN = 120
# Half a day of work ends with its lunch break, so that a longer one would keep whole pools from every call.
_PERIOD = re.compile(r"([0-9]{1,3})(d|w|mo|y)")
_LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NO_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2} ?[A-Za-z]{3,9}|[A-Za-z]{3,9} ?[0-9]{1,2}")
_SHORT = re.compile(r"(?:\+1?)?(\d{3,6})")
_LONG = {
    "988": 'write "+18002738255", the long number of the 988 lifeline, and call it once to confirm who answers',
    "911": "write the number of a person: callers dial 911 themselves, on a telephone that tells where they are",
}
"""What stands for a short number that is known."""
EXAMPLE_NUMBER = "+13125550100"
_KEYS = re.compile(r"[0-9A-D#*wW]{1,32}")
_LICENCE_KIND = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
_VERIFY_SERVICE = re.compile(r"VA[0-9a-f]{32}")
URGENCIES = ("emergent", "urgent", "routine")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Model(BaseModel):
    """A mapping of a configuration file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def text(value: Any) -> str:
    """Text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("a text is missing here", "write it after the colon")
    return " ".join(value.split())


def identifier(value: Any) -> str:
    """A short name used by other files and in keys: small letters, digits, ``-`` and ``_``."""
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise Unreadable(f"{value!r} is not a name", "use up to 40 small letters, digits, '-' and '_', a letter first")
    return value


def whole_number(value: Any) -> int:
    """A whole number without sign."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,6}", value):
        raise Unreadable(f"{value!r} is not a whole number", "write digits only")
    return int(value)


def true_or_false(value: Any) -> bool:
    """``true`` or ``false`` and nothing else."""
    if value not in ("true", "false"):
        raise Unreadable(f"{value!r} is neither true nor false", "write true or false")
    return bool(value == "true")


def day(value: Any) -> date:
    """A calendar day, YYYY-MM-DD."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, str) and _NO_YEAR.fullmatch(value):
        mend = "write the year too, such as 2026-11-27; a day that comes back every year is one for observe"
        raise Unreadable(f"{value!r} has no year", mend)
    raise Unreadable(f"{value!r} is not a day of the calendar", "write it as 2026-11-27")


def wall_time(value: Any) -> datetime:
    """A local date and time without zone, ``2026-11-27 08:00``."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9-]{10} [0-9:]{5}", value):
            return datetime.strptime(value, "%Y-%m-%d %H:%M")
    except ValueError:
        pass
    raise Unreadable(f"{value!r} is not a local date and time", "write it as 2026-11-27 08:00")


def duration(value: Any) -> timedelta:
    """A length of time above zero: ``40s``, ``5m``, ``2h``, ``1d``."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise Unreadable(f"{value!r} is not a length of time", "write it as 40s, 5m, 2h or 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def written_length(time: timedelta) -> str:
    """A length of time as it is written: ``5m``, ``2m 30s``, ``1d``."""
    seconds, pieces = int(time.total_seconds()), []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        pieces += [f"{count}{unit}"] if count else []
    return " ".join(pieces)


def margin(value: Any) -> timedelta:
    """The last whole minutes of a shift: ``15m``, and ``0m`` for none."""
    match = _MARGIN.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) > _LONGEST_MARGIN:
        what = f"{value!r} is not the end of a shift"
        raise Unreadable(what, f"write whole minutes up to {_LONGEST_MARGIN}m, such as 15m, or 0m for none")
    return timedelta(minutes=int(match[1]))


def period(value: Any) -> str:
    """A length of time by the calendar, kept as written: ``90d``, ``6w``, ``18mo``, ``7y``."""
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise Unreadable(f"{value!r} is not a period", "write it as 90d, 6w, 18mo or 7y")
    return match[0]


def phone_number(value: Any) -> str:
    """A telephone number in E.164, exactly as the network delivers it."""
    text = value if isinstance(value, str) else ""
    _refuse_short_number(text)
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise Unreadable(f"{value!r} is not a phone number", f'write it as "{_american(text)}"') from None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written != value:
        raise Unreadable(f"{value!r} is not in E.164", f'write it as "{written}"')
    if not phonenumbers.is_valid_number(number):
        raise Unreadable(f"{value!r} is not a number that can exist", "check the country code and count the digits")
    return written


def _refuse_short_number(text: str) -> None:
    """A number such as 988 is a promise of the caller's own carrier; it is no telephone that we could ring."""
    found = _SHORT.fullmatch(text)
    if found:
        what = f"{text!r} is a short number: not every carrier connects it, and where it leads depends on the place"
        raise Unreadable(what, _LONG.get(found[1], 'write the long number of whom it reaches, such as "+13125550100"'))


def _american(text: str) -> str:
    """The number as it would be written if it is one of the United States, else an example."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return EXAMPLE_NUMBER
    if not phonenumbers.is_valid_number(number):
        return EXAMPLE_NUMBER
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def keys(value: Any) -> str:
    """Keys that are pressed for us after an answer, w for half a second and W for one between them."""
    if not isinstance(value, str) or not _KEYS.fullmatch(value):
        mend = 'write up to 32 of 0-9, A-D, # and *, and w to wait half a second, such as "ww501234#w1"'
        raise Unreadable(f"{value!r} are not keys of a telephone", mend)
    return value


def contact(value: Any) -> str:
    """A phone number, or ``client:name`` for a browser."""
    if isinstance(value, str) and value.startswith("client:"):
        return f"client:{identifier(value.removeprefix('client:'))}"
    return phone_number(value)


def language(value: Any) -> str:
    """A language and its region, ``es-US`` (BCP 47 language-REGION)."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Unreadable(f"{value!r} is not a language", "write language and region as en-US or es-US")
    return value


def time_zone(value: Any) -> str:
    """An IANA time zone."""
    if not isinstance(value, str) or not known_zone(value):
        raise Unreadable(f"{value!r} is not a time zone", f"write an IANA name such as {nearest_zone(str(value))}")
    return value


def state(value: Any) -> str:
    """A state of the United States by its two letters."""
    if not isinstance(value, str) or value not in STATE_NAMES:
        raise Unreadable(f"{value!r} is not a state", "write the two letters of a US state, such as IL")
    return value


def country(value: Any) -> str:
    """A country by its two letters (ISO 3166-1)."""
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise Unreadable(f"{value!r} is not a country", "write two capital letters, such as PH")
    return value


def licence_kind(value: Any) -> str:
    """A kind of licence: one of the usual kinds (``RN``, ``MD``, ``DDS``) or of the operator's ``licence_kinds``."""
    if not isinstance(value, str) or not _LICENCE_KIND.fullmatch(value):
        raise Unreadable(f"{value!r} is not a kind of licence", "write letters as in RN or PharmD, at most 20")
    return value


def fingerprint(value: Any) -> str:
    """The fingerprint of a text that was signed, as ``sunline protocol sign`` writes it."""
    if not isinstance(value, str) or not _FINGERPRINT.fullmatch(value):
        raise Unreadable(f"{value!r} is not a fingerprint", "remove it, then: sunline protocol sign FILE")
    return value


def verify_service(value: Any) -> str:
    """A service of Twilio Verify by its SID."""
    if not isinstance(value, str) or not _VERIFY_SERVICE.fullmatch(value):
        mend = "write its SID as Twilio's console shows it: VA and 32 of 0-9 and a-f"
        raise Unreadable(f"{value!r} is not a Verify service", mend)
    return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of ``words``."""

    words: tuple[str, ...]

    def __call__(self, value: Any) -> str:
        """The word, if it is one of them."""
        if not isinstance(value, str) or value not in self.words:
            raise Unreadable(f"{value!r} is not known here", nearest(str(value), self.words))
        return value


def one_of(words: tuple[str, ...]) -> BeforeValidator:
    """Exactly one of ``words``."""
    return BeforeValidator(OneOf(words))


@dataclass(frozen=True, slots=True)
class Means:
    """What a key of a file means, with an example as it is written: the only home of the page of every key.

    ``default`` is what stands where the key is left out, as it is written, where that is no plain value.
    """

    text: str
    example: str
    default: str = ""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _some(value: Any) -> Any:
    if value in ([], {}, ""):
        raise Unreadable("nothing is listed here", "list at least one, or remove the key")
    return value


Text = Annotated[str, BeforeValidator(text)]
Identifier = Annotated[str, BeforeValidator(identifier)]
Whole = Annotated[int, PlainValidator(whole_number)]
YesNo = Annotated[bool, PlainValidator(true_or_false)]
Day = Annotated[date, PlainValidator(day)]
WallTime = Annotated[datetime, PlainValidator(wall_time)]
Duration = Annotated[timedelta, PlainValidator(duration)]
Margin = Annotated[timedelta, PlainValidator(margin)]
Period = Annotated[str, BeforeValidator(period)]
PhoneNumber = Annotated[str, BeforeValidator(phone_number)]
Keys = Annotated[str, BeforeValidator(keys)]
Contact = Annotated[str, BeforeValidator(contact)]
Language = Annotated[str, BeforeValidator(language)]
Zone = Annotated[str, BeforeValidator(time_zone)]
State = Annotated[str, BeforeValidator(state)]
Country = Annotated[str, BeforeValidator(country)]
KindOfLicence = Annotated[str, BeforeValidator(licence_kind)]
Fingerprint = Annotated[str, BeforeValidator(fingerprint)]
VerifyService = Annotated[str, BeforeValidator(verify_service)]

Item = TypeVar("Item")
Some = Annotated[Item, BeforeValidator(_some)]
"""A list or mapping with something in it."""
OneOrMore = Annotated[tuple[Item, ...], BeforeValidator(_listed), BeforeValidator(_some)]
"""A list, or one item written without its brackets."""
