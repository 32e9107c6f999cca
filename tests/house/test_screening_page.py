"""The page about screening works as written, step by step, in a fresh folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.house.test_readme import ROOT, run

PAGE = (ROOT / "docs" / "screening.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?:<!-- (file|not run by the tests): ([^>]+?) -->\n)?```(?:sh|yaml)\n(.*?)```", PAGE, re.DOTALL)
"""What a block is (a file, or not run), the name of the file or the reason, and its text."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the commands of the page print, when its files are written and its commands run in order."""
    folder: Path = tmp_path_factory.mktemp("fresh")
    shutil.copytree(ROOT / "config", folder / "config")
    script = [
        f"cat > {name} <<'PAGE'\n{text}PAGE" if mark else text for mark, name, text in BLOCKS if mark in ("", "file")
    ]
    done = run("\n".join(script), folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_and_command_of_the_page_works_in_order(told: str) -> None:
    assert "mine: 0 problems, " in told
    assert "everybody: 0 problems, " in told
    assert told.count("1 rehearsal, 0 failed") == 2


def test_callers_hear_what_the_page_says(told: str) -> None:
    words = re.findall(r'"([A-Z][^"]+[.?])"', PAGE.partition("## Write a protocol")[0])
    assert len(words) == 2
    assert [one for one in words if f'caller hears "{one}"' not in told] == []
    assert "warning: everybody is screened by everybody-red-flags: babies" in told
