"""Reading a calendar of somebody else (RFC 5545) as shifts of our people.

``python -m ivr.rotas.calendar_reading`` reads one from its standard input, so that whoever has to go on can give up on
a calendar that takes too long: some rules of repetition never come to an end.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from routing.zones import known_zone, to_utc

MOST_EVENTS, MOST_SHIFTS = 5000, 5000
"""How many events a calendar may have, and how many shifts may come of them."""
MOST_MEMORY = 1 << 30
"""How many bytes a process of its own may take: a calendar of two megabytes can unroll into all there are."""
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}


class UnreadableCalendar(Exception):
    """What is no calendar, or none that can be followed; the text is a code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Shifts, each from when until when and by whom, in order; how many events named nobody whom we know."""

    shifts: tuple[tuple[datetime, datetime, tuple[str, ...]], ...]
    unknown: int


def read_calendar(
    text: bytes, zone: str, names: Mapping[str, Sequence[str]], start: datetime, end: datetime
) -> Reading:
    """The shifts of a calendar from ``start`` to ``end``. Raises UnreadableCalendar.

    ``names`` are the names and e-mail addresses by which calendars know each of our people. Times without a zone, and
    days, are those of ``zone``.
    """
    calendar = _parse(text)
    found, unknown = [], 0
    for event in _occurrences(calendar, start, end):
        people = _people_of(event, names)
        if not people:
            unknown += 1
            continue
        begins, ends = _instant(event["DTSTART"].dt, zone, "first"), _instant(event["DTEND"].dt, zone, "second")
        if begins < ends:
            found.append((begins, ends, people))
    return Reading(tuple(sorted(set(found))), unknown)


def _parse(text: bytes) -> Calendar:
    try:
        calendar = Calendar.from_ical(text)
    except Exception as problem:  # whatever the library makes of bytes that are no calendar
        raise UnreadableCalendar("unreadable") from problem
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise UnreadableCalendar("too-many-events")
    if any(_frequencies(event) & _TOO_OFTEN for event in events):
        raise UnreadableCalendar("repeats-too-often")
    return calendar


def _frequencies(event: Any) -> set[str]:
    rule = event.get("RRULE", [])
    try:
        return {often for one in (rule if isinstance(rule, list) else [rule]) for often in one.get("FREQ", [])}
    except Exception as problem:  # a rule that the library has given up on
        raise UnreadableCalendar("unreadable") from problem


def _occurrences(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Any]:
    """Every occurrence that touches the time; cancelled ones, and those that begin when they end, left out."""
    try:
        found = list(islice(_touching(calendar, start, end), MOST_SHIFTS + 1))
    except Exception as problem:  # a date that is none, a rule that contradicts itself
        raise UnreadableCalendar("unreadable") from problem
    if len(found) > MOST_SHIFTS:
        raise UnreadableCalendar("too-many-events")
    yield from found


def _touching(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Any]:
    for event in recurring_ical_events.of(calendar).between(start, end):
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield event


def _instant(moment: date | datetime, zone: str, repeated: Any) -> datetime:
    """An instant; a day is its midnight, and a time without a zone is one of ``zone``."""
    if not isinstance(moment, datetime):
        return to_utc(datetime.combine(moment, time()), zone, repeated=repeated)
    if moment.tzinfo is None:
        return to_utc(moment.replace(second=0, microsecond=0), zone, repeated=repeated)
    named = getattr(moment.tzinfo, "key", "")
    if named != "UTC" and known_zone(named):
        return to_utc(moment.replace(tzinfo=None, fold=0), named, repeated=repeated)
    return moment.astimezone(UTC)


def _people_of(event: Any, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Whoever an event is about, in the order in which it names them: those who attend it, else those in its title."""
    attending = " | ".join(_attendees(event))
    return _named_in(attending, names) or _named_in(str(event.get("SUMMARY", "")), names)


def _attendees(event: Any) -> Iterator[str]:
    attendees = event.get("ATTENDEE", [])
    for one in attendees if isinstance(attendees, list) else [attendees]:
        yield str(one).split(":", 1)[-1]
        yield str(getattr(one, "params", {}).get("CN", ""))


def _named_in(text: str, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    plain = f" {_plain(text)} "
    places = {
        person: min((plain.find(f" {_plain(name)} ") for name in known if f" {_plain(name)} " in plain), default=-1)
        for person, known in names.items()
    }
    return tuple(sorted((person for person in places if places[person] >= 0), key=lambda one: places[one]))


def _plain(text: str) -> str:
    """Small letters without accents, and what stands between words as one space each."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w@.+-]+|\.(?!\w)|(?<!\w)[.-]", " ", letters).split())


def main() -> None:
    """Read ``{calendar, zone, names, start, end}`` and write ``{shifts, unknown}`` or ``{problem}``, all as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = json.load(sys.stdin)
    try:
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
        found = read_calendar(asked["calendar"].encode("latin-1"), asked["zone"], asked["names"], start, end)
    except UnreadableCalendar as problem:
        json.dump({"problem": str(problem)}, sys.stdout)
        return
    shifts = [[begins.isoformat(), ends.isoformat(), list(people)] for begins, ends, people in found.shifts]
    json.dump({"shifts": shifts, "unknown": found.unknown}, sys.stdout)


if __name__ == "__main__":
    main()
