"""The README's examples work as written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- not run by the tests: [^>]+-->\n)?```(sh|yaml)\n(.*?)```", README, re.DOTALL)
COMMANDS = [block for skipped, kind, block in BLOCKS if kind == "sh" and not skipped]
REHEARSALS = [block for _, kind, block in BLOCKS if kind == "yaml"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the examples touch."""
    for folder in ("config", "rehearsals"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SUNLINE_")}
    environment |= {"PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_readme_has_examples_to_run() -> None:
    assert COMMANDS
    assert REHEARSALS


def test_the_commands_of_the_readme_work_one_after_the_other(checkout: Path) -> None:
    done = run("\n".join(COMMANDS), checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning: " not in done.stdout + done.stderr


def test_the_rehearsal_of_the_readme_passes(checkout: Path) -> None:
    (checkout / "mine.yaml").write_text(REHEARSALS[0], encoding="utf-8")
    done = run("sunline rehearse mine.yaml", checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_document_the_readme_names_exists() -> None:
    named = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
