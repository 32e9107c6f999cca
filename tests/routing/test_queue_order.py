"""The order of waiting callers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.queue_order import CLINICAL, LONGEST_CREDIT, QueueOrderError, place

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CREDITS = {"standard": timedelta(), "returning": timedelta(minutes=2)}
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)
@given(INSTANTS, INSTANTS)
def test_a_higher_clinical_class_goes_first_however_long_the_other_has_waited(one: datetime, other: datetime) -> None:
    emergent, urgent = place(one, "emergent", CREDITS), place(other, "urgent", CREDITS)
    lesser = [place(other, name, CREDITS) for name in ("routine", "standard", "returning")]
    assert emergent < urgent
    assert place(one, "urgent", CREDITS) < min(lesser)


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 10**12), st.sampled_from([*CLINICAL, *CREDITS]))
def test_among_one_class_the_first_come_is_the_first_served(
    early: datetime, microseconds: int, priority_class: str
) -> None:
    late = early + timedelta(microseconds=10 * microseconds)
    assert place(early, priority_class, CREDITS) < place(late, priority_class, CREDITS)


CALLERS = st.lists(
    st.tuples(st.integers(0, 3 * 86_400), st.sampled_from([*CLINICAL, *CREDITS]), st.integers(0, 86_400)),
    min_size=2,
    max_size=30,
)


@settings(deadline=None)
@given(CALLERS)
def test_nobody_starves(callers: list[tuple[int, str, int]]) -> None:
    """Served one by one, a caller is overtaken only by the more urgent, and by whoever came within a credit of them."""
    arrived = [(NOON + timedelta(seconds=second), urgency, credit) for second, urgency, credit in callers]
    places = [
        place(at, urgency, {**CREDITS, urgency: timedelta(seconds=credit)} if not CLINICAL.get(urgency) else CREDITS)
        for at, urgency, credit in arrived
    ]
    served = sorted(range(len(arrived)), key=lambda one: places[one])
    for turn, late in enumerate(served):
        for early in served[turn + 1 :]:
            overtaken = arrived[late][0] > arrived[early][0]
            more_urgent = CLINICAL.get(arrived[late][1], 0) > CLINICAL.get(arrived[early][1], 0)
            assert not overtaken or more_urgent or arrived[late][0] - arrived[early][0] <= LONGEST_CREDIT


def test_a_credit_is_as_good_as_having_come_that_much_earlier() -> None:
    assert place(NOON, "returning", CREDITS) == place(NOON - timedelta(minutes=2), "standard", CREDITS)


def test_the_place_is_in_seconds_since_1970() -> None:
    assert place(NOON, "routine", {}) == NOON.timestamp()


def test_an_unknown_class_or_an_unbounded_credit_is_refused() -> None:
    with pytest.raises(QueueOrderError, match="no priority class 'gold'; use one of emergent, returning, routine"):
        place(NOON, "gold", CREDITS)
    with pytest.raises(QueueOrderError, match="the credit of 'gold' is over a day"):
        place(NOON, "gold", {"gold": timedelta(days=2)})
