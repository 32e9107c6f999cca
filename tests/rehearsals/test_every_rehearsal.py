"""The rehearsals that come with Sunline, against the example organisation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from phonesim.faults import FAULTS
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import EXAMPLE, play, rehearse
from rehearsals.world import World
from tests.conftest import thorough
from tests.rehearsals.conftest import FOLDER

NUMBERED = sorted(FOLDER.glob("*.yaml"))
OF_FAULTS = sorted((FOLDER / "faults").glob("*.yaml"))
FILES = [*NUMBERED, *OF_FAULTS]


def chosen(usual: str, also_thorough: Iterable[Path]) -> list[Any]:
    """The rehearsals whose numbers are ``usual``, and others of which only ``make thorough`` makes tests."""
    always = numbered(usual)
    others = [path for path in also_thorough if path not in always]
    return [*(pytest.param(path, id=path.stem) for path in always), *(thorough(path, id=path.stem) for path in others)]


def numbered(numbers: str) -> list[Path]:
    return [path for path in NUMBERED if number_of(path) in numbers.split()]


def number_of(path: Path) -> str:
    return path.name.partition("-")[0]


ON_POSTGRESQL = chosen("05 12 14 20", numbered("01 06 11 50 51 96 110"))
TWICE = chosen("02 05 06 08 11 12 20 27 34 45 48 110", FILES)


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_everything_happens_as_it_is_written(path: Path) -> None:
    result = rehearse(read_script(path))
    assert result.passed, failure(result)


@pytest.mark.parametrize("path", OF_FAULTS, ids=lambda path: path.stem)
def test_everything_happens_as_it_is_written_and_the_fault_strikes(path: Path) -> None:
    script = read_script(path)
    with World(EXAMPLE, script.at, fallback_elsewhere=script.fallback_elsewhere) as world:
        result = play(script, world)
        struck = [entry.who for entry in world.net.trace if entry.kind == "fault" and "struck" in entry.detail]
    assert result.passed, failure(result)
    assert path.stem not in FAULTS or path.stem in struck


@pytest.mark.parametrize("path", TWICE)
def test_everything_happens_as_it_is_written_with_every_webhook_twice(path: Path) -> None:
    result = rehearse(read_script(path), twice=True)
    assert result.passed, failure(result)


@pytest.mark.postgres
@pytest.mark.parametrize("path", ON_POSTGRESQL)
def test_it_happens_alike_on_postgresql(path: Path, postgres_url: str) -> None:
    result = rehearse(read_script(path), database_url=postgres_url)
    assert result.passed, failure(result)


def test_no_two_rehearsals_have_the_same_number_or_title() -> None:
    assert len({read_script(path).title for path in FILES}) == len(FILES)
    assert len({number_of(path) for path in NUMBERED}) == len(NUMBERED)


def test_every_fault_of_the_phone_network_has_a_rehearsal_of_its_name() -> None:
    assert set(FAULTS) <= {path.stem for path in OF_FAULTS}
