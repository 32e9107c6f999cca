"""Clinicians who can be paged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ivr.directory import values
from ivr.directory.schema import OnCallFile
from routing.agents import Licence
from routing.licence_kinds import Scope


@dataclass(frozen=True, slots=True)
class OnCallPerson:
    """A clinician who can be paged. ``sms`` is None where texts do not reach them, ``zone`` where it is not known.

    Calendars know them by ``calendar_names``. A text reminds them of a shift ``remind`` before it, where that is given.
    """

    id: str
    name: str
    voice: str
    sms: str | None
    licences: tuple[Licence, ...]
    zone: str | None = None
    calendar_names: tuple[str, ...] = ()
    remind: timedelta | None = None


def people_of(on_call: OnCallFile, kinds: Mapping[str, Scope]) -> dict[str, OnCallPerson]:
    """Everybody in oncall.yaml; ``kinds`` says what each kind of licence allows."""
    found = {}
    for name, one in on_call.people.items():
        held, known = values.licences(one.licences, kinds), (one.name, *(one.calendar_names or ()))
        found[name] = OnCallPerson(name, one.name, one.voice, one.sms, held, one.timezone, known, one.remind)
    return found
