"""Calendars of countries that keep some holidays in parts of them only."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.draft import OPERATOR, Draft, file_of
from ivr.directory.problems import Problem, some
from ivr.directory.schema.hours import Holidays
from ivr.directory.yaml_reader import Place
from routing.holiday_rules import parts_with_more

MOST_PARTS = 6


def problems(draft: Draft) -> Iterator[Problem]:
    """A calendar that stands for a whole country leaves out what only its parts keep, and nobody would notice."""
    for file, place, holidays in _written(draft):
        if holidays is None or holidays.calendar in (None, "US") or holidays.state or not holidays.closes:
            continue
        parts = parts_with_more(str(holidays.calendar)) if holidays.observe is None else ()
        if parts:
            what = f"the calendar {holidays.calendar} without a part leaves out holidays that only parts of it keep"
            mend = f"add state: one of {some(parts, MOST_PARTS)}; or name under observe the holidays that count"
            yield draft.problem(file, (*place, "calendar"), what, mend, warning=True)


def _written(draft: Draft) -> Iterator[tuple[str, Place, Holidays | None]]:
    for name, site in draft.operator.sites.items():
        yield OPERATOR, ("sites", name, "holidays"), site.holidays
    for name, practice in draft.practices.items():
        for location, entry in practice.locations.items():
            yield file_of("practices", name), ("locations", location, "holidays"), entry.holidays
