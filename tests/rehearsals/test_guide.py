"""The guide shows every step as it is, and its example plays."""

from __future__ import annotations

import re
from pathlib import Path

from rehearsals.language import read_script
from rehearsals.listing import GUIDE, ORDER, for_terminal, guide_with_steps, written
from rehearsals.report import failure
from rehearsals.running import rehearse
from rehearsals.steps import KINDS
from tests.rehearsals.conftest import FOLDER


def test_the_table_of_the_guide_is_that_of_the_steps() -> None:
    guide = GUIDE.read_text("utf-8")
    assert guide == guide_with_steps(guide), "write it anew: .venv/bin/python -m rehearsals.listing"


def test_every_step_is_listed_once_with_what_it_means() -> None:
    listed = for_terminal().splitlines()
    assert [listed.count(f"  {written(kind)}") for kind in KINDS] == [1] * len(KINDS)
    assert {kind.act.__module__.rpartition(".")[2] for kind in KINDS} == set(ORDER)


def test_the_example_of_the_guide_plays(tmp_path: Path) -> None:
    example = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)[0]
    (tmp_path / "snippets").symlink_to(FOLDER / "snippets")
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    result = rehearse(read_script(tmp_path / "example.yaml"))
    assert result.passed, failure(result)
