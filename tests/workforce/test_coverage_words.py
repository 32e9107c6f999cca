"""Gaps in words: every time of them, and no more lines than it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.directory.organisation import read_folder
from ivr.workforce.coverage import find_gaps
from ivr.workforce.coverage_causes import cause_of
from ivr.workforce.coverage_words import dates_of
from routing.spans import Span
from routing.zones import to_utc
from tests.directory.conftest import AT, EXAMPLE

CHICAGO = "America/Chicago"
MONDAYS = [f"2026-{day}" for day in ("11-02", "11-09", "11-16", "11-23", "11-30", "12-07", "12-14")]
LUNCH = "12:00 to 13:00"


def lunches(*days: str) -> tuple[Span, ...]:
    starts = (to_utc(datetime.fromisoformat(f"{day}T12:00"), CHICAGO) for day in days)
    return tuple(Span(start, start + timedelta(hours=1)) for start in starts)


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        (lunches("2026-11-02"), (f"{LUNCH} on Mon 2026-11-02",)),
        (
            lunches("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-09"),
            (f"{LUNCH} on 2026-11-02 to 2026-11-04, Mon 2026-11-09",),
        ),
        (
            lunches(*MONDAYS),
            (f"{LUNCH} on every Mon 2026-11-02 to 2026-12-14",),
        ),
        (
            (Span(to_utc(datetime(2026, 11, 2, 22), CHICAGO), to_utc(datetime(2026, 11, 3, 6), CHICAGO)),),
            ("22:00 to 06:00 the next day on Mon 2026-11-02",),
        ),
    ],
)
def test_all_times_of_a_gap_are_told_by_the_clocks_of_its_place(spans: tuple[Span, ...], told: tuple[str, ...]) -> None:
    gap = find_gaps(read_folder(EXAMPLE, at=AT), AT, AT + timedelta(days=2), people=9)[0]
    assert gap.line.zone == CHICAGO
    assert dates_of(cause_of(replace(gap, spans=spans))) == told
