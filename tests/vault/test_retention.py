from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings_vault.errors import BadValue
from recordings_vault.retention import may_destroy, retention_until


@dataclass(frozen=True)
class Row:
    legal_hold: bool
    retention_until: datetime | None


UNTIL = datetime(2033, 11, 1, tzinfo=UTC)
INSTANTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        ("1d", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("2w", datetime(2024, 3, 14, 12, tzinfo=UTC)),
        ("12mo", datetime(2025, 3, 1, 12, tzinfo=UTC)),
        ("12m", datetime(2025, 3, 1, 12, tzinfo=UTC)),
        ("4y", datetime(2028, 2, 29, 12, tzinfo=UTC)),
        ("7y", datetime(2031, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_rule_counts_calendar_months_from_a_leap_day(rule: str, until: datetime) -> None:
    assert retention_until(datetime(2024, 2, 29, 12, tzinfo=UTC), rule) == until


def test_a_month_that_is_too_short_gives_the_first_of_the_next() -> None:
    assert retention_until(datetime(2026, 12, 31, tzinfo=UTC), "2m") == datetime(2027, 3, 1, tzinfo=UTC)


def test_a_rule_counts_from_the_instant_not_from_its_zone() -> None:
    chicago = timezone(timedelta(hours=-6))
    assert retention_until(datetime(2026, 1, 31, 23, tzinfo=chicago), "1m") == datetime(2026, 3, 1, 5, tzinfo=UTC)


@given(INSTANTS, st.integers(1, 50))
def test_years_are_never_shorter_than_the_calendar_says(stored_at: datetime, years: int) -> None:
    until = retention_until(stored_at, f"{years}y")
    assert (until.year, until.month, until.day) >= (stored_at.year + years, stored_at.month, stored_at.day)
    assert until - stored_at <= timedelta(days=366 * years)


@pytest.mark.parametrize("rule", ["", "7", "y", "0d", "-1y", "7 y", "7Y", "1.5y", "7y\n", "123456d"])
def test_what_is_not_a_rule_is_refused(rule: str) -> None:
    with pytest.raises(BadValue, match="90d"):
        retention_until(UNTIL, rule)


def test_a_rule_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadValue, match="9999"):
        retention_until(UNTIL, "9000y")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(BadValue, match="time zone"):
        retention_until(datetime(2026, 1, 1), "1d")


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, False), (0, True), (1, True)])
def test_destruction_is_allowed_from_the_very_instant_retention_ends(seconds: int, allowed: bool) -> None:
    assert may_destroy(Row(False, UNTIL), UNTIL + timedelta(seconds=seconds)).allowed is allowed


@pytest.mark.parametrize("early", [False, True])
def test_legal_hold_beats_everything(early: bool) -> None:
    ruling = may_destroy(Row(True, UNTIL), UNTIL + timedelta(days=9), before_retention=early)
    assert not ruling.allowed
    assert "legal hold" in ruling.reasons[0]


def test_every_reason_is_given() -> None:
    assert len(may_destroy(Row(True, UNTIL), UNTIL - timedelta(days=1)).reasons) == 2


def test_retention_yields_when_told_and_where_there_is_no_rule() -> None:
    assert may_destroy(Row(False, UNTIL), UNTIL - timedelta(days=1), before_retention=True).allowed
    assert may_destroy(Row(False, None), UNTIL).allowed
