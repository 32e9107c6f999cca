"""The order of waiting callers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.queue_order import CLINICAL, LONGEST_BOOST, QueueOrderError, priority

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
BOOSTS = {"standard": timedelta(), "returning": timedelta(minutes=2)}
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)
@given(INSTANTS, INSTANTS)
def test_a_higher_clinical_class_goes_first_however_long_the_other_has_waited(one: datetime, other: datetime) -> None:
    emergent, urgent = priority(one, "emergent", BOOSTS), priority(other, "urgent", BOOSTS)
    lesser = [priority(other, name, BOOSTS) for name in ("routine", "standard", "returning")]
    assert emergent < urgent
    assert priority(one, "urgent", BOOSTS) < min(lesser)


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 10**12), st.sampled_from([*CLINICAL, *BOOSTS]))
def test_among_one_class_the_first_come_is_the_first_served(
    early: datetime, microseconds: int, priority_class: str
) -> None:
    late = early + timedelta(microseconds=10 * microseconds)
    assert priority(early, priority_class, BOOSTS) < priority(late, priority_class, BOOSTS)


CALLERS = st.lists(
    st.tuples(st.integers(0, 3 * 86_400), st.sampled_from([*CLINICAL, *BOOSTS]), st.integers(0, 86_400)),
    min_size=2,
    max_size=30,
)


@settings(deadline=None)
@given(CALLERS)
def test_nobody_starves(callers: list[tuple[int, str, int]]) -> None:
    """Served one by one, a caller is overtaken only by the more urgent, and by whoever came within a boost of them."""
    arrived = [(NOON + timedelta(seconds=second), urgency, boost) for second, urgency, boost in callers]
    places = [
        priority(at, urgency, {**BOOSTS, urgency: timedelta(seconds=boost)} if not CLINICAL.get(urgency) else BOOSTS)
        for at, urgency, boost in arrived
    ]
    served = sorted(range(len(arrived)), key=lambda one: places[one])
    for turn, late in enumerate(served):
        for early in served[turn + 1 :]:
            overtaken = arrived[late][0] > arrived[early][0]
            more_urgent = CLINICAL.get(arrived[late][1], 0) > CLINICAL.get(arrived[early][1], 0)
            assert not overtaken or more_urgent or arrived[late][0] - arrived[early][0] <= LONGEST_BOOST


def test_a_boost_is_as_good_as_having_come_that_much_earlier() -> None:
    assert priority(NOON, "returning", BOOSTS) == priority(NOON - timedelta(minutes=2), "standard", BOOSTS)


def test_the_place_is_in_seconds_since_1970() -> None:
    assert priority(NOON, "routine", {}) == NOON.timestamp()


def test_an_unknown_class_or_an_unbounded_boost_is_refused() -> None:
    with pytest.raises(QueueOrderError, match="no priority class 'gold'; use one of emergent, returning, routine"):
        priority(NOON, "gold", BOOSTS)
    with pytest.raises(QueueOrderError, match="the credit of 'gold' is over a day"):
        priority(NOON, "gold", {"gold": timedelta(days=2)})
