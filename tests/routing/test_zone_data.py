"""How old the tz database is, and where clocks follow new rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from routing.zone_data import AGEING, GRACE, RELEASES, STALE, age, changed_rules, verdict
from routing.zones import tzdata_version
from tests.routing.table import ZONES

NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("version", "published"),
    [("2026d", "2026-09-11"), ("2026e", "2026-09-11"), ("2026a", "2026-01-01"), ("2027c", "2027-01-01")],
)
def test_a_release_is_dated_by_the_newest_known_that_is_not_newer(version: str, published: str) -> None:
    assert age(NIGHT, version) == NIGHT - day(published)


@pytest.mark.parametrize(
    ("version", "at", "found"),
    [
        ("2026c", day("2026-09-11") + GRACE, "fresh"),
        ("2026c", day("2026-09-12") + GRACE, "stale"),
        ("2026d", day("2026-09-11") + AGEING, "fresh"),
        ("2026d", day("2026-09-12") + AGEING, "ageing"),
        ("2026d", day("2026-09-11") + STALE, "ageing"),
        ("2026d", day("2026-09-12") + STALE, "stale"),
        ("2027a", day("2026-11-01"), "fresh"),
    ],
)
def test_a_release_is_stale_after_a_year_or_a_month_after_a_newer_one(version: str, at: datetime, found: str) -> None:
    assert verdict(at, version) == found


def test_the_releases_are_in_order_and_the_one_in_use_knows_the_newest() -> None:
    assert list(RELEASES) == sorted(RELEASES, key=lambda release: release[1])
    assert tzdata_version() >= RELEASES[-1][0]


def test_the_zones_that_gave_up_changing_are_told_with_the_day_they_did() -> None:
    found = {changed.zone: changed for changed in changed_rules(ZONES, NIGHT)}
    assert set(found) == {"America/Vancouver", "America/Edmonton", "Africa/Casablanca"}
    west = found["America/Vancouver"]
    assert (west.since, west.now) == (datetime(2026, 3, 8, 10, tzinfo=UTC), (timedelta(hours=-7),))
    assert west.before == (timedelta(hours=-8), timedelta(hours=-7))


def test_a_change_of_rules_is_news_for_two_years() -> None:
    kept = [changed_rules(["America/Edmonton"], day(text)) != () for text in ("2024-06-01", "2026-06-01", "2029-06-01")]
    assert kept == [False, True, False]
