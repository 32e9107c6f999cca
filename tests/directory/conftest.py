"""The example organisation, to be broken in one place at a time."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.core.clock import SteppedClock
from ivr.core.database import Database
from ivr.installation.command_line import Installation
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster

EXAMPLE = Path(__file__).resolve().parents[2] / "config"
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Folder:
    """A copy of the example organisation."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def replace(self, file: str, old: str, new: str) -> int:
        """Put ``new`` for ``old``, which must stand there once; the line where it begins."""
        path = self.path / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), "utf-8")
        return text[: text.index(old)].count("\n") + 1


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The example organisation, to be changed."""
    return Folder(Path(shutil.copytree(EXAMPLE, tmp_path / "config")))


@pytest.fixture
def installation(database: Database, tmp_path: Path) -> Installation:
    """A database with every table and keys of its own."""
    keys = KeyStore(database, LocalMaster(tmp_path / "master.json", create=True))
    return Installation(database, keys, SteppedClock(AT), "rosa", demo=False)


def fourteen_locations(folder: Folder) -> None:
    """Let Maple have fourteen locations that share everything but their numbers."""
    path = folder.path / "practices/maple.yaml"
    before, _, rest = path.read_text("utf-8").partition("locations:\n")
    shared = (
        "location_defaults:\n  timezone: America/Chicago\n  state: IL\n"
        '  opening_hours: {mon-fri: ["08:00-17:00"]}\n'
        "  holidays: {calendar: US, observe: [New Year's Day, Labor Day]}\n"
    )
    places = "".join(f'  place-{number:02}: {{numbers: ["+1312555{200 + number:04}"]}}\n' for number in range(14))
    rest = rest[rest.index("\nstaff: ") :].replace("pharmacy]}", "pharmacy], location: place-00}")
    path.write_text(f"{before}{shared}locations:\n{places}{rest}", "utf-8")
