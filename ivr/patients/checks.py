"""What is wrong with a record of a patient, said without a word of what it holds.

A fault keeps the record out. A warning takes it in, with a value that nobody is recognised by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ivr.core.counting import counted
from ivr.directory.problems import Problem
from ivr.patients.normalise import NORMALISERS, READERS, stands_for_nothing
from ivr.patients.placeholders import SHORTEST_NUMBER
from ivr.patients.records import PatientRecord
from ivr.patients.representatives.records import RepresentativeRecord

LONGEST = {"id": 255, "name": 250, "date_of_birth": 40, "zip": 20, "mrn": 100, "phone": 60}
"""The most characters of each; what is longer is another column, or a page of text."""

_MENDS = {
    "id": "write the id your own system uses",
    "name": "write given names and family name",
    "date_of_birth": "write a day of the calendar as YYYY-MM-DD",
    "zip": "write five digits",
    "mrn": "write letters and digits",
    "phone": "write ten digits, or + and the country code",
}
_AS_TEXT = "format the column as text before it is saved, since digits have been lost"
_BY_NONE = "nobody is recognised by it"
NOTHING = f"stands for nothing, and {_BY_NONE}"
"""What is so of a value that is there, and that nobody could be told by: the cause of its warning."""

_NUMBER_OF_A_SHEET = re.compile(r"[0-9]+(\.[0-9]+)?[eE]\+[0-9]+|[0-9]+\.[0-9]+[eE][0-9]+|[0-9]+\.0+")
_DAYS_OF_A_SHEET = re.compile(r"[0-9]{5}(\.[0-9]+)?|[0-9]{1,4}\.[0-9]+")
_PART_OF_A_DATE = re.compile(r"(1[89]|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])([0-9]{1,2}|[A-Za-z]{3,9})\1[0-9]{2}")
_DAY_FIRST = re.compile(r"(1[3-9]|2[0-9]|3[01])[/.-](0?[1-9]|1[0-2])[/.-][0-9]{4}")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.-](1[3-9]|2[0-9]|3[01])[/.-][0-9]{4}")
_EITHER_FIRST = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-][0-9]{4}")
_BEFORE_1890 = re.compile(r"(0[0-9]{3}|1[0-7][0-9]{2}|18[0-8][0-9])-[0-9]{2}-[0-9]{2}")
_POSTCODE_ABROAD = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 -]{1,10}[A-Za-z0-9]")


REQUIRED = ("id", "name", "date_of_birth")


def faults(
    record: PatientRecord | RepresentativeRecord, file: str, today: date, required: Sequence[str] = REQUIRED
) -> list[Problem]:
    """What is unreadable or missing in a record, and what is taken in although nobody is recognised by it."""
    written = {"id": record.external_id, **record.values} if record.external_id else record.values
    found = [one for name, text in written.items() for one in _of_value(name, text, today, file, record.line)]
    found += [
        Problem(file, record.line, f"the {name} is missing", _MENDS[name], about=name)
        for name in required
        if name not in written
    ]
    if isinstance(record, PatientRecord) and record.phone_since and record.phone_since > today:
        mend = "write the day on which the number was taken down, or nothing"
        found.append(Problem(file, record.line, "the phone_since is in the future", mend, about="phone_since"))
    return found


def order_of_date(text: str) -> str:
    """``day`` or ``month``: which of the two stands first in a date, or ``either``; empty where the year does."""
    if _DAY_FIRST.fullmatch(text):
        return "day"
    if _MONTH_FIRST.fullmatch(text):
        return "month"
    return "either" if _EITHER_FIRST.fullmatch(text) else ""


def _of_value(name: str, text: str, today: date, file: str, line: int) -> Iterator[Problem]:
    def fault(what: str, mend: str = _MENDS[name], warning: bool = False, cause: str = "") -> Problem:
        return Problem(file, line, f"the {name} {what}", mend, warning, cause, about=name)

    if len(text) > LONGEST[name]:
        yield fault(
            f"has more than {counted(LONGEST[name], 'character')}", "look whether a quote or a column is missing"
        )
    elif not text.isprintable():
        yield fault("has characters that do not print", "write it anew")
    elif name not in ("name", "date_of_birth") and _NUMBER_OF_A_SHEET.fullmatch(text):
        yield fault("was made a number by a spreadsheet", _AS_TEXT)
    elif name == "date_of_birth" and not stands_for_nothing(name, text):
        yield from (fault(*said) for said in _of_date(text, today))
    elif name in NORMALISERS and NORMALISERS[name](text) is None:
        if stands_for_nothing(name, text):
            yield fault(_why_nothing(name, text), _BY_NONE, warning=True, cause=NOTHING)
        else:
            yield fault(*_unreadable(name, text))


def _why_nothing(name: str, text: str) -> str:
    if name == "name":
        return "has no part of two different letters"
    if name == "mrn" and len(READERS[name](text) or "") < SHORTEST_NUMBER:
        return f"has less than {SHORTEST_NUMBER} characters"
    return "is what is filled in where none is known"


def _unreadable(name: str, text: str) -> tuple[str, str, bool]:
    if name == "phone" and READERS["phone"](_without_extension(text)) is not None:
        return "has an extension, as telephones of many people do", _BY_NONE, True
    if name == "zip" and _POSTCODE_ABROAD.fullmatch(text):
        return "is no ZIP code of the United States", _BY_NONE, True
    return "cannot be read", _MENDS[name], False


def _without_extension(text: str) -> str:
    return re.split(r"[A-Za-z#;,]", text, maxsplit=1)[0]


def _of_date(text: str, today: date) -> Iterator[tuple[str, str, bool]]:
    """The reason that helps most, of several."""
    mend, born = _MENDS["date_of_birth"], READERS["date_of_birth"](text)
    is_part = _PART_OF_A_DATE.fullmatch(text) is not None
    if (born or (text if is_part else "")) > today.isoformat():
        yield "is in the future", mend, False
    elif is_part:
        yield "is no whole day", _BY_NONE, True
    elif born is None:
        reasons = {
            _DAYS_OF_A_SHEET: "is a number of days, as Excel counts them",
            _SHORT_YEAR: "has a year of two digits",
            _DAY_FIRST: "is written day first",
            _BEFORE_1890: "is before 1890",
        }
        yield next((said for form, said in reasons.items() if form.fullmatch(text)), "cannot be read"), mend, False
