"""``sunline rehearse``: what it says and how it exits."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main
from tests.rehearsals.conftest import FOLDER, TO_ANA, Write

RED_FLAG = str(next(FOLDER.glob("05-*.yaml")))


def _sunline(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", *arguments])


def test_a_rehearsal_that_passes_exits_with_0() -> None:
    result = _sunline(RED_FLAG)
    assert result.exit_code == 0, result.output
    assert "passed 05-red-flag-at-half-past-one.yaml (3m " in result.output
    assert "1 rehearsals, 0 failed" in result.output


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
    junit = tmp_path / "results.xml"
    _sunline(RED_FLAG, str(write("ana answers")), "--junit", str(junit))
    suite = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failures = [case.find("failure") for case in suite.findall("testcase")]
    assert failures[0] is None
    assert failures[1] is not None
    assert failures[1].get("message") == "expected ana's phone to be ringing; it does not ring"


@pytest.mark.postgres
def test_several_rehearsals_may_share_one_empty_database(write: Write, postgres_url: str) -> None:
    path = str(write(*TO_ANA, "caller hangs up", outcome="hung-up"))
    result = _sunline(path, path, "--database", postgres_url)
    assert result.exit_code == 0, result.output


def test_help_names_every_option() -> None:
    told = _sunline("--help").output
    assert all(name in told for name in ("--config", "--twice", "--database", "--seed", "--verbose", "--junit"))
