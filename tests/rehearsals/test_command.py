"""``sunline rehearse``: what it says and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main
from tests.ops.test_lists_as_json import LISTS
from tests.rehearsals.conftest import FOLDER, TO_ANA, Write

RED_FLAG = str(next(FOLDER.glob("05-*.yaml")))


def _sunline(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", *arguments])


def test_a_rehearsal_that_passes_exits_with_0() -> None:
    result = _sunline(RED_FLAG)
    assert result.exit_code == 0, result.output
    assert "passed 05-red-flag-at-half-past-one.yaml (3m " in result.output
    assert "1 rehearsal, 0 failed" in result.output


def test_a_rehearsal_that_fails_exits_with_1_and_says_what_was_expected_and_how_to_see_it_again(write: Write) -> None:
    path = write(*TO_ANA[:-1], "call is offered to: benjie")
    result = _sunline(str(path), "--twice", "--seed", "3")
    assert result.exit_code == 1
    told = result.output.splitlines()
    assert "  00:24 ana's phone rings" in told
    assert f">>>>> {path}:11: call is offered to: benjie" in told
    assert "      expected benjie's phone to ring within 30s" in told
    assert "      but ana's phone rang instead" in told
    assert f"again: sunline rehearse {path} --seed 3 --twice" in told


def test_a_rehearsal_is_played_on_a_network_that_fails_as_told_and_says_so_again() -> None:
    assert _sunline(RED_FLAG, "--fault", "callbacks-twice", "--fault", "callbacks-late=2").exit_code == 0
    result = _sunline(RED_FLAG, "--fault", "application-down", "--fault", "rest-busy on POST /Calls")
    assert result.exit_code == 1
    assert f"again: sunline rehearse {RED_FLAG} --fault application-down --fault 'rest-busy on POST /Calls'" in (
        result.output
    )


def test_programs_read_what_came_of_each(write: Write) -> None:
    result = _sunline(RED_FLAG, str(write(*TO_ANA[:-1], "call is offered to: benjie")), "--json")
    passed, failed = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(passed) == set(failed) == LISTS["rehearse"]
    assert (passed["passed"], passed["expected"], failed["passed"]) == (True, None, False)
    assert failed["expected"] == "benjie's phone to ring within 30s"


def test_a_fault_that_does_not_exist_is_refused_with_the_nearest() -> None:
    result = _sunline(RED_FLAG, "--fault", "rest-bussy")
    assert result.exit_code == 2
    assert "did you mean rest-busy?" in result.output


def test_a_file_that_cannot_be_followed_exits_with_2(write: Write) -> None:
    result = _sunline(str(write("caller sings: la la la")))
    assert result.exit_code == 2
    assert "call.yaml:7: no step reads 'caller sings'" in result.output


def test_a_folder_means_every_rehearsal_in_it(write: Write) -> None:
    folder = write(*TO_ANA, "caller hangs up", outcome="hung-up").parent
    result = _sunline(str(folder))
    assert result.exit_code == 0, result.output
    assert "passed call.yaml" in result.output


def test_an_empty_folder_is_an_error_and_no_success(tmp_path: Path) -> None:
    result = _sunline(str(tmp_path))
    assert result.exit_code == 2
    assert "no rehearsal" in result.output


def test_another_configuration_can_be_called(write: Write, tmp_path: Path) -> None:
    result = _sunline(str(write("caller hangs up")), "--config", str(tmp_path))
    assert result.exit_code == 2
    assert "operator.yaml" in result.output


def test_verbose_shows_the_call_as_it_happened_and_why() -> None:
    result = _sunline(RED_FLAG, "--verbose")
    assert 'caller says "my chest feels tight and my arm hurts"' in result.output
    assert "decision: paged dr-lee because on call for maple (rota maple-physicians)" in result.output
    assert "decision: paged dr-okafor because next on call for maple (rota maple-physicians)" in result.output


def test_the_results_can_be_had_as_junit_xml(write: Write, tmp_path: Path) -> None:
    junit, wrong = tmp_path / "results.xml", write("ana answers")
    _sunline(RED_FLAG, str(wrong), "--twice", "--junit", str(junit))
    suite = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    passed, failed = suite.findall("testcase")
    assert (passed.get("file"), passed.get("line")) == (RED_FLAG, "1")
    assert (failed.get("file"), failed.get("line")) == (str(wrong), "7")
    times = [float(one.get("time", "")) for one in (passed, failed)]
    assert min(times) > 0
    assert float(suite.get("time", "")) == pytest.approx(sum(times), abs=0.002)
    assert "caller hears" in passed.findtext("system-out", "")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected ana's phone to be ringing; it does not ring"
    assert f"again: sunline rehearse {wrong} --twice" in (failure.text or "")


@pytest.mark.parametrize("option", ["--junit", "--record"])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_played(tmp_path: Path, option: str) -> None:
    told = _sunline(RED_FLAG, option, str(tmp_path / "none" / "results"))
    assert told.exit_code == 2
    assert f"there is no folder '{tmp_path}/none'; make it, or choose another" in " ".join(told.output.split())
    assert "passed" not in told.output


@pytest.mark.parametrize("url", ["words", "sqlite:////none/of/these/folders.db", "oracle://me:secret@127.0.0.1/x"])
def test_a_database_that_cannot_be_used_is_refused_without_its_address(url: str) -> None:
    told = _sunline(RED_FLAG, "--database", url)
    assert told.exit_code == 2
    assert "the database cannot be used" in told.output
    assert "secret" not in told.output


def test_a_failure_in_a_snippet_is_placed_at_its_include_for_tools_that_show_files(
    write: Write, tmp_path: Path
) -> None:
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "ana.yaml").write_text("snippet: x\nsteps:\n  - ana answers\n", "utf-8")
    junit, wrong = tmp_path / "results.xml", write("caller hears: 911", "include: snippets/ana.yaml")
    _sunline(str(wrong), "--junit", str(junit))
    case = ElementTree.parse(junit).getroot().find("testcase")
    assert case is not None
    assert (case.get("file"), case.get("line")) == (str(wrong), "8")


def test_many_files_show_how_far_it_is_and_at_the_end_which_failed(write: Write) -> None:
    path = str(write("ana answers"))
    told = _sunline(RED_FLAG, path).output.splitlines()
    assert told[0].startswith("[1/2] passed 05-red-flag")
    assert any(line.startswith("[2/2] FAILED call.yaml") for line in told)
    assert told[-2].startswith("2 rehearsals, 1 failed (3m ")
    assert told[-1] == f"  FAILED {path}"


def test_a_folder_is_searched_below_as_well_but_snippets_are_no_rehearsals(write: Write) -> None:
    folder = write(*TO_ANA, "caller hangs up", outcome="hung-up").parent
    for name in ("faults", "snippets", "load"):
        (folder / name).mkdir()
    (folder / "call.yaml").rename(folder / "faults" / "call.yaml")
    (folder / "load" / "morning.yaml").write_text("load: x\n", "utf-8")
    (folder / "snippets" / "ana.yaml").write_text("snippet: x\nsteps: []\n", "utf-8")
    result = _sunline(str(folder))
    assert result.exit_code == 0, result.output
    assert "1 rehearsal, 0 failed" in result.output


def test_typing_errors_of_every_file_are_told_before_anything_is_played(write: Write, tmp_path: Path) -> None:
    first = write("caller sings: la")
    second = first.rename(tmp_path / "other.yaml")
    told = _sunline(RED_FLAG, str(second), str(write("caller dances"))).output
    assert "other.yaml:7: no step reads 'caller sings'" in told
    assert "call.yaml:7: no step reads 'caller dances'" in told
    assert "passed" not in told


def test_the_steps_can_be_listed_without_a_file() -> None:
    result = _sunline("--list-steps")
    assert result.exit_code == 0
    assert "  WHO hears the prompt in LANGUAGE: ..." in result.output.splitlines()


@pytest.mark.postgres
def test_several_rehearsals_may_share_one_empty_database(write: Write, postgres_url: str) -> None:
    path = str(write(*TO_ANA, "caller hangs up", outcome="hung-up"))
    result = _sunline(path, path, "--database", postgres_url)
    assert result.exit_code == 0, result.output


def test_help_names_every_option() -> None:
    told = _sunline("--help").output
    assert all(
        name in told
        for name in ("--config", "--twice", "--fault", "--database", "--seed", "--verbose", "--junit", "--list-steps")
    )
