"""Custody from the keyboard: nothing is destroyed by accident, everything is on the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audit.tables import audit_row
from recordings_vault.tables import vault_custody
from tests.ops.conftest import Run
from tests.web.line import Line, wav

NEVER = "0" * 24


@pytest.fixture
def recording_id(line: Line) -> str:
    return line.recording(line.new_call()[0], wav(1))


def acts(line: Line) -> list[tuple[str, str]]:
    return [(row.action, row.outcome) for row in line.rows(vault_custody)]


def audited(line: Line) -> list[tuple[str, str, str | None]]:
    return [(row.action, row.outcome, row.reason) for row in line.rows(audit_row)]


def test_the_list_tells_state_and_retention_of_every_recording(line: Line, run: Run, recording_id: str) -> None:
    lines = run("vault", "list").output.splitlines()
    assert lines == [f"{recording_id}  maple  stored  3 s  until 2033-11-01", "1 recording"]
    assert run("vault", "list", "--practice", "riverside").output == "0 recordings\n"


def test_a_sound_vault_verifies_and_says_so(line: Line, run: Run, recording_id: str) -> None:
    result = run("vault", "verify")
    assert (result.exit_code, result.output) == (0, f"{recording_id}  sound\n1 recording, 0 problems\n")
    assert acts(line) == [("stored", "done"), ("verified", "sound")]


def test_a_changed_recording_fails_the_verification(line: Line, run: Run, recording_id: str, tmp_path: Path) -> None:
    (stored,) = [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()]
    stored.write_bytes(stored.read_bytes()[:-1])
    result = run("vault", "verify", recording_id)
    assert result.exit_code == 1
    assert f"{recording_id}  tampered" in result.output
    assert audited(line) == [("vault.verify", "failed", None)]


def test_an_object_that_belongs_to_nothing_fails_the_verification(run: Run, recording_id: str, tmp_path: Path) -> None:
    (stored,) = [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()]
    stored.with_name("f" * 32).write_bytes(b"stray")
    result = run("vault", "verify")
    assert result.exit_code == 1
    assert "belongs to no recording" in result.output


def test_custody_is_printed_oldest_first_and_the_look_is_on_the_record(line: Line, run: Run, recording_id: str) -> None:
    run("vault", "hold", recording_id, "--reason", "claim of the insurer")
    lines = run("vault", "custody", recording_id).output.splitlines()
    assert [row.split("  ")[3] for row in map(str.strip, lines)] == ["stored", "held"]
    assert audited(line)[-1] == ("vault.custody", "ok", None)


def test_destroying_is_a_dry_run_unless_told_otherwise(line: Line, run: Run, recording_id: str) -> None:
    result = run("vault", "destroy", recording_id, "--reason", "wish of the patient", "--before-retention")
    assert result.exit_code == 0
    assert "nothing was changed" in result.output
    assert acts(line) == [("stored", "done")]


def test_the_retention_rule_forbids_destruction(line: Line, run: Run, recording_id: str) -> None:
    for more in ((), ("--yes",)):
        result = run("vault", "destroy", recording_id, "--reason", "wish of the patient", *more)
        assert result.exit_code == 1
        assert "its retention rule runs until" in result.output
    assert acts(line)[-1] == ("destroyed", "refused")
    assert audited(line)[-1] == ("vault.destroy", "refused", "wish of the patient")


def test_a_recording_is_destroyed_for_good_with_yes(line: Line, run: Run, recording_id: str, tmp_path: Path) -> None:
    asked = ("vault", "destroy", recording_id, "--reason", "wish of the patient", "--before-retention", "--yes")
    assert run(*asked).exit_code == 0
    assert [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()] == []
    assert "destroyed" in run("vault", "list").output
    assert [row[1] for row in audited(line)][:2] == ["asked", "ok"]


def test_legal_hold_wins_over_everything_until_it_is_lifted(line: Line, run: Run, recording_id: str) -> None:
    asked = ("vault", "destroy", recording_id, "--reason", "wish of the patient", "--before-retention", "--yes")
    run("vault", "hold", recording_id, "--reason", "claim of the insurer")
    assert "under legal hold; release it first" in run(*asked).output
    run("vault", "release", recording_id, "--reason", "claim was settled")
    assert run(*asked).exit_code == 0


@pytest.mark.parametrize("command", ["hold", "release", "destroy"])
def test_a_reason_that_might_name_a_patient_stops_the_act(
    line: Line, run: Run, recording_id: str, command: str
) -> None:
    more = ("--yes", "--before-retention") if command == "destroy" else ()
    result = run("vault", command, recording_id, "--reason", "Maria Lopez asked", *more)
    assert result.exit_code == 1
    assert "audit field reason must be a code" in result.output
    assert "Maria" not in result.output
    assert acts(line) == [("stored", "done")]


@pytest.mark.parametrize("command", ["verify", "custody", "hold", "release", "destroy"])
@pytest.mark.parametrize("odd", [NEVER, "../../etc/passwd"])
def test_an_unknown_recording_is_said_plainly(run: Run, command: str, odd: str) -> None:
    more = ("--reason", "none") if command in ("hold", "release", "destroy") else ()
    result = run("vault", command, odd, *more)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
