"""Reading what people write: values are text, and every problem names its file, line and mend.

A reader of a value takes it and raises ValueError with what it expected.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from phonesim.tree import Item
from phonesim.values import FIRST_YEAR, LAST_YEAR, MOST

Read = Callable[[Item, "Reader"], Any]
LONGEST = 366 * 86400
"""Seconds of the longest duration: virtual time ends before a longer one."""
DURATION = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+(?:\.\d+)?)s)?")


class Reader:
    """Collects the problems of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def complain(self, item: Item, what: str, mend: str) -> None:
        """Note a problem at the line of ``item``."""
        self.problems.append(f"{self.path}:{item.line}: {what}; {mend}")

    def value(self, item: Item, read: Read) -> Any:
        """One value; None after a complaint, when ``read`` raised ValueError with what it expected."""
        try:
            return read(item, self)
        except ValueError as expected:
            shown = repr(item.text) if item.text is not None else "this"
            self.complain(item, f"{shown} cannot be read", f"write {expected}")
            return None

    def record(self, item: Item, fields: Mapping[str, Read], needed: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping with known keys."""
        if not isinstance(item.value, dict):
            raise ValueError(f"keys such as {', '.join(list(fields)[:4])}")
        for name in needed:
            if name not in item.value:
                self.complain(item, f"{name!r} is missing", f"write {name}: ...")
        for name, value in item.value.items():
            if name not in fields:
                near = get_close_matches(name, fields, 1)
                mend = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(fields)}"
                self.complain(value, f"unknown key {name!r}", mend)
        return {name: self.value(value, fields[name]) for name, value in item.value.items() if name in fields}


def text(item: Item, _reader: Reader) -> str:
    """Any words."""
    if not item.text:
        raise ValueError("words")
    return item.text


def texts(item: Item, reader: Reader) -> tuple[str, ...]:
    """One text or a list of them."""
    return tuple(text(one, reader) for one in item.items)


def seconds(item: Item, _reader: Reader) -> float:
    """A duration."""
    found = DURATION.fullmatch(item.text or "")
    if not found or not item.text:
        raise ValueError("a duration such as 30s, 2m or 1h 30m")
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    length = hours * 3600 + minutes * 60 + rest
    if length > LONGEST:
        raise ValueError("a duration of at most a year")
    return length


def some_seconds(item: Item, reader: Reader) -> float:
    """A duration above zero."""
    length = seconds(item, reader)
    if length <= 0:
        raise ValueError("a duration above 0s")
    return length


def number(item: Item, _reader: Reader) -> float:
    """A number above zero that can be reckoned with."""
    try:
        found = float(item.text or "")
    except ValueError:
        found = 0.0
    if not 1 / MOST <= found <= MOST:
        raise ValueError("a number above 0, and no more than a billion")
    return found


def whole(item: Item, _reader: Reader) -> int:
    """A whole number above zero."""
    if not re.fullmatch("0*[1-9][0-9]{0,14}", item.text or ""):
        raise ValueError("a whole number above 0, of at most 15 digits")
    return int(item.text or 0)


def instant(item: Item, _reader: Reader) -> datetime:
    """An instant with its zone."""
    try:
        found = datetime.fromisoformat(item.text or "")
    except ValueError:
        found = datetime.min
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"an instant from {FIRST_YEAR} to {LAST_YEAR}, such as 2026-11-03T15:00:00+00:00")
    return found.astimezone(UTC)
