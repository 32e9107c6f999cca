"""Every measurement runs, small, from its first server to its last row."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.__main__ import main, names, rows_of
from tests.conftest import thorough

OURS = (
    *("coverage", "escalation", "estimate", "explore", "faults", "growth", "hearing", "identity", "matching"),
    *("outbox", "patients"),
    "recovery",
    "replay",
    *("routing", "simulation", "vault", "webhook"),
)
LONG = ("escalation", "estimate", "explore", "growth", "hearing", "identity", "patients", "routing", "vault")
"""Whose small form takes long as well: their installations or their calls are many."""


@pytest.mark.parametrize("name", [thorough(name) if name in LONG else name for name in OURS])
def test_a_measure_runs_in_its_small_form_and_yields_rows(name: str) -> None:
    rows = rows_of(name, quick=True)
    assert rows
    for row in rows:
        assert row.what
        assert row.unit
        assert math.isfinite(row.value)
        assert row.value >= 0
        assert (row.met is None) == (row.target == "reported")
        assert (row.ratio is None) == (row.compared == "")
    assert len({(row.what, row.compared) for row in rows}) == len(rows), "two rows cannot be told apart"


def test_every_measure_is_found_by_its_module() -> None:
    assert set(OURS) == set(names())


def test_a_name_that_is_no_measure_is_answered_with_those_there_are() -> None:
    result = CliRunner().invoke(main, ["--only", "speed"])
    assert result.exit_code == 2
    assert all(name in result.output for name in OURS)


def test_help_says_what_the_options_do() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(option in result.output for option in ("--quick", "--only", "--csv", "--strict"))


def test_the_command_prints_the_table_and_writes_the_same_rows_as_csv(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    result = CliRunner().invoke(main, ["--quick", "--only", "matching", "--csv", str(file)])
    assert result.exit_code == 0
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("measure,what,value,unit")
    assert len(lines) - 1 == sum(line.startswith("matching ") for line in result.stdout.splitlines()) > 0
    assert "in this one run" in result.stdout
