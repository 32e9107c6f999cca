"""The rehearsals that come with Sunline, against the example organisation."""

from __future__ import annotations

from pathlib import Path

import pytest

from phonesim.faults import FAULTS
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play, rehearse
from rehearsals.world import World
from tests.rehearsals.conftest import FOLDER

NUMBERED = sorted(FOLDER.glob("*.yaml"))
OF_FAULTS = sorted((FOLDER / "faults").glob("*.yaml"))
FILES = [*NUMBERED, *OF_FAULTS]
ON_POSTGRESQL = [path for path in FILES if path.name[:2] in ("01", "05", "06", "11", "12", "14", "20", "50", "51")]


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
    assert len({read_script(path).title for path in FILES}) == len(FILES)
    assert len({path.name[:2] for path in NUMBERED}) == len(NUMBERED)


@pytest.mark.parametrize("kind", FAULTS)
def test_every_fault_of_the_phone_network_has_a_rehearsal_of_its_name_in_which_it_strikes(kind: str) -> None:
    path = FOLDER / "faults" / f"{kind}.yaml"
    script = read_script(path)
    struck: list[str] = []
    with World(EXAMPLE, script.at, fallback_elsewhere=script.fallback_elsewhere) as world:
        result = play(script, world)
        struck = [entry.who for entry in world.net.trace if entry.kind == "fault" and "struck" in entry.detail]
    assert result.passed, failure(result)
    assert kind in struck
