"""Somebody leaves the organisation: the configuration that is in force from now on does not name them."""

from __future__ import annotations

import shutil
from pathlib import Path

from ivr.directory import revisions
from ivr.directory.organisation import read_folder
from tests.web.line import CONFIG, Line


def leave(line: Line, folder: Path, person: str) -> None:
    """Put the example in force with somebody else in every place of ``person``."""
    changed = folder / "without"
    shutil.copytree(CONFIG, changed)
    for file in changed.rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(person, "dr-newcomer"), "utf-8")
    organisation = read_folder(changed, at=line.clock.now(), allow_unsigned=True)
    assert person not in organisation.people
    with line.database.write() as connection:
        revisions.apply(connection, organisation, line.clock.now(), "rosa")
