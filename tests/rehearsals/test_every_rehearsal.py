"""The rehearsals that come with Sunline, against the example organisation."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import rehearse
from tests.rehearsals.conftest import FOLDER

FILES = sorted(FOLDER.glob("*.yaml"))
ON_POSTGRESQL = [path for path in FILES if path.name[:2] in ("01", "05", "06", "11", "12", "14", "20")]


@pytest.mark.parametrize("twice", [False, True], ids=["once", "every webhook twice"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_happens_as_it_is_written(path: Path, twice: bool) -> None:
    result = rehearse(read_script(path), twice=twice)
    assert result.passed, failure(result)


@pytest.mark.postgres
@pytest.mark.parametrize("path", ON_POSTGRESQL, ids=lambda path: path.stem)
def test_it_happens_alike_on_postgresql(path: Path, postgres_url: str) -> None:
    result = rehearse(read_script(path), database_url=postgres_url)
    assert result.passed, failure(result)


def test_no_two_rehearsals_have_the_same_number_or_title() -> None:
    scripts = [read_script(path) for path in FILES]
    assert len({script.title for script in scripts}) == len({path.name[:2] for path in FILES}) == len(FILES)
