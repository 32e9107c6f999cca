"""The ``sunline flows`` commands."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflows.proof.documents import drawn
from callflows.proof.graph import Subject
from callflows.proof.subjects import sample_subjects
from callflows.proof.waiting_points import Release, released, write
from callflows.registry import CURRENT
from callflows.vocabulary import Ask, Flow, Outcome
from ivr.flows import flows_command
from ivr.flows.flows_command import flows
from ivr.flows.releases import releases
from tests.flows.small import made_brief
from tests.ops.test_lists_as_json import LISTS

SMALL = [made_brief(one) for one in sample_subjects() if one.flow in ("called_back", "house_call")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(flows, arguments)


def abrupt(_: object) -> Flow:
    yield Ask("question", ())
    raise ValueError("oh")


def changed(flow: str, stored: Release, folder: Path) -> None:
    """Store a release of ``flow`` that asked something else."""
    text = write(stored).replace(stored.fingerprint, "0" * 64).replace("ready", "were-you-ready")
    (folder / f"{flow}-1.json").write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _no_proof_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of releases."""
    path = tmp_path / "released"
    path.mkdir()
    monkeypatch.setattr(flows_command, "FOLDER", path)
    monkeypatch.setattr(flows_command, "file_of", lambda flow, version: path / f"{flow}-{version}.json")
    return path


def test_explore_prints_a_row_for_each_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: SMALL)
    result = run("explore")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == [*("flow", *["called_back"] * 2, "house_call")]
    assert all(line.endswith("yes") for line in result.output.splitlines()[1:])


def test_explore_shows_the_path_that_is_not_safe_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: [Subject("abrupt", "x", abrupt, None)])
    result = run("explore")
    assert result.exit_code == 1
    assert "[question] ask" in result.output
    assert "NOT SAFE: the flow breaks: ValueError: oh" in result.output


def test_programs_read_what_explore_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: [*SMALL, Subject("abrupt", "x", abrupt, None)])
    result = run("explore", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {frozenset(one) for one in found} == {frozenset(LISTS["flows explore"])}
    assert [one["safe"] for one in found] == [True] * len(SMALL) + [False]
    assert "NOT SAFE: the flow breaks: ValueError: oh" in found[-1]["unsafe_path"]


def slow(_: object) -> Flow:
    yield Ask("menu", (), speech=True, wishes=("nurse",), timeout=5)
    yield Ask("more", (), timeout=7)
    return Outcome("done")


def test_explore_says_how_late_callers_are_helped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: [Subject("slow", "x", slow, None), *SMALL])
    told = run("explore").output.splitlines()
    assert "Seconds until somebody is looked for" in told[-2]
    assert told[-1].startswith("slow, x, en-US: ")
    assert ", nurse 22 (22), " in told[-1]
    assert told[-1].endswith(", silence 12 (12)")


def test_explore_shows_on_a_terminal_what_it_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "sample_subjects", lambda: SMALL)
    assert "1 of 3: " not in run("explore").stderr
    monkeypatch.setattr(flows_command, "is_watched", lambda: True)
    shown = run("explore", "--afresh").stderr
    assert [f"{number} of {len(SMALL)}: {one.flow}, {one.label}" in shown for number, one in enumerate(SMALL, 1)] == [
        True
    ] * len(SMALL)


class ThirdLook(threading.Event):
    """Something that is done when it is waited for the third time."""

    looks = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.looks += 1
        return self.looks == 3


def test_the_seconds_of_a_walk_are_counted_while_it_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    flows_command.count_seconds("walk 1 of 4: called_back, a patient", ThirdLook())
    shown = capsys.readouterr().err
    assert [one for one in ("a patient\r", "a patient, 1 second\r", "a patient, 2 seconds\r") if one not in shown] == []
    assert "3 seconds" not in shown


def test_draw_writes_a_page_for_each_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "drawn", lambda: [one for one in drawn() if one.flow == "called_back"])
    result = run("draw", "--out", str(tmp_path / "new"))
    assert result.exit_code == 0
    assert (tmp_path / "new" / "called_back.md").read_text(encoding="utf-8").startswith("# Called back\n")


def test_check_of_the_working_copy_prints_every_flow() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == sorted(flow.name for flow in CURRENT)


def test_check_without_any_release_fails_with_the_mend(folder: Path) -> None:
    result = run("check")
    assert result.exit_code == 1
    assert "run `sunline flows freeze`" in result.output


def test_check_fails_when_a_changed_flow_refuses_a_call(folder: Path) -> None:
    assert run("freeze", "called_back").exit_code == 0
    stored = releases(folder)[0]
    changed("called_back", stored, folder)
    result = run("check")
    assert result.exit_code == 1
    assert "called_back 1: changed; " in result.output
    assert "but the flow" in result.output
    assert "give it a new version" in result.output


def test_programs_read_what_check_finds(folder: Path) -> None:
    assert run("freeze", "called_back").exit_code == 0
    changed("called_back", releases(folder)[0], folder)
    result = run("check", "--json")
    (found,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(found) == LISTS["flows check"]
    assert (found["flow"], found["state"], found["safe"]) == ("called_back", "changed", False)
    assert found["refused"]


def test_check_says_that_a_flow_has_only_moved(folder: Path) -> None:
    assert run("freeze", "called_back").exit_code == 0
    stored = releases(folder)[0]
    (folder / "called_back-1.json").write_text(write(replace(stored, fingerprint="0" * 64)), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert result.output == "called_back 1: moved only; calls in progress go on unchanged at 588 waiting points\n"


def test_check_says_after_which_questions_a_flow_goes_on_otherwise(folder: Path) -> None:
    assert run("freeze", "called_back").exit_code == 0
    stored = releases(folder)[0]
    ahead = (replace(stored.points[0], ahead="otherwise"), *stored.points[1:])
    older = replace(stored, fingerprint="0" * 64, behaviour=(("a patient", "otherwise"),), points=ahead)
    (folder / "called_back-1.json").write_text(write(older), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "called_back 1: changed; 588 waiting points continue (1 of them otherwise), 0 are refused",
        "  a call asked 'ready/0' (a patient): goes on, and then not as it was released",
    ]


def test_check_names_a_version_that_no_longer_ships(folder: Path) -> None:
    stored = released([one for one in SMALL if one.flow == "called_back"], 99)
    (folder / "called_back-99.json").write_text(write(stored), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "called_back 99" in result.output


def test_freezing_anew_a_version_that_shipped_and_changed_is_refused(folder: Path) -> None:
    assert run("freeze", "called_back").exit_code == 0
    changed("called_back", releases(folder)[0], folder)
    refused = run("freeze", "called_back")
    assert refused.exit_code == 1
    assert "give it a new version" in refused.output
    assert run("freeze", "called_back", "--unshipped").exit_code == 0
    assert run("check").exit_code == 0


def test_a_flow_that_breaks_a_rule_is_not_frozen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows_command, "released_subjects", lambda flow: [Subject(flow, "x", abrupt, None)])
    refused = run("freeze", "house_call")
    assert refused.exit_code == 1
    assert "house_call, x: the flow breaks: ValueError: oh; mend the flow first" in refused.output
    assert not list(folder.iterdir())


def test_freezing_an_unknown_flow_names_those_there_are(folder: Path) -> None:
    result = run("freeze", "outbound")
    assert result.exit_code == 1
    assert "there are inbound, backline" in result.output


def test_a_configuration_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    result = run("explore", "--config", str(tmp_path))
    assert result.exit_code == 1
    assert "Error: " in result.output
