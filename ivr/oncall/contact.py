"""By which numbers the person of a page is reached: by the rule that held when the page was made, until it is over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import newest
from ivr.core.unit_of_work import Work
from routing.contact import ContactNumbers


def numbers_of(work: Work, row: Row[Any]) -> ContactNumbers | None:
    """The numbers of the person of a page; None where the configuration has them no more."""
    person = newest(work).people.get(row.person_id)
    return person.contact(row.made_at) if person is not None else None


def find_second(work: Work, row: Row[Any]) -> str | None:
    """The telephone that is still to be rung for a page; None where it was, there is none, or the page is over."""
    if row.state != "open" or row.second_at is not None:
        return None
    numbers = numbers_of(work, row)
    return numbers.second if numbers is not None else None
