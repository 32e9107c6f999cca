"""Who may take a call at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from routing.agents import Agent, Licence, Need
from routing.eligible import is_eligible, refusals
from routing.licence_kinds import USUAL_KINDS, LicenceKind, scopes
from routing.licences import COMPACT_STATES, JOINED_LATER, covers, may_take_pages, may_take_pages_somewhere
from routing.sites import Pool

NurseMaker = Callable[..., Agent]
NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
TRIAGE = Need("maple", "nurse", "triage_rn", level=3, licensed_kind="RN", patient_state="IL")


def test_a_nurse_awake_skilled_and_licensed_is_eligible(nurse: NurseMaker) -> None:
    assert refusals(nurse(), TRIAGE, NIGHT) == ()
    assert is_eligible(nurse(), TRIAGE, NIGHT)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"pool": "bogota"}, "not-in-shift"),
        ({"skills": {"triage_rn": 2}}, "skill"),
        ({"skills": {"billing": 5}}, "skill"),
        ({"languages": frozenset({"es-US"})}, "language"),
        ({"licences": ()}, "licence"),
        ({"trained_until": date(2026, 10, 31)}, "training"),
    ],
)
def test_each_thing_missing_is_named(nurse: NurseMaker, change: dict[str, object], reason: str) -> None:
    assert refusals(nurse(**change), TRIAGE, NIGHT) == (reason,)


def test_every_reason_is_given_and_not_only_the_first(nurse: NurseMaker) -> None:
    need = replace(TRIAGE, pools=("front-desk",), agents_outside_us=False, language="es-US")
    assert refusals(nurse(pool="bogota"), need, NIGHT) == ("not-in-shift", "language", "pool", "outside-us")


def test_a_practice_that_keeps_calls_in_the_country_refuses_pools_abroad(nurse: NurseMaker) -> None:
    monday_noon = datetime(2026, 11, 2, 16, tzinfo=UTC)
    need = replace(TRIAGE, agents_outside_us=False)
    assert refusals(nurse(pool="cape-town"), need, monday_noon) == ("outside-us",)
    assert refusals(nurse(pool="front-desk"), need, monday_noon) == ()


def test_a_holiday_of_the_site_closes_its_pool_only_where_it_closes(nurse: NurseMaker) -> None:
    thanksgiving, christmas = datetime(2026, 11, 26, 16, tzinfo=UTC), datetime(2026, 12, 25, 4, tzinfo=UTC)
    assert refusals(nurse(pool="front-desk"), TRIAGE, thanksgiving) == ("not-in-shift",)
    assert refusals(nurse(pool="manila"), TRIAGE, christmas) == ()


def test_training_holds_to_the_end_of_its_last_day_at_the_site(nurse: NurseMaker) -> None:
    joy = nurse(trained_until=date(2026, 11, 1))
    last_minute = datetime(2026, 11, 1, 10, 59, tzinfo=UTC)
    assert refusals(joy, TRIAGE, last_minute) == ()
    assert refusals(joy, TRIAGE, datetime(2026, 11, 1, 23, tzinfo=UTC)) == ("training",)


def test_a_margin_keeps_the_end_of_a_shift_free(nurse: NurseMaker) -> None:
    near_the_end = datetime(2026, 11, 1, 10, 50, tzinfo=UTC)
    need = replace(TRIAGE, edge_margin=timedelta(minutes=15))
    assert refusals(nurse(), TRIAGE, near_the_end) == ()
    assert refusals(nurse(), need, near_the_end) == ("shift-edge",)


def test_an_interpreter_stands_in_for_the_language_and_for_nothing_else(nurse: NurseMaker) -> None:
    need = replace(TRIAGE, language="es-US", interpreter=True)
    assert refusals(nurse(), need, NIGHT) == ()
    assert refusals(nurse(licences=()), need, NIGHT) == ("licence",)


def test_clinical_work_without_the_state_of_the_patient_is_for_nobody(nurse: NurseMaker) -> None:
    assert refusals(nurse(), replace(TRIAGE, patient_state=None), NIGHT) == ("licence",)


def test_the_front_desk_needs_no_licence(nurse: NurseMaker, pools: Mapping[str, Pool]) -> None:
    ana = nurse("ana", skills={"scheduling": 4}, licences=())
    assert refusals(ana, Need("maple", "scheduling", "scheduling"), NIGHT) == ()


FOREVER = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("licence", "kind", "state", "expected"),
    [
        (Licence("RN", "TX", FOREVER, compact=True), "RN", "FL", True),
        (Licence("RN", "TX", FOREVER, compact=True), "RN", "TX", True),
        (Licence("RN", "TX", FOREVER, compact=True), "RN", "IL", False),
        (Licence("RN", "TX", FOREVER, compact=True), "RN", "MA", False),
        (Licence("RN", "TX", FOREVER), "RN", "FL", False),
        (Licence("RN", "IL", FOREVER, compact=True), "RN", "FL", False),
        (Licence("LPN", "TX", FOREVER, compact=True), "LPN", "FL", True),
        (Licence("APRN", "TX", FOREVER, compact=True), "RN", "FL", False),
        (Licence("MD", "TX", FOREVER, compact=True), "MD", "FL", False),
        (Licence("LPN", "TX", FOREVER), "RN", "TX", False),
        (Licence("RN", "TX", FOREVER), "LPN", "TX", True),
        (Licence("MD", "TX", FOREVER), "RN", "TX", True),
        (Licence("RN", "TX", FOREVER), "MD", "TX", False),
        (Licence("LCSW", "TX", FOREVER), "LCSW", "TX", True),
    ],
)
def test_a_licence_covers_its_own_work_where_the_patient_is(
    licence: Licence, kind: str, state: str, expected: bool
) -> None:
    assert covers(licence, kind, state, NIGHT) is expected


def test_a_licence_holds_to_the_end_of_its_last_day_and_no_longer() -> None:
    licence = Licence("RN", "IL", date(2027, 5, 31))
    assert covers(licence, "RN", "IL", datetime(2027, 5, 31, 23, 59, tzinfo=UTC))
    assert not covers(licence, "RN", "IL", datetime(2027, 6, 1, tzinfo=UTC))


def test_the_compact_has_forty_states_and_the_large_ones_outside_stay_outside() -> None:
    assert len(COMPACT_STATES) == 40
    assert not COMPACT_STATES & {"CA", "NY", "OR", "NV", "IL", "MI", "MN", "AK", "HI", "DC", "MA"}


@pytest.mark.parametrize(("home", "patient"), [("TX", "CT"), ("CT", "TX")])
def test_the_compact_holds_from_the_day_a_state_has_joined_it_both_ways(home: str, patient: str) -> None:
    licence = Licence("RN", home, FOREVER, compact=True)
    assert not covers(licence, "RN", patient, datetime(2025, 10, 1, 12, tzinfo=UTC))
    assert covers(licence, "RN", patient, datetime(2025, 10, 2, tzinfo=UTC))
    assert covers(licence, "RN", home, datetime(2025, 9, 1, tzinfo=UTC))


def test_every_state_that_joined_later_is_in_the_compact() -> None:
    assert set(JOINED_LATER) <= COMPACT_STATES


WORK_OF = {
    "MD": {"MD", "RN", "LPN"},
    "DO": {"DO", "MD", "RN", "LPN"},
    "APRN": {"APRN", "RN", "LPN"},
    "NP": {"NP", "RN", "LPN"},
    "PA": {"PA", "RN", "LPN"},
    "RN": {"RN", "LPN"},
    "LVN": {"LVN", "LPN"},
    "LPN": {"LPN"},
    "DDS": {"DDS", "DMD"},
    "DMD": {"DDS", "DMD"},
    "PharmD": {"PharmD", "RPh"},
    "RDH": {"RDH"},
}


@pytest.mark.parametrize("kind", WORK_OF)
def test_a_usual_licence_does_the_work_of_these_kinds_and_of_no_other(kind: str) -> None:
    licence = Licence(kind, "TX", FOREVER, compact=True)
    assert {work for work in USUAL_KINDS if covers(licence, work, "TX", NIGHT)} == WORK_OF[kind]
    assert covers(licence, kind, "FL", NIGHT) is (kind in {"RN", "LPN", "LVN"})
    assert may_take_pages([licence], "TX", NIGHT) is (kind in {"MD", "DO", "APRN", "NP", "PA"})


def test_a_page_may_ask_for_other_kinds_of_licence_than_a_prescribers() -> None:
    dentist, physician = Licence("DMD", "IL", FOREVER), Licence("MD", "IL", FOREVER)
    assert may_take_pages([dentist], "IL", NIGHT, ["DDS"])
    assert not may_take_pages([dentist], "TX", NIGHT, ["DDS"])
    assert not may_take_pages([physician], "IL", NIGHT, ["DDS", "DMD"])
    assert not may_take_pages([dentist], "IL", NIGHT)


def test_a_kind_of_the_operators_own_allows_what_the_operator_has_described() -> None:
    described = scopes(
        {**USUAL_KINDS, "counselor": LicenceKind(frozenset({"LPC"})), "ND": LicenceKind(prescribes=True)}
    )
    assert covers(Licence("LPC", "IL", FOREVER, scope=described["LPC"]), "counselor", "IL", NIGHT)
    assert not covers(Licence("LPC", "IL", FOREVER), "counselor", "IL", NIGHT)
    assert may_take_pages([Licence("ND", "IL", FOREVER, scope=described["ND"])], "IL", NIGHT)
    assert not may_take_pages([Licence("ND", "IL", FOREVER)], "IL", NIGHT)


def test_only_physicians_and_advanced_practitioners_prescribe() -> None:
    assert may_take_pages([Licence("NP", "IL", FOREVER)], "IL", NIGHT)
    assert not may_take_pages([Licence("RN", "IL", FOREVER), Licence("MD", "TX", FOREVER)], "IL", NIGHT)
    assert may_take_pages_somewhere([Licence("RN", "IL", FOREVER), Licence("MD", "TX", FOREVER)], NIGHT)
    assert not may_take_pages_somewhere(
        [Licence("RN", "IL", FOREVER), Licence("MD", "TX", NIGHT.date() - timedelta(1))], NIGHT
    )
