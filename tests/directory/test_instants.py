"""Instants on the command line say where they are."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from ivr.core.instants import InstantType, parse_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T09:30Z", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("2026-11-22T09:30+02:00", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("2026-11-01 01:30 America/Chicago (first)", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("2026-11-01 01:30 America/Chicago (second)", datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
        ("2026-11-22 09:30 Asia/Manila", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_utc(text: str, expected: datetime) -> None:
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("tomorrow", "not an instant"),
        ("2026-11-22 09:30", "does not say where"),
        ("2026-11-01 01:30 America/Chicago", "happens twice"),
        ("2026-03-08 02:30 America/Chicago", "does not exist"),
        ("2026-11-22 09:30 Chicago", "not a time zone"),
        ("2026-11-31 09:30 America/Chicago", "not a date and time"),
    ],
)
def test_an_unclear_instant_is_refused(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "9999-12-31 23:59 Pacific/Niue"],
)
def test_an_instant_that_nobody_can_reckon_with_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not between 1970 and 2199"):
        InstantType().convert(text, None, None)
