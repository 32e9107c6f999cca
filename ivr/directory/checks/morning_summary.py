"""Summaries of the night that would never be made, or of which nobody would be told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ivr.directory import values
from ivr.directory.checks.names import repeated
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.morning_summary import MorningSummary
from routing.nights import longest_night

KEY = "morning_summary"
HALF_AN_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)


def problems(draft: Draft, at: datetime) -> Iterator[Problem]:
    """What cannot work of what is written about summaries, judged by the hours of the year after ``at``."""
    for name, practice in draft.practices.items():
        if practice.morning_summary != MorningSummary():
            for place, what, mend in _of_practice(practice, at):
                yield draft.problem(file_of("practices", name), (KEY, *place), what, mend)


def _of_practice(practice: PracticeFile, at: datetime) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    summary = practice.morning_summary
    if not summary.made:
        if summary.model_fields_set != {"made"}:
            yield ("made",), "there is no summary for which the other keys could count", "write true, or remove them"
        return
    for place, number in repeated((("text", index), number) for index, number in enumerate(summary.text)):
        yield place, f"{number} is listed twice", "keep one of the two"
    if not HALF_AN_HOUR <= summary.after_closed <= DAY:
        yield ("after_closed",), "a summary after less than 30m closed, or more than 24h", "write 30m to 24h"
        return
    yield from _never_made(practice, at)


def _never_made(practice: PracticeFile, at: datetime) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    calendars = {name: values.calendar(entry) for name, entry in practice.locations.items()}
    each = practice.morning_summary.each == "location"
    places = {name: [one] for name, one in calendars.items()} if each else {practice.practice: list(calendars.values())}
    for name, hours in places.items():
        longest = longest_night(hours, at)
        if longest is None:
            yield (), f"{name} never opens after a closing, so that there is never a summary", "write made: false"
        elif longest < practice.morning_summary.after_closed:
            minutes = int(longest.total_seconds() // 60)
            what = f"{name} is never closed for so long, so that there is never a summary"
            yield ("after_closed",), what, f"write at most {minutes // 60}h{minutes % 60}m, or made: false"
