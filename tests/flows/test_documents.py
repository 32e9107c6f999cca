"""The diagrams are what the flows are."""

from __future__ import annotations

from pathlib import Path

import pytest

from callflows.proof.diagram import mermaid, place
from callflows.proof.documents import drawn, page
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.vocabulary import Ask, Flow, Outcome, Pressed

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "flows"
DRAWN = drawn()


@pytest.mark.parametrize("subject", DRAWN, ids=[one.flow for one in DRAWN])
def test_the_page_of_a_flow_is_up_to_date(subject: Subject) -> None:
    stored = (FOLDER / f"{subject.flow}.md").read_text(encoding="utf-8")
    assert stored == page(explore(subject)), "run `sunline flows draw`"


def test_there_is_a_page_for_each_flow_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {subject.flow for subject in DRAWN}


def test_tries_are_folded_together() -> None:
    assert place("agent/0/wait/5") == "agent/wait"


def test_a_diagram_shows_questions_answers_and_ends() -> None:
    def flow(_: object) -> Flow:
        answer = yield Ask("tea/0", ())
        return Outcome("tea" if answer == Pressed("1") else "none")

    lines = mermaid(explore(Subject("x", "x", flow, None))).splitlines()
    assert lines[0] == "flowchart TD"
    assert '    Ask_tea{{"tea"}}' in lines
    assert '    Ask_tea -->|"presses 1"| end__tea' in lines
    assert "    start --> Ask_tea" in lines
    assert not [line for line in lines if "hung" in line]
