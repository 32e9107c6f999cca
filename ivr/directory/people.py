"""Clinicians who can be paged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.directory import values
from ivr.directory.schema import OnCallFile
from ivr.directory.schema.contact import NO
from ivr.directory.schema.oncall import PersonEntry
from routing.agents import Licence
from routing.contact import ContactNumbers, ContactRule, numbers_at
from routing.licence_kinds import Scope


@dataclass(frozen=True, slots=True)
class OnCallPerson:
    """A clinician who can be paged. ``sms`` is None where texts do not reach them, ``zone`` where it is not known.

    Calendars know them by ``calendar_names``. A text reminds them of a shift ``remind`` before it, where that is given.
    ``voice`` and ``sms`` are the usual numbers: what is rung or texted is asked of :meth:`contact`.
    """

    id: str
    name: str
    voice: str
    sms: str | None
    licences: tuple[Licence, ...]
    zone: str | None = None
    calendar_names: tuple[str, ...] = ()
    remind: timedelta | None = None
    rules: tuple[ContactRule, ...] = ()

    def contact(self, at: datetime) -> ContactNumbers:
        """The numbers by which they are reached at an instant."""
        return numbers_at(ContactNumbers(self.voice, self.sms), self.rules, self.zone or "UTC", at)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number by which they may be reached, each once."""
        written = [(one.voice, one.text, one.second) for one in self._written]
        return tuple(dict.fromkeys(number for numbers in written for number in numbers if number is not None))

    @property
    def rung(self) -> frozenset[str]:
        """Those of them that are rung."""
        return frozenset(number for one in self._written for number in (one.voice, one.second) if number is not None)

    @property
    def texted(self) -> frozenset[str]:
        """Those of them that are texted."""
        return frozenset(one.text for one in self._written if one.text is not None)

    def ways(self, *uses: str) -> tuple[object, ...]:
        """Everything that decides by which numbers they are reached for ``uses``: of voice, text and second."""
        usual = tuple(getattr(ContactNumbers(self.voice, self.sms), use) for use in uses)
        ruled = tuple(
            (one.window, sorted(one.days), *(getattr(one.numbers, use) for use in uses)) for one in self.rules
        )
        matters = tuple(one for one in ruled if one[2:] != usual)
        return usual, matters, self.zone if matters else None

    @property
    def _written(self) -> tuple[ContactNumbers, ...]:
        return (ContactNumbers(self.voice, self.sms), *(rule.numbers for rule in self.rules))


def people_of(on_call: OnCallFile, kinds: Mapping[str, Scope]) -> dict[str, OnCallPerson]:
    """Everybody in oncall.yaml; ``kinds`` says what each kind of licence allows."""
    found = {}
    for name, one in on_call.people.items():
        held, known = values.licences(one.licences, kinds), (one.name, *(one.calendar_names or ()))
        found[name] = OnCallPerson(
            name, one.name, one.voice, one.sms, held, one.timezone, known, one.remind, contact_of(one)
        )
    return found


def contact_of(entry: PersonEntry) -> tuple[ContactRule, ...]:
    """The rules of a clinician, each with what it leaves to the usual numbers."""
    return tuple(
        ContactRule(
            ContactNumbers(one.voice or entry.voice, None if one.text == NO else one.text or entry.sms, one.second),
            one.window,
            one.days,
        )
        for one in entry.contact
    )
