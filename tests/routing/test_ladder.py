"""Whom to page, until somebody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Licence
from routing.ladder import HOUSE_FALLBACK, Channel, EscalationStep, HouseFallback, LadderError, Step, escalation_steps
from routing.rota import Rota
from routing.rota_parts import DrillRule

NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
FIVE = timedelta(minutes=5)
BOTH: tuple[Channel, ...] = ("voice", "sms")
MAPLE = Rota("maple", "America/Chicago", "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee", "okafor"))
SOLO = Rota("solo", "America/Chicago", "weekly", ("mon", "08:00"), date(2026, 10, 5), ("lee",))
STANDARD = (
    Step("on_call", BOTH, FIVE, times=2),
    Step("next_on_call", BOTH, FIVE),
    Step("medical_director", ("voice",), FIVE),
    HOUSE_FALLBACK,
)
ILLINOIS = (Licence("MD", "IL", date(2027, 7, 31)),)
TEXAS = (Licence("MD", "TX", date(2027, 7, 31)),)


def people(found: tuple[EscalationStep, ...]) -> list[str | None]:
    return [step.person for step in found]


def test_the_standard_ladder_pages_each_in_turn_and_ends_with_the_fallback() -> None:
    found = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT)
    assert people(found) == ["okafor", "okafor", "lee", "patel", None]
    assert found[0] == EscalationStep("okafor", ("voice", "sms"), FIVE)
    assert found[3].by == ("voice",)


def test_a_rota_of_one_goes_straight_to_the_director() -> None:
    assert people(escalation_steps(STANDARD, SOLO, ("patel",), NIGHT)) == ["lee", "lee", "patel", None]


def test_nobody_is_waited_for_again_under_another_name() -> None:
    assert people(escalation_steps(STANDARD, MAPLE, ("okafor",), NIGHT)) == ["okafor", "okafor", "lee", None]


def test_a_step_named_twice_pages_twice() -> None:
    again = (Step("on_call", BOTH, FIVE), Step("next_on_call", BOTH, FIVE), Step("on_call", BOTH, FIVE))
    assert people(escalation_steps(again, MAPLE, (), NIGHT)) == ["okafor", "lee", "okafor", None]


def test_a_step_may_name_a_person() -> None:
    assert people(escalation_steps((Step("cruz", ("voice",), FIVE),), MAPLE, (), NIGHT)) == ["cruz", None]


def test_whoever_is_licensed_where_the_patient_is_is_paged_before_whoever_is_not() -> None:
    licences = {"okafor": TEXAS, "lee": ILLINOIS, "patel": TEXAS, "cruz": ILLINOIS}
    found = escalation_steps(STANDARD, MAPLE, ("patel", "cruz"), NIGHT, licences=licences, state="IL")
    assert people(found) == ["lee", "cruz", "okafor", "okafor", None]


def test_where_nobody_holds_a_licence_everybody_who_holds_one_elsewhere_is_paged_in_the_order_of_the_steps() -> None:
    licences = {"okafor": TEXAS, "lee": ILLINOIS, "patel": TEXAS}
    found = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, licences=licences, state="CA")
    assert people(found) == ["okafor", "okafor", "lee", "patel", None]


def test_an_expired_licence_or_none_at_all_leaves_the_fallback() -> None:
    licences = {"okafor": (Licence("MD", "IL", date(2026, 10, 31)),), "lee": (Licence("RN", "IL", date(2030, 1, 1)),)}
    for state in ("IL", "TX", None):
        assert people(escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, licences=licences, state=state)) == [None]


def test_where_the_state_is_not_known_licences_order_nobody() -> None:
    licences = {"okafor": TEXAS, "lee": ILLINOIS, "patel": TEXAS}
    found = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, licences=licences, state=None)
    assert people(found) == ["okafor", "okafor", "lee", "patel", None]


def test_where_kinds_of_licence_are_named_only_their_holders_are_paged_and_those_who_may_here_first() -> None:
    until = date(2027, 7, 31)
    licences = {
        "okafor": (Licence("MD", "IL", until),),
        "lee": (Licence("DMD", "WI", until),),
        "patel": (Licence("DDS", "IL", until),),
    }
    found = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, licences=licences, state="IL", kinds=("DDS",))
    assert people(found) == ["patel", "lee", None]


def test_what_follows_the_fallback_is_left_out() -> None:
    assert people(escalation_steps((HOUSE_FALLBACK, *STANDARD), MAPLE, ("patel",), NIGHT)) == [None]


STEPS = st.builds(
    Step,
    page=st.sampled_from(["on_call", "next_on_call", "medical_director", "cruz"]),
    by=st.just(("voice",)),
    wait=st.integers(1, 600).map(lambda seconds: timedelta(seconds=seconds)),
    times=st.integers(1, 3),
)


@settings(deadline=None)
@given(st.lists(STEPS | st.just(HOUSE_FALLBACK), max_size=6), st.sampled_from([MAPLE, SOLO]))
def test_every_ladder_ends_with_the_fallback_and_only_there(steps: list[Step | HouseFallback], rota: Rota) -> None:
    found = people(escalation_steps(steps, rota, ("patel",), NIGHT))
    assert found[-1] is None
    assert None not in found[:-1]


@settings(deadline=None)
@given(
    st.lists(STEPS | st.just(HOUSE_FALLBACK), max_size=6),
    st.tuples(*[st.sampled_from([ILLINOIS, TEXAS])] * 4).map(
        lambda held: dict(zip(("lee", "okafor", "patel", "cruz"), held, strict=True))
    ),
)
def test_licences_that_are_valid_somewhere_only_change_the_order_of_the_ladder(
    steps: list[Step | HouseFallback], licences: dict[str, tuple[Licence, ...]]
) -> None:
    usual = escalation_steps(steps, MAPLE, ("patel",), NIGHT)
    found = escalation_steps(steps, MAPLE, ("patel",), NIGHT, licences=licences, state="TX")
    may = [licences[step.person or ""] == TEXAS for step in found[:-1]]
    assert sorted(map(repr, found)) == sorted(map(repr, usual))
    assert may == sorted(may, reverse=True)


@pytest.mark.parametrize("change", [{"by": ()}, {"times": 0}, {"wait": timedelta()}])
def test_a_step_that_pages_nobody_is_refused(change: dict[str, object]) -> None:
    values: dict[str, object] = {"page": "on_call", "by": BOTH, "wait": FIVE}
    with pytest.raises(LadderError, match="step 'on_call' pages nobody; give by"):
        Step(**(values | change))  # type: ignore[arg-type]


def paged(found: tuple[EscalationStep, ...]) -> list[tuple[str | None, bool]]:
    return [(step.person, step.with_next) for step in found]


def drilled(rota: Rota, backup: str | None) -> Rota:
    return replace(rota, drill=DrillRule(FIVE, 3, FIVE, backup))


def unreached(rota: Rota, directors: tuple[str, ...] = ("patel",), **about: Any) -> list[tuple[str | None, bool]]:
    return paged(escalation_steps(STANDARD, rota, directors, NIGHT, unreached=True, **about))


def test_whoever_was_not_reached_is_paged_at_once_with_whoever_is_next_and_nobody_is_left_out() -> None:
    assert unreached(MAPLE) == [("okafor", True), ("lee", False), ("okafor", False), ("patel", False), (None, False)]
    assert not any(beside for _, beside in paged(escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT)))


def test_the_named_backup_is_paged_at_once_whoever_would_be_next() -> None:
    assert unreached(drilled(MAPLE, "patel")) == [
        *[("okafor", True), ("patel", False), ("okafor", False), ("lee", False), (None, False)]
    ]


def test_a_backup_who_is_in_no_step_gets_one_like_that_of_whoever_is_on_call() -> None:
    rota = drilled(MAPLE, "cruz")
    found = escalation_steps(STANDARD, rota, ("patel",), NIGHT, unreached=True)
    assert people(found) == ["okafor", "cruz", "okafor", "lee", "patel", None]
    assert found[1] == EscalationStep("cruz", ("voice", "sms"), FIVE)


def test_a_backup_who_may_not_take_pages_leaves_it_to_whoever_is_next() -> None:
    licences = dict.fromkeys(("okafor", "lee", "patel"), ILLINOIS)
    expired = {**licences, "cruz": (Licence("MD", "IL", date(2026, 10, 31)),)}
    assert unreached(drilled(MAPLE, "cruz"), licences=expired, state="IL")[:2] == [("okafor", True), ("lee", False)]


def test_a_backup_who_is_on_call_themselves_leaves_it_to_whoever_is_next() -> None:
    assert unreached(drilled(MAPLE, "okafor")) == unreached(MAPLE)


def test_where_nobody_else_is_in_the_steps_nobody_is_paged_beside() -> None:
    assert unreached(SOLO, ()) == [("lee", False), ("lee", False), (None, False)]


def test_whoever_is_paged_before_who_was_not_reached_stays_before() -> None:
    licences = {"okafor": TEXAS, "lee": ILLINOIS, "patel": TEXAS}
    assert unreached(drilled(MAPLE, "lee"), licences=licences, state="IL") == [
        *[("lee", False), ("okafor", False), ("okafor", False), ("patel", False), (None, False)]
    ]


def own(
    doctor: str, *, beside: bool = False, steps: tuple[Any, ...] = STANDARD, **about: Any
) -> list[tuple[Any, bool]]:
    found = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, own=doctor, beside=beside, **about)
    return [(step.person, step.with_next) for step in found]


def test_the_own_doctor_is_paged_first_and_nobody_is_left_out_or_waited_for_once_more() -> None:
    assert own("lee") == [("lee", False), ("okafor", False), ("okafor", False), ("patel", False), (None, False)]


def test_an_own_doctor_who_is_in_no_step_gets_one_like_the_first() -> None:
    (first, *_) = escalation_steps(STANDARD, MAPLE, ("patel",), NIGHT, own="cruz")
    assert first == EscalationStep("cruz", BOTH, FIVE, own=True)


def test_for_an_emergency_the_own_doctor_is_paged_at_once_with_whoever_is_first() -> None:
    usual = [("okafor", True), ("lee", False), ("okafor", False), ("patel", False), (None, False)]
    assert own("lee", beside=True) == usual
    assert own("cruz", beside=True)[:2] == [("okafor", True), ("cruz", False)]


def test_an_own_doctor_who_is_first_already_changes_nothing() -> None:
    for beside in (False, True):
        assert own("okafor", beside=beside) == own("", beside=beside)


def test_beside_two_who_are_paged_at_once_already_the_own_doctor_is_next() -> None:
    found = own("cruz", beside=True, unreached=True)
    assert found[:3] == [("okafor", True), ("lee", False), ("cruz", False)]


def test_an_own_doctor_goes_before_whoever_was_not_reached_whose_backup_stays_with_them() -> None:
    assert own("patel", unreached=True)[:3] == [("patel", False), ("okafor", True), ("lee", False)]


def test_an_own_doctor_who_may_not_practise_where_the_patient_is_comes_before_nobody_who_may() -> None:
    licences = {"okafor": ILLINOIS, "lee": TEXAS, "patel": ILLINOIS, "cruz": ()}
    for doctor in ("lee", "cruz"):
        assert own(doctor, licences=licences, state="IL") == own("", licences=licences, state="IL")
    assert own("lee", licences=licences, state="TX")[0] == ("lee", False)


def test_where_nobody_is_to_be_paged_an_own_doctor_is_not_either() -> None:
    assert own("lee", licences={}, state="IL") == [(None, False)]


@given(
    st.sampled_from(("", "okafor", "lee", "patel", "cruz")),
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.sampled_from(("okafor", "lee", "patel", "cruz")), st.sampled_from((ILLINOIS, TEXAS))),
)
def test_an_own_doctor_delays_nobody_in_an_emergency_and_keeps_everybody_on_the_ladder(
    doctor: str, beside: bool, unreached: bool, licences: dict[str, Any]
) -> None:
    about = {"licences": licences, "state": "IL", "unreached": unreached}
    usual, found = own("", **about), own(doctor, beside=beside, **about)
    assert {person for person, _ in usual} <= {person for person, _ in found} <= {*(one for one, _ in usual), doctor}
    assert found[-1] == (None, False)
    if beside:
        assert found[0][0] == usual[0][0]
        if usual[0][1]:
            assert found[1] == usual[1]
