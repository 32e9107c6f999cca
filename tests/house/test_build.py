"""What the build runs, and what it does where something is missing."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import missing

ROOT = Path(__file__).resolve().parents[2]


def command(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run(tmp_path: Path, **scripts: str) -> tuple[int, list[str]]:
    """The build where only these commands exist beside the plainest; its status, and what was called."""
    told = tmp_path / "told"
    for name, script in {"make": "", **scripts}.items():
        command(tmp_path, name.replace("_", "-"), f'echo "{name.replace("_", "-")} $*" >> {told}\n{script}')
    for name in ("bash", "dirname", "env", "id", "true"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run(
        [ROOT / ".ci" / "run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == ""
    return done.returncode, told.read_text(encoding="utf-8").splitlines()


def test_the_build_is_make_test_and_nothing_else(tmp_path: Path) -> None:
    assert run(tmp_path, chromium="") == (0, ["make test"])


def test_a_missing_browser_is_installed_where_that_can_be_done(tmp_path: Path) -> None:
    status, told = run(tmp_path, apt_get="", sudo='shift; exec "$@"')
    assert status == 0
    assert any(line.startswith("apt-get install ") and line.endswith(" chromium") for line in told)
    assert told[-1] == "make test"


@pytest.mark.parametrize("scripts", [{}, {"apt_get": "echo no network >&2; exit 100", "sudo": "exit 1"}])
def test_a_browser_that_cannot_be_installed_keeps_no_build_from_its_tests(
    tmp_path: Path, scripts: dict[str, str]
) -> None:
    status, told = run(tmp_path, **scripts)
    assert (status, told[-1]) == (0, "make test")


def test_a_failing_test_fails_the_build(tmp_path: Path) -> None:
    assert run(tmp_path, chromium="", make="exit 2")[0] == 2


@pytest.mark.parametrize(("build", "raised"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_a_build_fails_and_a_person_is_told(
    build: str, raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "CI", build)
    with pytest.raises(raised, match="no browser"):
        missing("no browser")
