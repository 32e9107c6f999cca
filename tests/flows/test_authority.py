"""Who may be served on behalf of whom: what is over, denied, out of scope, confidential or outgrown gives nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.authority import (
    ALL,
    GUARDIAN,
    HOME_CARE,
    MAJORITY,
    OTHER,
    PARENT,
    POWER_OF_ATTORNEY,
    RELATIONS,
    Representation,
    Represented,
    Sought,
    authority,
)

TODAY = date(2026, 11, 17)
DAY = timedelta(days=1)
SERVICES = ("scheduling", "billing", "clinic")
SCHEDULING = Sought("scheduling")
CLINIC = Sought("clinic", confidential_from=12)

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
births = st.dates(date(1990, 1, 1), date(2026, 12, 31)) | st.just(date(2008, 2, 29)) | st.just(date(2012, 2, 29))
patients = st.builds(Represented, st.none() | births, st.sampled_from(("", "AL", "CA", "IL", "MS", "NE")))
records = st.builds(
    Representation,
    st.sampled_from(RELATIONS),
    st.none() | st.sets(st.sampled_from((ALL, *SERVICES))).map(lambda names: tuple(sorted(names))),
    st.none() | days,
    st.none() | days,
    st.booleans(),
    st.booleans(),
)
held = st.lists(records, max_size=4)
sought = st.builds(Sought, st.sampled_from(SERVICES), st.none() | st.integers(0, 21))


def aged(years: int, state: str = "IL") -> Represented:
    """A patient who is so many years of age today, and whose birthday it is."""
    return Represented(TODAY.replace(year=TODAY.year - years), state)


@given(held, patients, sought, days)
def test_what_is_over_to_come_or_ended_counts_for_nothing(
    rows: list[Representation], patient: Represented, wanted: Sought, on: date
) -> None:
    in_force = [row for row in rows if row.holds(on)]
    assert authority(rows, patient, wanted, on) == authority(in_force, patient, wanted, on)
    assert authority([], patient, wanted, on) == "none"


@given(held, records, patients, sought, days)
def test_whoever_is_denied_has_no_authority_whatever_else_is_on_file(
    rows: list[Representation], row: Representation, patient: Represented, wanted: Sought, on: date
) -> None:
    denial = replace(row, denied=True, active=True, starts_on=None, ends_on=None)
    assert authority([*rows, denial], patient, wanted, on) == "none"


@given(held, records, patients, sought, days)
def test_a_denial_never_gives_authority_even_when_it_is_over(
    rows: list[Representation], row: Representation, patient: Represented, wanted: Sought, on: date
) -> None:
    denial = replace(row, denied=True)
    assert authority([denial], patient, wanted, on) == "none"
    if authority([*rows, denial], patient, wanted, on) == "full":
        assert authority(rows, patient, wanted, on) == "full"


@given(held, patients, sought, days)
def test_authority_comes_from_one_record_that_gives_it_by_itself(
    rows: list[Representation], patient: Represented, wanted: Sought, on: date
) -> None:
    alone = [authority([row], patient, wanted, on) for row in rows]
    denied = any(row.denied and row.holds(on) for row in rows)
    assert (authority(rows, patient, wanted, on) == "full") == ("full" in alone and not denied)


@given(records, patients, sought, days)
def test_nobody_is_served_out_of_their_scope(
    row: Representation, patient: Represented, wanted: Sought, on: date
) -> None:
    if authority([replace(row, scope=("billing",))], patient, wanted, on) == "full":
        assert wanted.service == "billing"


@given(held, patients, st.integers(0, 21), st.sampled_from(SERVICES), days)
def test_a_confidential_service_is_hidden_from_everybody_who_represents_a_minor_of_that_age(
    rows: list[Representation], patient: Represented, from_age: int, service: str, on: date
) -> None:
    hidden, plain = (authority(rows, patient, Sought(service, age), on) for age in (from_age, None))
    age = patient.age(on)
    if age is None or (age >= from_age and patient.is_minor(on)):
        assert hidden == "none"
    else:
        assert hidden == plain


@given(patients, sought, days, st.integers(0, 2000))
def test_what_a_parent_has_lost_by_the_age_of_the_patient_never_comes_back(
    patient: Represented, wanted: Sought, on: date, later: int
) -> None:
    parent = [Representation(PARENT)]
    if authority(parent, patient, wanted, on) == "none":
        assert authority(parent, patient, wanted, on + later * DAY) == "none"


@given(held, sought, days)
def test_a_patient_of_unknown_age_is_taken_for_whichever_gives_less(
    rows: list[Representation], wanted: Sought, on: date
) -> None:
    if authority(rows, Represented(None, "IL"), wanted, on) == "full":
        assert wanted.confidential_from is None
        for born in (on - 400 * DAY, on - 15_000 * DAY):
            assert authority(rows, Represented(born, "IL"), wanted, on) == "full"
    assert authority([Representation(PARENT)], Represented(None, "IL"), SCHEDULING, on) == "none"


@pytest.mark.parametrize(("state", "majority"), [*MAJORITY.items(), ("IL", 18), ("CA", 18), ("", 18)])
def test_a_parent_speaks_for_a_child_until_the_day_it_is_of_age(state: str, majority: int) -> None:
    patient = aged(majority, state)
    assert authority([Representation(PARENT)], patient, SCHEDULING, TODAY - DAY) == "full"
    assert authority([Representation(PARENT)], patient, SCHEDULING, TODAY) == "none"
    assert authority([Representation(PARENT), Representation(GUARDIAN)], patient, SCHEDULING, TODAY) == "full"


def test_whoever_was_born_on_a_leap_day_is_of_age_on_the_day_before_march() -> None:
    patient = Represented(date(2008, 2, 29), "IL")
    assert patient.is_minor(date(2026, 2, 27))
    assert not patient.is_minor(date(2026, 2, 28))
    assert Represented(date(2008, 2, 29), "").age(date(2028, 2, 28)) == 19


def test_the_first_and_the_last_day_count_whole() -> None:
    power = [Representation(POWER_OF_ATTORNEY, starts_on=TODAY, ends_on=TODAY)]
    found = [authority(power, aged(80), SCHEDULING, TODAY + days * DAY) for days in (-1, 0, 1)]
    assert found == ["none", "full", "none"]


def test_whatever_is_not_in_use_any_more_gives_nothing_and_denies_nothing() -> None:
    guardian, gone = Representation(GUARDIAN), Representation(GUARDIAN, active=False)
    assert authority([gone], aged(8), SCHEDULING, TODAY) == "none"
    assert authority([guardian, replace(gone, denied=True)], aged(8), SCHEDULING, TODAY) == "full"


def test_a_service_is_confidential_from_an_age_on_until_the_patient_is_of_age() -> None:
    parent, guardian = Representation(PARENT), Representation(GUARDIAN)
    assert authority([parent], aged(11), CLINIC, TODAY) == "full"
    assert authority([parent, guardian], aged(12), CLINIC, TODAY) == "none"
    assert authority([parent], aged(15), SCHEDULING, TODAY) == "full"
    assert authority([guardian], aged(40), CLINIC, TODAY) == "full"


def test_what_the_practice_gives_to_a_relation_holds_where_the_record_says_nothing() -> None:
    helper, given_to = Representation(HOME_CARE), {HOME_CARE: ("scheduling",)}
    assert authority([helper], aged(80), SCHEDULING, TODAY) == "none"
    assert authority([helper], aged(80), SCHEDULING, TODAY, given_to) == "full"
    assert authority([replace(helper, scope=())], aged(80), SCHEDULING, TODAY, given_to) == "none"
    assert authority([replace(helper, scope=(ALL,))], aged(80), SCHEDULING, TODAY) == "full"
    assert authority([Representation(OTHER)], aged(80), SCHEDULING, TODAY) == "none"
    assert authority([Representation(PARENT)], aged(8), SCHEDULING, TODAY, {}) == "none"


def test_nothing_of_the_patient_shows() -> None:
    assert "2011" not in repr(Represented(date(2011, 5, 1), "IL"))
