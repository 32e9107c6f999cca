"""Who is on call for a service and a location, and which licences count there."""

from __future__ import annotations

import pytest

from ivr.directory.organisation import Organisation, read_folder
from ivr.ops.configuration_commands import check_folder
from tests.directory.conftest import AT, Folder

ALONE = "timezone: America/Chicago, rotation: none, hand_over: mon 08:00, from: 2026-10-05"
ROTAS = f"  maple-dentists: {{{ALONE}, people: [dr-molar]}}\n  uptown-physicians: {{{ALONE}, people: [dr-lee]}}\n"
MOLAR = """  dr-molar:
    name: Dr Molar
    voice: "+13125550187"
    sms: "+13125550187"
    licences: [{kind: DMD, state: IL, expires: 2027-07-31}]
"""
UPTOWN = """  uptown:
    timezone: America/Chicago
    state: IL
    numbers: ["+13125550105"]
    opening_hours: {mon-fri: ["09:00-16:00"]}
    on_call: {rota: uptown-physicians, services: {scheduling: {escalation: {urgent: fast}}}}
"""
DENTAL = (
    "  dental: {skill: triage_rn, level: L0, licensed: true, open: on_call, after_hours: on_call, "
    "protocols: {adult: adult-red-flags, child: child-red-flags, pregnancy: pregnancy-red-flags}, "
    "on_call: {rota: maple-dentists, medical_director: dr-molar, licences: [DDS]}}\n"
)


@pytest.fixture
def dental(folder: Folder) -> Folder:
    """Maple with a dental service of its own dentists, and a second location with its own physicians."""
    folder.replace("oncall.yaml", "rotas:\n", f"{MOLAR}rotas:\n")
    folder.replace("oncall.yaml", "escalations:\n", f"{ROTAS}escalations:\n")
    folder.replace("practices/maple.yaml", "\nstaff: {pool", f"{UPTOWN}\nstaff: {{pool")
    folder.replace("practices/maple.yaml", "\nidentity:\n", f"{DENTAL}\nidentity:\n")
    folder.replace("practices/maple.yaml", "pharmacy]}", "pharmacy], location: loop}")
    return folder


def rota(organisation: Organisation, location: str | None, service: str | None) -> str:
    return organisation.on_call_for("maple", location, service).rota.id


def refused(folder: Folder) -> list[str]:
    return [one.what for one in check_folder(folder.path, AT) if not one.warning]


def test_what_is_more_special_goes_first_and_each_key_by_itself(dental: Folder) -> None:
    read = read_folder(dental.path, at=AT)
    assert rota(read, None, None) == rota(read, "loop", "nurse") == "maple-physicians"
    assert rota(read, "loop", "dental") == rota(read, "uptown", "dental") == "maple-dentists"
    assert rota(read, "uptown", "nurse") == rota(read, "uptown", "scheduling") == "uptown-physicians"
    duty = read.on_call_for("maple", "uptown", "dental")
    assert (duty.director, duty.licences) == ("dr-molar", ("DDS",))
    assert duty.ladder("urgent") == read.on_call_for("maple").ladder("urgent") == read.ladders["standard"]
    assert read.on_call_for("maple", "uptown", "scheduling").ladder("urgent") == read.ladders["fast"]
    assert read.on_call_for("maple", "uptown", "nurse").director == "dr-patel"


def test_a_service_at_a_location_goes_before_the_service(dental: Folder) -> None:
    own = "services: {dental: {rota: uptown-physicians, licences: [MD]}, scheduling"
    dental.replace("practices/maple.yaml", "services: {scheduling", own)
    dental.replace(
        "oncall.yaml", "licences: [{kind: DMD", "licences: [{kind: MD, state: IL, expires: 2027-07-31}, {kind: DMD"
    )
    read = read_folder(dental.path, at=AT)
    duty = read.on_call_for("maple", "uptown", "dental")
    assert (duty.rota.id, duty.licences, duty.director) == ("uptown-physicians", ("MD",), "dr-molar")
    assert rota(read, "loop", "dental") == "maple-dentists"


def test_a_name_that_the_practice_does_not_have_counts_as_none(dental: Folder) -> None:
    read = read_folder(dental.path, at=AT)
    assert rota(read, "nowhere", "backline-hospital") == "maple-physicians"
    assert rota(read, "uptown", "backline-hospital") == "uptown-physicians"


def test_everything_that_may_hold_is_listed_once_that_of_the_practice_first(dental: Folder) -> None:
    duties = read_folder(dental.path, at=AT).on_call_of("maple")
    assert [duty.rota.id for duty in duties] == ["maple-physicians", "maple-dentists", *["uptown-physicians"] * 2]


def test_it_passes_its_check_and_dentists_are_held_to_dental_licences(dental: Folder) -> None:
    assert refused(dental) == []
    dental.replace("oncall.yaml", "kind: DMD, state: IL", "kind: RDH, state: IL")
    assert refused(dental) == ["dr-molar is on call for patients in IL without a valid licence there (DDS)"]


def test_a_location_in_another_state_asks_for_licences_of_its_own_people_only(dental: Folder) -> None:
    path = dental.path / "practices/maple.yaml"
    before, uptown, after = path.read_text().partition("  uptown:\n    timezone: America/Chicago\n    state: ")
    path.write_text(before + uptown + after.replace("IL", "WI", 1))
    assert refused(dental) == [
        "dr-lee is on call for patients in WI without a valid licence there",
        "dr-patel is on call for patients in WI without a valid licence there",
        "dr-molar is on call for patients in WI without a valid licence there (DDS)",
    ]


def test_a_rota_of_one_is_warned_of_only_where_the_next_on_call_would_be_paged(dental: Folder) -> None:
    alone = [one.what.split(" has one")[0] for one in check_folder(dental.path, AT) if "has one person" in one.what]
    assert alone == ["maple-dentists", "uptown-physicians"]
    dental.replace("practices/maple.yaml", "on_call: {rota: maple-dentists", DIRECT)
    dental.replace("oncall.yaml", "escalations:\n", f"escalations:\n  one: {ONE_STEP}\n")
    alone = [one.what.split(" has one")[0] for one in check_folder(dental.path, AT) if "has one person" in one.what]
    assert alone == ["uptown-physicians"]


ONE_STEP = "[{page: on_call, by: [voice], for: 5m}, house_fallback]"
DIRECT = "on_call: {escalation: {emergent: one, urgent: one}, rota: maple-dentists"


def test_a_kind_of_licence_of_the_operators_own_is_met_by_those_who_are_named(folder: Folder) -> None:
    own = "\nlicence_kinds: {triage: {met_by: [RN]}, RN: {compact: false}}\npolicy:\n"
    folder.replace("operator.yaml", "\npolicy:\n", own)
    folder.replace("practices/maple.yaml", "level: L0, licensed: true", "level: L0, licensed: true, licence: triage")
    read = read_folder(folder.path, at=AT)
    assert read.need("maple", "nurse", "en-US", "IL", opening=False).licensed_kind == "triage"
    joy = read.agent("joy").licences
    assert [one.allows.compact for one in joy] == [False, False]
    assert {"triage", "RN", "LPN"} == set(joy[0].allows.meets)
