"""When a phone may be rung for a call-back, and who may wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.hours import parse_weekly
from routing.queue_admission import KEPT, place_is_kept, refusal
from routing.ringing import USUAL, may_ring, quiet_from
from routing.zones import to_local

CHICAGO = "America/Chicago"
ZONES = (CHICAGO, "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns", "America/Puerto_Rico")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(instants, st.sampled_from(ZONES))
def test_no_phone_rings_before_eight_or_from_nine_in_the_evening_on_its_own_clock(at: datetime, zone: str) -> None:
    ring = may_ring(USUAL, zone, at)
    assert ring is not None
    assert ring >= at
    assert 8 <= to_local(ring, zone).hour < 21
    assert ring == at or to_local(ring, zone).strftime("%H:%M:%S") == "08:00:00"


@given(instants, st.sampled_from(ZONES))
def test_the_quiet_hours_begin_the_same_evening(at: datetime, zone: str) -> None:
    ring = may_ring(USUAL, zone, at)
    assert ring is not None
    quiet = quiet_from(USUAL, zone, ring)
    assert quiet is not None
    assert to_local(quiet, zone).strftime("%H:%M") == "21:00"
    assert to_local(quiet, zone).date() == to_local(ring, zone).date()


def test_a_night_in_which_the_clocks_change_is_quiet_until_eight_all_the_same() -> None:
    ring = may_ring(USUAL, CHICAGO, datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
    assert ring == datetime(2026, 11, 1, 14, 0, tzinfo=UTC)


def test_a_practice_may_leave_whole_days_quiet() -> None:
    weekdays = parse_weekly({"mon-fri": ["09:00-17:00"]})
    assert may_ring(weekdays, CHICAGO, datetime(2026, 11, 7, 18, tzinfo=UTC)) == datetime(2026, 11, 9, 15, tzinfo=UTC)
    assert may_ring(parse_weekly({}), CHICAGO, datetime(2026, 11, 7, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("staffed", "ahead", "why"),
    [(True, 0, ""), (True, 39, ""), (True, 40, "full"), (False, 0, "no-one-awake"), (False, 99, "no-one-awake")],
)
def test_a_caller_is_turned_away_only_where_nobody_is_awake_or_the_line_is_full(
    staffed: bool, ahead: int, why: str
) -> None:
    assert refusal(staffed=staffed, ahead=ahead, most=40) == why


def test_a_place_is_kept_for_ten_minutes_and_not_longer() -> None:
    left = datetime(2026, 11, 3, 2, tzinfo=UTC)
    assert place_is_kept(left, left)
    assert place_is_kept(left, left + KEPT)
    assert not place_is_kept(left, left + KEPT + timedelta(seconds=1))


def test_a_place_is_kept_when_the_clock_was_set_back_to_before_it_was_left() -> None:
    left = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    assert place_is_kept(left, left - timedelta(hours=1))
