"""Single values of a file of patients, as they are taken from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from ivr.directory.problems import Problem

NO_TEXT = ("the line has bytes that are no text", "save it as UTF-8, or say --encoding cp1252 where Windows wrote it")

NOTHING = frozenset({"n/a", "na", "nan", "none", "null", "unknown"})
"""What people and programs write where they have nothing. Never asked of names: there are people called Null."""

MAY_BE_NOTHING = frozenset(
    {
        *("zip", "phone", "mrn", "phone_since", "own_doctor", "deceased", "replaced_by"),
        *("proof", "proof_seen_on", "from", "until"),
    }
)


HIDDEN = "has characters that do not show, which are left out"
"""What is so of a value that looks otherwise than it is written: the cause of its warning."""
_SHOWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters, marks and signs without any form. Unicode counts the rest of what does not show as formatting (Cf)."""


def is_hidden(character: str) -> bool:
    """Whether it does not show, or tells only how others are shown: as from right to left."""
    return unicodedata.category(character) == "Cf" or _SHOWN_AS_NOTHING.match(character) is not None


def text_of(value: Any) -> str:
    """A text with single spaces, without characters that do not show; empty where it is no text."""
    if not isinstance(value, str):
        return ""
    plain = " ".join(value.split())
    return plain if plain.isascii() else " ".join("".join(one for one in plain if not is_hidden(one)).split())


def hidden_in(written: Iterable[tuple[str, Any]], file: str, line: int) -> Iterator[Problem]:
    """A warning for each value of which characters are left out; of lists and maps, for all that is in them."""
    for name, value in written:
        if any(not text.isascii() and any(map(is_hidden, text)) for text in _texts(value)):
            mend = "look whether it was meant to be taken for another"
            yield Problem(file, line, f"the {name} {HIDDEN}", mend, True, HIDDEN, about=name)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def values_of(written: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """The values that say anything, by name."""
    texts = ((name, text_of(value)) for name, value in written)
    return {name: text for name, text in texts if text and not (name in MAY_BE_NOTHING and text.casefold() in NOTHING)}


def yes_or_no(text: str) -> bool | None:
    """True or False; None where it says neither."""
    plain = text.casefold()
    return True if plain in ("true", "yes", "y", "1") else False if plain in ("false", "no", "n", "0") else None


def day_of(text: str) -> date | None:
    """A day that is written YYYY-MM-DD, else None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def first_day(text: str) -> date | None:
    """The day on which a FHIR dateTime begins, whose day and month may be unknown; None where it cannot be read."""
    return day_of(text[:10]) or _month(text) or _month(f"{text}-01")


def last_day(text: str) -> date | None:
    """The last day of the same: of a month or a year that is known only as such, its last one."""
    if day := day_of(text[:10]):
        return day
    if month := _month(text):
        return _month_after(month) - timedelta(days=1)
    return _month(f"{text}-12") and date(int(text), 12, 31)


def _month(text: str) -> date | None:
    return day_of(f"{text}-01") if len(text) == 7 else None


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
