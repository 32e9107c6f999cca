"""One form for each item, so that equal things hash equally however they were typed, keyed or stored.

Every function gives None for what cannot be read, and never says why: the value is a patient's. What can be read and
stands for nothing is no item either (:func:`stands_for_nothing`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import phonenumbers

from ivr.core.withheld_numbers import is_placeholder
from ivr.patients.placeholders import is_no_day, is_no_name, is_no_record_number, is_no_telephone, is_no_zip

_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?")
_ISO = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_KEYPAD = re.compile(r"([0-9]{2})[/-]?([0-9]{2})[/-]?([0-9]{4})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_ZIP = re.compile(r"([0-9]{5})(-?[0-9]{4})?")


def date_of_birth(text: str) -> str | None:
    """YYYY-MM-DD from that, or from month, day and year as keyed in: MMDDYYYY.

    A midnight without a zone behind it, which databases add to a day, is passed over.
    """
    return next((found for written in _dates(text) if (found := _day(*written))), None)


def _dates(text: str) -> Iterator[tuple[str, str, str]]:
    """Year, month and day, in each way in which digits can be meant."""
    plain = text.strip()
    if (night := _MIDNIGHT.search(plain)) and night.end() == len(plain):
        plain = plain[: night.start()]
    if keyed := _KEYPAD.fullmatch(plain) or _MONTH_FIRST.fullmatch(plain):
        yield keyed[3], keyed[1], keyed[2]
    if written := _ISO.fullmatch(plain):
        yield written[1], written[2], written[3]


def _day(year: str, month: str, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if found.year >= 1890 else None


def phone(text: str) -> str | None:
    """E.164; ten digits are taken as a number of the North American plan.

    A number with an extension is none: the telephone it reaches is that of a house, not of one person.
    """
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if number.extension:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def zip_code(text: str) -> str | None:
    """The first five digits; leading zeros count."""
    found = _ZIP.fullmatch(text.strip())
    return found[1] if found else None


def mrn(text: str) -> str | None:
    """A medical record number: letters and digits, capitals, nothing between them."""
    return "".join(re.findall(r"[A-Z0-9]", text.upper())) or None


def name(text: str) -> str | None:
    """Letters of the name without accents and capitals, one space between its parts."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W\d_]+", kept)) or None


READERS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {"name": name, "date_of_birth": date_of_birth, "zip": zip_code, "mrn": mrn, "phone": phone}
)
"""By the field of the patient table: what can be read."""


def stands_for_nothing(field: str, text: str) -> bool:
    """Whether a value is what is filled in where nothing is known, or says too little to recognise anybody by."""
    return _is_nothing(field, text, READERS[field](text))


def _is_nothing(field: str, text: str, form: str | None) -> bool:
    if field == "date_of_birth":
        return any(is_no_day(f"{year}-{int(month):02}-{int(day):02}") for year, month, day in _dates(text))
    if field == "zip":
        return is_no_zip(text)
    if field == "phone":
        return is_no_telephone(text) or (form is not None and is_placeholder(form))
    return form is not None and (is_no_name(form) if field == "name" else is_no_record_number(form))


def _recognising(field: str, read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def normalise(text: str) -> str | None:
        form = read(text)
        return None if _is_nothing(field, text, form) else form

    return normalise


NORMALISERS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {field: _recognising(field, read) for field, read in READERS.items()}
)
"""By the field of the patient table, the form in which somebody is recognised: ``name_hash`` and so on are over what
these give. Of what stands for nothing there is none."""
