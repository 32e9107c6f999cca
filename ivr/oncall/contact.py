"""By which numbers the person of a page is reached: by the rule that held when the page was made, until it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import newest
from ivr.core.unit_of_work import Work
from ivr.directory.people import OnCallPerson
from ivr.oncall.changed_numbers import with_old_numbers
from routing.contact import ContactNumbers


def find_numbers(work: Work, person: OnCallPerson, at: datetime) -> ContactNumbers:
    """The numbers of somebody at an instant. A telephone that was taken from them lately is rung second."""
    return with_old_numbers(work.connection, person.id, person.contact(at), at)[0]


def numbers_of(work: Work, row: Row[Any]) -> ContactNumbers | None:
    """The numbers of the person of a page; None where the configuration has them no more."""
    person = newest(work).people.get(row.person_id)
    return find_numbers(work, person, row.made_at) if person is not None else None


def find_second(work: Work, row: Row[Any]) -> str | None:
    """The telephone that is still to be rung for a page; None where it was, there is none, or the page is over."""
    if row.state != "open" or row.second_at is not None:
        return None
    numbers = numbers_of(work, row)
    return numbers.second if numbers is not None else None


def find_old_text(work: Work, row: Row[Any]) -> str | None:
    """Where the text of a page goes besides, because the number of its person was changed lately."""
    person = newest(work).people.get(row.person_id)
    if person is None:
        return None
    return with_old_numbers(work.connection, person.id, person.contact(row.made_at), row.made_at)[1]
