"""How often somebody may try to be recognised, and how the waits grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.identity_tries import (
    BULK_FAILURES,
    BULK_PACE,
    CALL,
    CROWD,
    DAY,
    NUMBER,
    RECORD,
    RECORDS,
    Guess,
    Limit,
    Past,
    Try,
    find_alerts,
    find_refusal,
)

AT = datetime(2026, 11, 3, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NIST_MOST = 100
"""NIST SP 800-63B-4, 3.2.2: so many consecutive failures at most."""
LIMITS = [CALL, NUMBER, CROWD, RECORD, RECORDS]


def tried(ago: timedelta, about: str | None = "ana", by: str = "phone", *, failed: bool = True) -> Try:
    return Try(AT - ago, by, about, failed)


def failures(count: int, ago: timedelta = SECOND, about: str | None = "ana", by: str = "phone") -> tuple[Try, ...]:
    return tuple(tried(ago, about, by) for _ in range(count))


UNKNOWN = Guess("ana", "unknown")


@pytest.mark.parametrize("limit", LIMITS)
@given(data=st.data())
def test_each_failure_makes_the_wait_no_shorter(limit: Limit, data: st.DataObject) -> None:
    some = data.draw(st.integers(0, 200))
    assert limit.wait(some) <= limit.wait(some + 1)


@pytest.mark.parametrize("limit", LIMITS)
def test_whoever_always_tries_as_soon_as_they_may_stays_below_the_ceiling_in_a_day(limit: Limit) -> None:
    made: list[datetime] = []
    at = AT
    while at < AT + DAY:
        if not limit.holds([one for one in made if one > at - DAY], at):
            made.append(at)
            continue
        at += timedelta(minutes=1)
    assert len(made) < NIST_MOST


@pytest.mark.parametrize(("failed", "minutes"), [(5, 1), (6, 5), (7, 15), (8, 60), (10, 24 * 60)])
def test_a_number_waits_longer_after_each_failure(failed: int, minutes: int) -> None:
    wait = timedelta(minutes=minutes)
    early = Past(from_number=failures(failed, wait - SECOND, None))
    assert find_refusal(UNKNOWN, early, AT) == "number"
    assert find_refusal(UNKNOWN, Past(from_number=failures(failed, wait, None)), AT) is None


def test_four_failures_cost_nothing() -> None:
    assert find_refusal(UNKNOWN, Past(from_number=failures(4), in_call=failures(4)), AT) is None


def test_a_call_has_five_failures_and_no_more() -> None:
    assert find_refusal(UNKNOWN, Past(in_call=failures(5, timedelta(hours=3))), AT) == "call"


def test_a_record_that_was_mistyped_and_then_recognised_is_forgiven_its_telephone() -> None:
    past = (tried(SECOND, failed=False), *failures(9, 2 * SECOND))
    assert find_refusal(UNKNOWN, Past(from_number=past), AT) is None


@pytest.mark.parametrize("right", [tried(SECOND, "bert", failed=False), tried(3 * SECOND, "ana", failed=False)])
def test_recognising_somebody_else_or_earlier_forgives_nothing(right: Try) -> None:
    assert find_refusal(UNKNOWN, Past(from_number=(right, *failures(9, 2 * SECOND))), AT) == "number"


def test_callers_who_hide_their_number_are_never_kept_out_for_longer_than_an_hour() -> None:
    hidden = Guess("ana", "hidden")
    assert find_refusal(hidden, Past(from_number=failures(199, timedelta(minutes=59), None)), AT) == "hidden"
    assert find_refusal(hidden, Past(from_number=failures(199, timedelta(hours=1), None)), AT) is None


def test_a_telephone_that_many_share_is_held_as_late_as_those_that_hide() -> None:
    shared = Guess("ana", "unknown", shared=True)
    assert find_refusal(shared, Past(from_number=failures(9)), AT) is None
    assert find_refusal(shared, Past(from_number=failures(10)), AT) == "number"


def test_one_record_is_not_guessed_at_from_many_numbers() -> None:
    past = Past(at_record=tuple(tried(SECOND, by=f"phone-{one}") for one in range(5)))
    assert find_refusal(UNKNOWN, past, AT) == "record"
    assert find_alerts(UNKNOWN, past) == {"record-guessed-at"}


def test_one_number_alone_keeps_nobody_else_from_a_record() -> None:
    assert find_refusal(UNKNOWN, Past(at_record=failures(10, by="one phone")), AT) is None


def test_whoever_calls_from_the_telephone_on_file_is_not_kept_out_by_what_others_guess() -> None:
    past = Past(at_record=tuple(tried(SECOND, by=f"phone-{one}") for one in range(30)))
    assert find_refusal(Guess("ana", "on-file", own=True), past, AT) is None


def test_one_who_mistypes_is_no_alert_about_a_record() -> None:
    past = Past(at_record=failures(4) + failures(4, by="other phone"))
    assert find_alerts(UNKNOWN, past) == frozenset()


def test_many_records_from_one_number_are_slowed_and_told() -> None:
    seen = tuple(tried(SECOND, f"patient-{one}", failed=False) for one in range(6))
    assert find_refusal(UNKNOWN, Past(from_number=seen), AT) == "records"
    assert find_refusal(Guess("patient-3", "unknown"), Past(from_number=seen), AT) is None
    assert find_alerts(UNKNOWN, Past(from_number=seen)) == {"many-records-from-one-number"}
    assert find_refusal(UNKNOWN, Past(from_number=seen[:5]), AT) is None
    assert find_alerts(UNKNOWN, Past(from_number=seen[:5])) == frozenset()


@pytest.mark.parametrize("many", [Guess("ana", "hidden"), Guess("ana", "unknown", shared=True)])
def test_many_patients_of_many_telephones_or_of_a_shared_one_are_nothing_odd(many: Guess) -> None:
    seen = tuple(tried(SECOND, f"patient-{one}", failed=False) for one in range(40))
    assert find_refusal(many, Past(from_number=seen), AT) is None
    assert find_alerts(many, Past(from_number=seen)) == frozenset()


def test_in_a_burst_telephones_that_nobody_knows_take_turns_and_those_on_file_go_on() -> None:
    past = Past(failures=BULK_FAILURES, successes=20, unknown_failed_at=AT - BULK_PACE + SECOND)
    assert find_refusal(UNKNOWN, past, AT) == "practice"
    assert find_refusal(Guess("ana", "hidden"), past, AT) == "practice"
    assert find_refusal(Guess("ana", "on-file"), past, AT) is None
    assert find_refusal(UNKNOWN, past, AT + SECOND) is None
    assert find_alerts(UNKNOWN, past) == {"records-guessed-at-in-bulk"}


def test_a_busy_morning_is_no_burst() -> None:
    past = Past(failures=BULK_FAILURES, successes=BULK_FAILURES, unknown_failed_at=AT)
    assert find_refusal(UNKNOWN, past, AT) is None
    assert find_alerts(UNKNOWN, past) == frozenset()


def test_a_clock_set_back_refuses_nobody_who_failed_seldom() -> None:
    assert find_refusal(UNKNOWN, Past(from_number=failures(2, -timedelta(hours=1))), AT) is None
