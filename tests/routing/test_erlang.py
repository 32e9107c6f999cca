"""The formulas of staffing, against tables computed elsewhere with forty digits."""

from __future__ import annotations

from math import exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.erlang import StaffingError, agents_needed, erlang_a, erlang_b, erlang_c

B = [
    (1, 3, 0.75),
    (10, 10, 0.214582343107347),
    (20, 12, 0.00979563942006408),
    (60, 50, 0.0216684730578062),
    (100, 90, 0.0269573804643592),
    (200, 180, 0.0103249952049823),
    (190, 200, 0.08869684386923561),
    (10, 20, 0.5379631686320729),
]
C = [
    (1, 0.5, 0.5, 1.0, 0.527020265546617),
    (2, 1, 0.333333333333333, 0.333333333333333, 0.701720227728543),
    (3, 2, 0.444444444444444, 0.444444444444444, 0.602293636971391),
    (5, 4, 0.554112554112554, 0.554112554112554, 0.504158300639657),
    (10, 8, 0.409180150796444, 0.204590075398222, 0.672354148726148),
    (14, 10, 0.174131933595050, 0.0435329833987625, 0.888350019179467),
    (15, 14, 0.722318581478745, 0.722318581478745, 0.353640934027235),
    (50, 45, 0.363864467206988, 0.0727728934413977, 0.791231517255187),
    (90, 84, 0.411957313828755, 0.0686595523047925, 0.788494062769635),
    (90, 87, 0.661792330838901, 0.220597443612967, 0.525805073856320),
    (120, 110, 0.255535332386195, 0.0255535332386195, 0.915879560441302),
    (165, 150, 0.157921767666546, 0.0105281178444364, 0.970172430930808),
    (1000, 970, 0.242823336180412, 0.00809411120601372, 0.991337521920542),
]
A = [
    (1, 1, 1, 0.632120558828558, 0.367879441171442, 0.367879441171442),
    (10, 10, 1, 0.542070285528148, 0.125110035721133, 0.125110035721133),
    (10, 10, 0.5, 0.619655230884078, 0.103913212326308, 0.207826424652616),
    (50, 50, 1, 0.518808315472043, 0.0563250063251908, 0.0563250063251908),
    (50, 45, 0.5, 0.279575283545049, 0.0147224362868186, 0.0294448725736373),
    (50, 48, 2, 0.342308803422676, 0.0480217742329705, 0.0240108871164852),
    (90, 90, 0.5, 0.597288041503527, 0.0348145872607360, 0.0696291745214719),
    (100, 100, 1, 0.513298798279149, 0.0398609968091471, 0.0398609968091471),
    (100, 110, 0.4434, 0.940800291401964, 0.0940069182931762, 0.212013798586324),
]
LN_B = [
    (100, 120, -1.62826407041),
    (10000, 12000, -1.78927734649),
    (100, 20, -84.1661482002),
    (100, 10000, -0.01004931575),
]
LN_C = [
    (100, 90, -1.52813224460),
    (10000, 9000, -56.8266885378),
    (100, 10, -143.375505741),
    (10000, 9990, -0.1272179797954),
]


@pytest.mark.parametrize(("agents", "load", "lost"), B)
def test_erlang_b_equals_the_table(agents: int, load: float, lost: float) -> None:
    assert erlang_b(agents, load) == pytest.approx(lost, rel=1e-12)


@pytest.mark.parametrize(("agents", "load", "delayed", "wait", "level"), C)
def test_erlang_c_equals_the_table(agents: int, load: float, delayed: float, wait: float, level: float) -> None:
    found = erlang_c(agents, load)
    assert (found.delayed, found.mean_wait, found.answered_within(1 / 9)) == pytest.approx((delayed, wait, level), 1e-9)


@pytest.mark.parametrize(("agents", "load", "impatience", "delayed", "abandoned", "wait"), A)
def test_erlang_a_equals_the_table(
    agents: int, load: float, impatience: float, delayed: float, abandoned: float, wait: float
) -> None:
    found = erlang_a(agents, load, impatience)
    assert (found.delayed, found.abandoned, found.mean_wait) == pytest.approx((delayed, abandoned, wait), rel=1e-9)


@pytest.mark.parametrize(("agents", "load", "expected"), LN_B)
def test_erlang_b_holds_where_factorials_would_overflow(agents: int, load: float, expected: float) -> None:
    assert log(erlang_b(agents, load)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("agents", "load", "expected"), LN_C)
