"""One cause is one message, however many places, services and languages it is met in."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from ivr.directory.organisation import read_folder
from ivr.directory.problems import Problem, one_a_cause, some
from ivr.ops.configuration_commands import check, check_folder
from ivr.workforce.coverage import find_gaps
from ivr.workforce.coverage_causes import causes_of
from ivr.workforce.coverage_command import coverage
from tests.directory.conftest import AT, Folder, fourteen_locations

NOON = ["--at", AT.isoformat()]
SUNDAYS_OFF = '{site: bogota, shift: {mon-sat: ["06:00-18:00"]}}'


def run(command: object, folder: Folder, *more: str) -> list[str]:
    result = CliRunner().invoke(command, [str(folder.path), *NOON, *more])  # type: ignore[arg-type]
    return result.output.splitlines()


def test_fourteen_locations_with_one_gap_are_told_of_it_in_a_line_for_each_kind_of_people_missing(
    folder: Folder,
) -> None:
    fourteen_locations(folder)
    folder.replace("operator.yaml", '{site: bogota, shift: {mon-sun: ["06:00-18:00"]}}', SUNDAYS_OFF)
    told = run(check, folder, "--quick")
    where = "16 locations (maple place-00, maple place-01, maple place-02 and 13 more): nobody answers"
    assert len(told) == 3
    assert f"warning: {where} nurse in en-US and es-US for a patient in IL or TX from Sun 2026-11-01 11:00" in told[0]
    assert f": {where} scheduling in en-US and es-US from Sun 2026-11-01 11:00" in told[1]
    assert told[2].endswith("1 problem, 1 warning")
    told = run(coverage, folder, "--days", "14")
    assert (len(told), told[-1]) == (7, "64 gaps of 2 causes in 14 days")


def test_what_mends_a_cause_mends_each_of_its_gaps_and_no_gap_is_lost(folder: Folder) -> None:
    fourteen_locations(folder)
    folder.replace("operator.yaml", '{site: bogota, shift: {mon-sun: ["06:00-18:00"]}}', SUNDAYS_OFF)
    gaps = find_gaps(read_folder(folder.path, at=AT), AT, AT.replace(day=15))
    causes = causes_of(gaps)
    together = [gap for cause in causes for gap in cause.gaps]
    assert {id(gap) for gap in together} == {id(gap) for gap in gaps}
    assert len(together) == len(gaps)
    for cause in causes:
        assert len(cause.gaps) == len(cause.places) * len(cause.services) * len(cause.languages)
        for gap in cause.gaps:
            helping = {(mend.lack, mend.pool.id, agent) for mend in gap.mends for agent in mend.agents}
            assert {(mend.lack, mend.pool.id, agent) for mend in cause.mends for agent in mend.agents} <= helping


def test_locations_with_hours_of_their_own_still_share_a_skill_that_nobody_has(folder: Folder) -> None:
    fourteen_locations(folder)
    folder.replace("practices/maple.yaml", "  place-03: {", '  place-03: {opening_hours: {mon: ["09:00-10:00"]}, ')
    folder.replace("practices/maple.yaml", "prescriptions: {skill: scheduling", "prescriptions: {skill: dancing")
    told = [line for line in run(check, folder, "--quick") if "nobody answers" in line]
    assert len(told) == 1
    assert "14 locations (place-00, place-01, place-02 and 11 more): nobody answers prescriptions" in told[0]
    assert "train valentina, andres, camila (bogota) to dancing 1" in told[0]


def test_a_fault_of_the_defaults_is_told_once_at_the_line_where_it_is_written(folder: Folder) -> None:
    fourteen_locations(folder)
    line = folder.replace("practices/maple.yaml", "Labor Day]", "Labour Day]")
    found = check_folder(folder.path, AT)
    assert [(Path(one.file).name, one.line) for one in found] == [("maple.yaml", line)]
    assert found[0].what == "location_defaults: US has no holiday 'Labour Day'"


def test_what_all_locations_lack_is_told_once_and_how_many_they_are(folder: Folder) -> None:
    fourteen_locations(folder)
    folder.replace("practices/maple.yaml", "  state: IL\n", "")
    (found,) = check_folder(folder.path, AT)
    assert str(found).endswith(
        "locations.place-00.state is missing (and 13 more: place-01, place-02, place-03 and 10 more); "
        "add state: to it, or to location_defaults"
    )


def test_locations_that_share_hours_in_which_nobody_comes_are_told_once(folder: Folder) -> None:
    fourteen_locations(folder)
    line = folder.replace("practices/maple.yaml", '{mon-fri: ["08:00-17:00"]}', "{mon: []}")
    found = [one for one in check_folder(folder.path, AT) if "never open" in one.what]
    assert [one.line for one in found] == [line]
    assert "place-00 is never open" in found[0].what
    assert found[0].what.endswith("(and 13 more: place-01, place-02, place-03 and 10 more)")


def test_a_clinician_without_licences_in_several_states_is_told_of_once(folder: Folder) -> None:
    folder.replace("practices/riverside.yaml", "  downtown:\n", "  downtown:\n    state: OK\n")
    told = [one.what for one in check_folder(folder.path, AT) if "dr-garza" in one.what]
    assert told == ["dr-garza is on call for patients in OK without a valid licence there"]
    folder.replace("oncall.yaml", "MD, state: TX, expires: 2028-02-29", "MD, state: IL, expires: 2028-02-29")
    told = [one.what for one in check_folder(folder.path, AT) if "dr-garza" in one.what]
    assert told == ["dr-garza is on call for patients in OK, TX without a valid licence there"]


def test_the_same_words_in_one_file_are_told_once_with_the_other_lines() -> None:
    here, there = Problem("a.yaml", 1, "this", "do"), Problem("a.yaml", 7, "this", "do")
    assert one_a_cause([there, here]) == (Problem("a.yaml", 1, "this (and 1 more: line 7)", "do"),)
    assert one_a_cause([here, here]) == (here,)


def test_problems_of_other_files_or_with_other_mends_stay_apart() -> None:
    here = Problem("a.yaml", 1, "this", "do")
    apart = (here, Problem("a.yaml", 1, "this", "undo"), Problem("a.yaml", 2, "that", "do"))
    others = (Problem("a.yaml", 3, "this", "do", warning=True), Problem("b.yaml", 1, "this", "do"))
    assert one_a_cause((*apart, *others)) == (*apart, *others)


def test_a_list_of_names_is_cut_where_it_gets_long() -> None:
    assert some([]) == ""
    assert some(["a"]) == "a"
    assert some(["a", "b"]) == "a and b"
    assert some(["a", "b", "c", "d"]) == "a, b, c and d"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
