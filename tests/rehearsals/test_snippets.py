"""Snippets: steps written once, included with values, and told by their own file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsals.errors import Unreadable
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import rehearse
from tests.rehearsals.conftest import TO_ANA, Write

ACCEPTS = """snippet: an agent takes the call
values: {who: , key: 1}
steps:
  - call is offered to: <who>
  - <who> answers
  - <who> presses: <key>
"""
CALL = TO_ANA[:-1]


def _snippet(folder: Path, text: str, name: str = "accepts.yaml") -> Path:
    path = folder / "snippets" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refusal:
        read_script(path)
    return str(refusal.value)


def test_an_included_snippet_plays_where_it_stands_with_the_values_it_is_given(write: Write, tmp_path: Path) -> None:
    _snippet(tmp_path, ACCEPTS)
    include = "include: snippets/accepts.yaml\n    who: ana"
    talks = ("connected: [caller, ana]", "caller waits: 22s", "caller hangs up")
    result = rehearse(read_script(write(*CALL, include, *talks)))
    assert result.passed, failure(result)


def test_a_value_given_replaces_the_snippet_s_own(write: Write, tmp_path: Path) -> None:
    _snippet(tmp_path, ACCEPTS)
    script = read_script(write("include: snippets/accepts.yaml\n    who: ana\n    key: 2"))
    assert [step.text for step in script.steps] == ["call is offered to: ana", "ana answers", "ana presses: 2"]


def test_a_failure_in_a_snippet_is_shown_at_its_own_line_with_the_include(write: Write, tmp_path: Path) -> None:
    _snippet(tmp_path, ACCEPTS)
    path = write(*CALL, "include: snippets/accepts.yaml\n    who: benjie")
    told = failure(rehearse(read_script(path)))
    where = f"{tmp_path / 'snippets' / 'accepts.yaml'}:4: call is offered to: benjie (included at {path}:11)"
    assert f">>>>> {where}" in told
    assert f"again: sunline rehearse {path}" in told


def test_a_typing_error_in_a_snippet_names_its_own_line_and_the_include(write: Write, tmp_path: Path) -> None:
    snippet = _snippet(tmp_path, ACCEPTS.replace("answers", "ansers"))
    path = write("include: snippets/accepts.yaml\n    who: ana")
    told = _refusal(path)
    assert f"{snippet}:5: no step reads 'ana ansers' (included at {path}:7); did you mean 'ana answers'?" in told


@pytest.mark.parametrize(
    ("include", "problem"),
    [
        ("snippets/acepts.yaml", "there is no snippet 'snippets/acepts.yaml'; did you mean 'snippets/accepts.yaml'?"),
        ("snippets/accepts.yaml", "accepts.yaml needs the value 'who'; write who: ... below the include"),
        ("snippets/accepts.yaml\n    who: ana\n    kee: 1", "call.yaml:9:"),
        ("snippets/accepts.yaml\n    who: ana\n    kee: 1", "has no value 'kee'; did you mean 'key'?"),
    ],
)
def test_an_include_that_cannot_be_followed_names_the_mend(
    write: Write, tmp_path: Path, include: str, problem: str
) -> None:
    _snippet(tmp_path, ACCEPTS)
    assert problem in _refusal(write(f"include: {include}"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("snippet: x\nsteps:\n  - <whom> answers\n", "accepts.yaml:3: nothing says what <whom> stands for"),
        ("rehearsal: x\nsteps: []\n", "accepts.yaml:1: unknown key 'rehearsal'"),
        ("steps: []\n", "accepts.yaml:1: this is no snippet; write snippet: ... and steps: ..."),
        ("snippet: [", "accepts.yaml:1: this is not YAML"),
        ("snippet: x\nvalues: [who]\nsteps: []\n", "accepts.yaml:2: the values are no list of names"),
    ],
)
def test_a_snippet_that_is_none_names_its_own_line(write: Write, tmp_path: Path, text: str, problem: str) -> None:
    _snippet(tmp_path, text)
    assert problem in _refusal(write("include: snippets/accepts.yaml"))


def test_snippets_may_include_others_but_never_themselves(write: Write, tmp_path: Path) -> None:
    _snippet(tmp_path, "snippet: one\nsteps:\n  - include: two.yaml\n", "one.yaml")
    _snippet(tmp_path, "snippet: two\nsteps:\n  - caller hangs up\n", "two.yaml")
    path = write("include: snippets/one.yaml")
    (step,) = read_script(path).steps
    one = tmp_path / "snippets" / "one.yaml"
    assert step.included_at == (f"{path}:7", f"{one}:3")
    _snippet(tmp_path, "snippet: two\nsteps:\n  - include: one.yaml\n", "two.yaml")
    told = _refusal(path)
    assert "two.yaml:3: a snippet includes itself: one.yaml -> two.yaml -> one.yaml (included at" in told
    assert told.endswith("take one of the includes out")


def test_a_rehearsal_may_name_values_of_its_own(write: Write) -> None:
    script = read_script(write("<agent> answers", extra="values: {agent: ana}"))
    assert [step.text for step in script.steps] == ["ana answers"]
    assert "nothing says what <agnt> stands for; did you mean 'agent'?" in _refusal(
        write("<agnt> answers", extra="values: {agent: ana}")
    )
