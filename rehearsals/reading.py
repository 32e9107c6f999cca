"""Readers of the values in a rehearsal. A reader takes text; its ValueError says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from callflows.prompts import CATALOGUES, DEFAULT_LANGUAGE, languages
from ivr.closures.register import READY
from ivr.core.instants import FIRST_YEAR, LAST_YEAR, is_reckoned_with, parse_instant
from ivr.directory.problems import nearest
from phonesim.errors import FaultError
from phonesim.faults import FAULTS
from phonesim.faults import read as read_fault
from routing.zones import known_zone, occurrences, to_local

Reader = Callable[[Any], Any]

_DURATION = re.compile(r"(?:([0-9]{1,9})h)?\s*(?:([0-9]{1,9})m)?\s*(?:([0-9]{1,9})s)?")
_LONGEST = timedelta(days=366)
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_KEYS = re.compile(r"[0-9*#]+")
PHONE_STATES = {"engaged": "busy", "switched off": "switched-off", "out of reach": "unreachable", "free": "manual"}
"""What a phone may be, and how phones of the network are told to behave so."""
_NEWEST = {
    "the newest call": "/calls",
    "the newest message": "/messages",
    "the newest recording": "/recordings",
    "the newest summary": "/morning-summaries",
}
_DUE = re.compile(r"([a-z-]+) by (?:(\d{4}-\d{2}-\d{2}) )?(\d{2}:\d{2}) ([A-Za-z_+\-0-9/]+)(?: \((first|second)\))?")
AN_INSTANT = "an instant such as 2026-11-02 09:00 America/Chicago"
OUTCOMES = (
    *("hung-up", "hung up", "hung up, care goes on", "promised", "message left", "short talk", "declined", "done"),
    *("dialled in", "put off"),
    *("let go", "gone", "called back", "cut off", "not reached", "with an agent", "with a clinician", "with the house"),
    *("rung back", "none", "failed", "never answered"),
)
"""How a caller's conversation may end; the last three where none was had, "rung back" where it went on elsewhere."""
A_PROMISE = "a promise such as: callback by 12:00 America/Chicago, or by 01:30 America/Chicago (second)"


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of promise and the local time by which it is due; without ``day`` any day will do.

    ``turn`` says which of the two it is in an hour that comes twice, 0 or 1; None where the hour does not.
    """

    kind: str
    day: date | None
    hour: time
    zone: str
    turn: int | None = None

    def is_at(self, instant: datetime) -> bool:
        """Return whether ``instant`` is that time."""
        local = to_local(instant, self.zone)
        there = local.time().replace(second=0, microsecond=0, fold=0) == self.hour and self.day in (None, local.date())
        return there and self.turn in (None, turn_of(local, self.zone))


def turn_of(local: datetime, zone: str) -> int | None:
    """Return which time the clocks of a zone show this hour on that day: 0 or 1, or None where they show it once."""
    instants = occurrences(local.replace(tzinfo=None, fold=0), zone)
    return None if len(instants) < 2 else int(local.astimezone(UTC) != instants[0])


def words(written: Any) -> str:
    """What is said or heard."""
    return _text(written, "words")


def keys(written: Any) -> str:
    """Keys of a phone."""
    text = _text(written, "keys of a phone: 0-9 * #").replace(" ", "")
    if not _KEYS.fullmatch(text):
        raise ValueError("keys of a phone: 0-9 * #")
    return text


def number(written: Any) -> str:
    """A phone number."""
    text = _text(written, "a phone number such as +13125550100")
    if not _NUMBER.fullmatch(text):
        raise ValueError("a phone number such as +13125550100, in quotes")
    return text


def duration(written: Any) -> timedelta:
    """How long."""
    text = _text(written, "a duration such as 30s or 2m")
    found = _DURATION.fullmatch(text)
    if not found or not text:
        raise ValueError("a duration such as 30s, 2m or 1h 30m")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if length > _LONGEST:
        raise ValueError("a duration of at most a year")
    return length


def instant(written: Any) -> datetime:
    """When, with its zone."""
    text = _text(written, AN_INSTANT)
    try:
        found = parse_instant(text)
    except ValueError as wrong:
        raise ValueError(f"{AN_INSTANT}: {wrong}") from None
    except OverflowError:
        found = None
    if found is None or not is_reckoned_with(found):
        raise ValueError(f"an instant between {FIRST_YEAR} and {LAST_YEAR}")
    return found


def word(wanted: str) -> Reader:
    """A reader of one word alone, so that no other one is written and changes nothing."""

    def read(written: Any) -> str:
        if written != wanted:
            raise ValueError(f"{wanted}, or leave it out")
        return wanted

    return read


def count(written: Any) -> int:
    """How many."""
    text = _text(written, "a whole number")
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError("a whole number")
    return int(text)


def due(written: Any) -> Due:
    """What was promised, by when."""
    found = _DUE.fullmatch(_text(written, A_PROMISE))
    if not found or not known_zone(found[4]):
        raise ValueError(A_PROMISE)
    try:
        day, hour = date.fromisoformat(found[2]) if found[2] else None, time.fromisoformat(found[3])
    except ValueError:
        raise ValueError(A_PROMISE) from None
    if day is not None:
        _check_clocks(datetime.combine(day, hour), found[4], found[5])
    turn = {"first": 0, "second": 1}.get(found[5] or "")
    return Due(found[1], day, hour, found[4], turn)


def _check_clocks(wall: datetime, zone: str, turn: str | None) -> None:
    """Refuse a time that clocks never show, one that they show twice without saying which, and the reverse."""
    shown = len(occurrences(wall, zone))
    if shown == 0:
        raise ValueError(f"a time that clocks show: those of {zone} jump over {wall:%Y-%m-%d %H:%M}")
    if shown == 2 and turn is None:
        raise ValueError(f"{wall:%H:%M} {zone} (first) or (second): clocks show {wall:%Y-%m-%d %H:%M} twice")
    if shown == 1 and turn is not None:
        raise ValueError(f"{wall:%H:%M} {zone} without ({turn}): clocks show {wall:%Y-%m-%d %H:%M} once")


def person(written: Any) -> str:
    """Somebody with a phone."""
    return _text(written, "the name of a person")


def people(written: Any) -> tuple[str, ...]:
    """Several of them."""
    if not isinstance(written, list) or len(written) < 2:
        raise ValueError("at least two people, such as [caller, dr-lee]")
    return tuple(person(one) for one in written)


def several(written: Any) -> tuple[str, ...]:
    """One word or a list of them."""
    return tuple(words(one) for one in (written if isinstance(written, list) else [written]))


def outcomes(written: Any) -> tuple[str, ...]:
    """How the conversation of each caller ends, in the order in which they called.

    An outcome that holds a comma need not be quoted in a list: ``[hung up, care goes on]`` is one.
    """
    read: tuple[str, ...] = ()
    for one in several(written):
        whole = f"{read[-1]}, {one}" if read else one
        read = (*read[:-1], whole) if whole in OUTCOMES else (*read, one)
    for one in read:
        if one not in OUTCOMES:
            raise ValueError(f"an outcome that a call can have: {one!r} is none; {nearest(one, OUTCOMES)}")
    return read


def language(written: Any) -> str:
    """A language that callers are served in."""
    text = _text(written, "a language such as en-US")
    if text not in languages():
        raise ValueError(f"a language that prompts are spoken in; {nearest(text, languages())}")
    return text


def prompt(written: Any) -> str:
    """A prompt by its name in the catalogues."""
    text = _text(written, "the name of a prompt such as notice.opt_out")
    if text not in CATALOGUES[DEFAULT_LANGUAGE]:
        raise ValueError(f"the name of a prompt; {nearest(text, CATALOGUES[DEFAULT_LANGUAGE])}")
    return text


def page(written: Any) -> str:
    """A page of the console, or the newest of one of its lists."""
    text = _text(written, "a page such as /calls or the newest call")
    if not text.startswith("/") and text not in _NEWEST:
        raise ValueError(f"a page; {nearest(text, _NEWEST)}")
    return text


def list_of_newest(page: str) -> str | None:
    """Return the list that shows the newest one first, or None for a page of its own."""
    return _NEWEST.get(page)


def recording_kind(written: Any) -> str:
    """Which recordings: those of calls, or messages that callers left."""
    text = _text(written, "call or message")
    if text not in ("call", "message"):
        raise ValueError("call or message")
    return text


def share(written: Any) -> float:
    """How sure the recogniser is."""
    text = _text(written, "a number from 0 to 1")
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
        raise ValueError("a number from 0 to 1")
    return float(text)


def fault(written: Any) -> str:
    """A fault of the phone network, with its value where it takes one."""
    text = _text(written, "a fault such as rest-busy or callbacks-lost=0.3")
    try:
        read_fault(text)
    except FaultError as problem:
        raise ValueError(f"a fault such as rest-busy or callbacks-lost=0.3 ({problem})") from None
    return text


def fault_name(written: Any) -> str:
    """The name of a fault, without a value."""
    text = _text(written, "the name of a fault such as rest-busy")
    if text not in FAULTS:
        raise ValueError(f"the name of a fault; {nearest(text, FAULTS)}")
    return text


def expected(reader: Reader) -> str:
    """Return what a reader expects, in words."""
    try:
        reader(None)
    except ValueError as wanted:
        return str(wanted)
    return "anything"


def phone_state(written: Any) -> str:
    """What becomes of calls to a phone."""
    if written not in PHONE_STATES:
        raise ValueError(f"one of {', '.join(PHONE_STATES)}")
    return str(written)


def closure_message(written: Any) -> str:
    """One of the messages about a closure that are ready."""
    if written not in READY:
        raise ValueError(f"one of {', '.join(READY)}")
    return str(written)


def _text(written: Any, expected: str) -> str:
    if not isinstance(written, str) or not written.strip():
        raise ValueError(expected)
    return written.strip()
