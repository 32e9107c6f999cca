"""What docs/oncall.md shows of people can be pasted into oncall.yaml as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml

from ivr.directory.organisation import read_folder
from tests.directory.conftest import AT, Folder

PAGE = Path(__file__).parents[2] / "docs" / "oncall.md"
SHOWN = [
    text for text in re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if text[:8] == "people:\n"
]


def test_the_page_shows_people() -> None:
    assert len(SHOWN) > 1


@pytest.mark.parametrize("shown", SHOWN)
def test_people_as_the_page_shows_them_are_valid(folder: Folder, shown: str) -> None:
    yaml = ruamel.yaml.YAML()
    file = folder.path / "oncall.yaml"
    written: dict[str, Any] = yaml.load(file.read_text("utf-8"))
    for name, person in yaml.load(shown)["people"].items():
        written["people"][name] = person
        with file.open("w", encoding="utf-8") as out:
            yaml.dump(written, out)
        assert read_folder(folder.path, at=AT).people[name].name == person["name"]