def test_erlang_c_holds_where_factorials_would_overflow(agents: int, load: float, expected: float) -> None:
    assert log(erlang_c(agents, load).delayed) == pytest.approx(expected, rel=1e-9)


def test_one_agent_and_as_much_work_and_patience_is_a_closed_form() -> None:
    found = erlang_a(1, 1, 1)
    assert (found.delayed, found.abandoned) == pytest.approx((1 - 1 / exp(1), 1 / exp(1)), rel=1e-14)


@given(st.integers(1, 200), st.floats(0.05, 0.98))
def test_patience_without_end_makes_a_into_c(agents: int, busy: float) -> None:
    patient, endless = erlang_a(agents, agents * busy, 1e-9), erlang_c(agents, agents * busy)
    assert patient.delayed == pytest.approx(endless.delayed, rel=1e-4, abs=1e-12)
    assert patient.answered_within(0.3) == pytest.approx(endless.answered_within(0.3), rel=1e-4)


@given(st.integers(1, 200), st.floats(0.05, 2.0))
def test_callers_who_never_wait_make_a_into_b(agents: int, busy: float) -> None:
    assert erlang_a(agents, agents * busy, 1e9).abandoned == pytest.approx(erlang_b(agents, agents * busy), rel=1e-4)


@given(st.integers(1, 40), st.floats(0.1, 2.0), st.floats(0.3, 5.0))
def test_in_the_long_run_whoever_does_not_leave_is_answered(agents: int, busy: float, impatience: float) -> None:
    found = erlang_a(agents, agents * busy, impatience)
    assert found.answered_within(40.0) == pytest.approx(1 - found.abandoned, rel=1e-4)


@pytest.mark.parametrize(("agents", "load", "impatience"), [(1, 900.0, 0.1), (1000, 2000.0, 0.01), (50, 400.0, 0.5)])
def test_an_overload_comes_to_its_fluid_bound_without_overflowing(agents: int, load: float, impatience: float) -> None:
    found = erlang_a(agents, load, impatience)
    assert found.abandoned == pytest.approx(1 - agents / load, rel=1e-3)
    assert 0 <= found.answered_within(0.1) <= agents / load


@given(st.integers(1, 100), st.floats(0.1, 1.5), st.floats(0.05, 5.0), st.floats(0.0, 2.0))
def test_more_people_answer_more_callers_in_time(agents: int, busy: float, impatience: float, time: float) -> None:
    load = agents * busy
    fewer, more = (erlang_a(count, load, impatience).answered_within(time) for count in (agents, agents + 1))
    assert 0 <= fewer <= more + 1e-12 <= 1 + 1e-12


@given(st.floats(0.01, 150), st.sampled_from([0.0, 0.4434, 1.0]), st.floats(0.3, 0.97))
def test_the_people_needed_are_enough_and_one_less_is_not(load: float, impatience: float, share: float) -> None:
    needed = agents_needed(load, impatience, share, 1 / 9)
    assert erlang_a(needed, load, impatience).answered_within(1 / 9) >= share
    if needed > 1 and (impatience or needed - 1 > load):
        assert erlang_a(needed - 1, load, impatience).answered_within(1 / 9) < share


def test_a_hundred_calls_in_half_an_hour_need_fourteen_people() -> None:
    assert agents_needed(100 * 3 / 30, 0, 0.8, 20 / 180) == 14


def test_no_calls_need_nobody() -> None:
    assert agents_needed(0, 0.5, 0.8, 0.1) == 0


def test_a_line_that_only_grows_is_refused_with_the_mend() -> None:
    with pytest.raises(StaffingError, match="10 erlangs are more than 10 can ever serve; use more people, or erlang_a"):
        erlang_c(10, 10)


@pytest.mark.parametrize(("agents", "load"), [(-1, 2.0), (3, -1.0), (3, inf)])
def test_numbers_that_mean_nothing_are_refused(agents: int, load: float) -> None:
    with pytest.raises(StaffingError, match="give numbers from 0 on"):
        erlang_b(agents, load)


@pytest.mark.parametrize("share", [0.0, 1.0, 80.0])
def test_a_service_level_that_nobody_can_promise_is_refused(share: float) -> None:
    with pytest.raises(StaffingError, match="give a share over 0 and under 1"):
        agents_needed(5, 0, share, 0.1)
