"""Promised times, in the words a caller hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.core.times import spoken

CHICAGO, NEW_YORK = "America/Chicago", "America/New_York"
NOON = datetime(2026, 11, 3, 18, tzinfo=UTC)
"""Tuesday noon in Chicago, 13:00 in New York."""


@pytest.mark.parametrize(
    ("hours", "zone", "language", "words"),
    [
        (2, CHICAGO, "en-US", "2:00 PM today, Chicago time"),
        (2, NEW_YORK, "en-US", "3:00 PM today, New York time"),
        (11.5, CHICAGO, "en-US", "11:30 PM today, Chicago time"),
        (11.5, NEW_YORK, "en-US", "tomorrow at 12:30 AM, New York time"),
        (22, CHICAGO, "en-US", "tomorrow at 10:00 AM, Chicago time"),
        (45, CHICAGO, "en-US", "Thursday, November 5 at 9:00 AM, Chicago time"),
        (1, CHICAGO, "es-US", "hoy a la 1:00 p.m., hora de Chicago"),
        (22, CHICAGO, "es-US", "mañana a las 10:00 a.m., hora de Chicago"),
        (49, CHICAGO, "es-US", "el jueves 5 de noviembre a la 1:00 p.m., hora de Chicago"),
    ],
)
def test_a_time_is_said_with_its_day_and_its_zone(hours: float, zone: str, language: str, words: str) -> None:
    assert spoken(NOON + timedelta(hours=hours), NOON, zone, language) == words


def test_a_time_that_comes_twice_says_which() -> None:
    eve = datetime(2026, 11, 1, 1, tzinfo=UTC)
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    told = [spoken(first + timedelta(hours=hours), eve, CHICAGO, language) for language in _TONGUES for hours in (0, 1)]
    assert told == [
        "tomorrow at 1:30 AM, Chicago time, before the clocks go back",
        "tomorrow at 1:30 AM, Chicago time, after the clocks go back",
        "mañana a la 1:30 a.m., hora de Chicago, antes del cambio de hora",
        "mañana a la 1:30 a.m., hora de Chicago, después del cambio de hora",
    ]


_TONGUES = ("en-US", "es-US")
