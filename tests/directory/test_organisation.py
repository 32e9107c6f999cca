"""The example organisation, and what a call asks of it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from ivr.directory.checks import checked
from ivr.directory.organisation import Dialled, Organisation, UnknownName, read_folder
from ivr.ops.configuration_commands import check_folder
from ivr.workforce.coverage import find_gaps
from ivr.workforce.coverage_causes import cause_of
from ivr.workforce.coverage_words import described, mend_of
from routing.eligible import refusals
from routing.hours import is_open
from routing.ladder import escalation_steps
from routing.relax import widened
from routing.rota import next_on_call, on_call
from tests.directory.conftest import AT, EXAMPLE, Folder

EVERYWHERE = "maple loop, riverside downtown and riverside westside"
LONG_NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
"""01:30 in Chicago, the second time that night."""


@pytest.fixture(scope="module")
def example() -> Organisation:
    return read_folder(EXAMPLE, at=AT)


def test_the_example_has_neither_problems_nor_warnings() -> None:
    assert checked(EXAMPLE, AT)[1] == ()


@pytest.mark.parametrize(
    ("holidays", "warned"),
    [
        ("{calendar: GB}", True),
        ("{calendar: GB, state: ENG}", False),
        ("{calendar: GB, observe: [Christmas Day]}", False),
        ("{calendar: CO}", False),
    ],
)
def test_a_calendar_without_the_part_that_keeps_more_is_warned_of(folder: Folder, holidays: str, warned: bool) -> None:
    folder.replace(
        "operator.yaml", "country: CO, holidays: {calendar: CO, closes: false}", f"country: CO, holidays: {holidays}"
    )
    said = [one for one in checked(folder.path, AT)[1] if "without a part leaves out holidays" in one.what]
    assert [one.mend.startswith("add state: one of ENG, NIR, SCT and WLS") for one in said] == [True] * warned


@pytest.mark.parametrize("renewed", [True, False])
def test_somebody_answers_every_service_in_every_language(example: Organisation, renewed: bool) -> None:
    assert find_gaps(example, AT, AT + timedelta(days=14), renewed=renewed) == ()


def test_nobody_is_missing_through_a_year_of_changing_clocks(example: Organisation) -> None:
    assert find_gaps(example, AT, AT + timedelta(days=366), renewed=True) == ()


def test_it_survives_the_way_to_json_and_back(example: Organisation) -> None:
    again = Organisation.from_json(example.to_json())
    assert again == example
    assert (again.to_json(), again.digest) == (example.to_json(), example.digest)


def test_the_order_of_keys_in_a_file_means_nothing(example: Organisation, folder: Folder) -> None:
    folder.replace("practices/maple.yaml", "name: Maple Family Medicine\nlanguages: [en-US, es-US]\n", "")
    maple = folder.path / "practices/maple.yaml"
    maple.write_text(maple.read_text() + "languages: [en-US, es-US]\nname: Maple Family Medicine\n")
    assert read_folder(folder.path, at=AT).digest == example.digest


def test_it_cannot_be_changed(example: Organisation) -> None:
    with pytest.raises(FrozenInstanceError):
        example.body = "{}"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+13125550100", Dialled("maple", "loop", "main")),
        ("+13125550101", Dialled("maple", "loop", "backline")),
        ("+12105550120", Dialled("riverside", "westside", "main")),
        ("+12105550119", Dialled("riverside", "downtown", "backline")),
        ("+13125559999", None),
        ("", None),
    ],
)
def test_a_dialled_number_leads_to_a_line_or_to_nobody(
    example: Organisation, number: str, expected: Dialled | None
) -> None:
    assert example.dialled(number) == expected


def test_an_unknown_name_is_told_apart_from_a_fault(example: Organisation) -> None:
    with pytest.raises(UnknownName, match="no practice 'birch'"):
        example.practice("birch")
    with pytest.raises(UnknownName, match="no service of maple 'dentist'"):
        example.service("maple", "dentist")


def test_a_location_keeps_its_own_holidays(example: Organisation) -> None:
    after_thanksgiving = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert not is_open(example.calendar("maple", "loop"), after_thanksgiving)
    assert not is_open(example.calendar("riverside", "westside"), after_thanksgiving)
    assert is_open(example.calendar("riverside", "downtown"), after_thanksgiving)


def test_in_opening_hours_the_front_desk_comes_first(example: Organisation) -> None:
    need = example.need("maple", "scheduling", "es-US", "IL", opening=True)
    assert (need.pools, need.overflow_after) == (("maple-front-desk",), timedelta(seconds=40))
    assert widened(need, timedelta(seconds=40)).pools is None


def test_a_nurse_is_not_sought_at_a_front_desk_without_one(example: Organisation) -> None:
    need = example.need("maple", "nurse", "en-US", "IL", opening=True)
    assert (need.licensed_kind, need.patient_state, need.overflow_after) == ("RN", "IL", None)
    assert need.pools is not None
    assert {"manila", "cape-town", "bogota"} <= set(need.pools)


def test_another_practices_front_desk_never_answers(example: Organisation) -> None:
    need = example.need("riverside", "scheduling", "en-US", "TX", opening=True)
    assert need.pools is not None
    assert "maple-front-desk" not in need.pools
    assert "grace" not in {agent.id for agent in example.agents_of("riverside")}
    assert "grace" in {agent.id for agent in example.agents_of("maple")}


def test_on_the_long_night_licensed_nurses_are_awake_in_manila_and_cape_town(example: Organisation) -> None:
    need = example.need("maple", "nurse", "en-US", "IL", opening=False)
    awake = {agent.pool.id for agent in example.agents.values() if not refusals(agent, need, LONG_NIGHT)}
    assert awake == {"manila", "cape-town"}


def test_on_the_long_night_dr_lee_is_on_call_and_dr_okafor_next(example: Organisation) -> None:
    rota = example.on_call_for("maple").rota
    assert (on_call(rota, LONG_NIGHT), next_on_call(rota, LONG_NIGHT)) == ("dr-lee", "dr-okafor")


def test_an_emergency_climbs_to_the_medical_director(example: Organisation) -> None:
    duty = example.on_call_for("maple")
    paged = escalation_steps(duty.ladder("emergent"), duty.rota, [duty.director], LONG_NIGHT)
    assert [step.person for step in paged] == ["dr-lee", "dr-okafor", "dr-patel", None]
    assert [step.wait for step in paged][:3] == [timedelta(seconds=150)] * 3


def test_an_urgency_without_a_ladder_climbs_the_urgent_one(example: Organisation) -> None:
    duty = example.on_call_for("maple")
    assert duty.ladder("routine") == duty.ladder("urgent") != duty.ladder("emergent")


def test_training_holds_for_the_period_of_the_policy(example: Organisation) -> None:
    assert str(example.agent("joy").trained_until) == "2027-09-01"


def test_a_clinician_can_be_reached_as_written(example: Organisation) -> None:
    lee = example.person("dr-lee")
    assert (lee.name, lee.voice, lee.sms, lee.licences[0].state) == ("Dr Lee", "+13125550181", "+13125550181", "IL")


def test_the_most_urgent_question_comes_first(example: Organisation) -> None:
    protocol = example.protocol("adult-red-flags")
    assert [question.raises_to for question in protocol.questions] == ["emergent"] * 11
    assert protocol.answer_within.emergent == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-US", "chest feels tight"),
        ("en-US", "can't breathe"),
        ("en-US", "won't wake up"),
        ("en-US", "baby is not moving"),
        ("es-US", "me duele el pecho"),
        ("es-US", "no puede respirar"),
        ("es-US", "me quiero morir"),
        ("es-US", "tomó cloro"),
    ],
)
def test_what_callers_say_first_is_among_the_red_flags(example: Organisation, language: str, said: str) -> None:
    names = ("adult-red-flags", "child-red-flags", "pregnancy-red-flags")
    flags = [flag for name in names for flag in example.protocol(name).red_flags]
    raised = {flag.raises_to for flag in flags if said in flag.listen[language]}
    assert raised == {"emergent"}


def test_a_gap_tells_who_is_missing_and_when(folder: Folder) -> None:
    folder.replace(
        "operator.yaml",
        "name: Ana Reyes, pool: manila, contact: \"client:ana\", languages: [en-US, es-US]",
        "name: Ana Reyes, pool: manila, contact: \"client:ana\", languages: [en-US]",
    )  # fmt: skip
    organisation = read_folder(folder.path, at=AT)
    gap = find_gaps(organisation, AT, AT + timedelta(days=2))[0]
    assert (gap.line.practice, gap.line.need.service, gap.line.need.language, gap.interpreted, gap.caught) == (
        "maple",
        "scheduling",
        "es-US",
        True,
        False,
    )
    assert described(cause_of(gap)) == (
        "nobody answers scheduling in es-US from Sun 2026-11-01 17:00 to 23:00 America/Chicago, and 1 more time, "
        "but others with an interpreter"
    )
    assert mend_of(cause_of(gap)) == (
        "add es-US to manila, where ana, benjie cannot speak it, or train carmela (manila) to scheduling 1"
    )


def test_a_shift_on_a_day_of_a_month_fills_the_gap_of_that_day_only(folder: Folder) -> None:
    folder.replace(
        "operator.yaml",
        '{site: bogota, shift: {mon-sun: ["06:00-18:00"]}}',
        '{site: bogota, shift: {mon-sat: ["06:00-18:00"], "1st, 3rd sun": ["06:00-18:00"]}}',
    )
    gaps = find_gaps(read_folder(folder.path, at=AT), AT, AT + timedelta(days=30))
    assert {span.start.day for gap in gaps for span in gap.spans} == {8, 22, 29}


def test_without_an_interpreter_a_gap_in_a_language_is_no_longer_borne(folder: Folder) -> None:
    folder.replace(
        "operator.yaml",
        'contact: "client:ana", languages: [en-US, es-US]',
        'contact: "client:ana", languages: [en-US]',
    )
    borne = [one for one in check_folder(folder.path, AT) if "scheduling in es-US" in one.what]
    assert [(one.warning, one.mend.endswith(", or rely on the interpreter")) for one in borne] == [(True, True)]
    assert borne[0].what.startswith(f"{EVERYWHERE}: nobody answers scheduling in es-US from")
    folder.replace("operator.yaml", "languages: [es-US], keys", "languages: [fil-PH], keys")
    missing = [one for one in check_folder(folder.path, AT) if "scheduling in es-US" in one.what]
    mend = ", or name an interpreter for es-US, or write after_hours: message"
    assert [(one.warning, one.mend.endswith(mend)) for one in missing] == [(False, True)]
    assert missing[0].what.startswith(f"{EVERYWHERE}: nobody answers scheduling in es-US from")
