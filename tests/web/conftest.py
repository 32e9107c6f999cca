from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.line import Line, furnished_folder


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A furnished line, to be copied: hashing passwords takes long on purpose."""
    return furnished_folder(tmp_path_factory.mktemp("furnished"), sqlite_template)


@pytest.fixture
def line(tmp_path: Path, furnished: Path) -> Iterator[Line]:
    """The example organisation's line, with an account for every role."""
    made = Line(tmp_path, furnished)
    yield made
    made.database.dispose()
