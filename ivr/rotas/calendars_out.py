"""Shifts as a calendar that others subscribe to: who is on call when, and nothing about a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from icalendar import Calendar, Event

from ivr.rotas.duties import PersonalShift


def write_calendar(
    title: str, shifts: Iterable[tuple[str, PersonalShift]], names: Mapping[str, str], at: datetime
) -> bytes:
    """The shifts, each with the person whose it is, as of ``at`` (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sunline//rotas//EN")
    calendar.add("version", "2.0")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    for person, shift in shifts:
        calendar.add_component(_event(person, shift, names.get(person, person), at))
    return bytes(calendar.to_ical())


def _event(person: str, shift: PersonalShift, name: str, at: datetime) -> Event:
    event = Event()
    told = f"{shift.rota} {person} {shift.start.isoformat()}"
    event.add("uid", f"{sha256(told.encode()).hexdigest()[:32]}@sunline")
    event.add("dtstamp", at)
    event.add("dtstart", shift.start)
    event.add("dtend", shift.end)
    event.add("summary", f"{name} on call, {shift.rota}" if shift.first else f"{name} also on call, {shift.rota}")
    return event
