"""Custody from the keyboard: nothing is destroyed by accident, everything is on the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audit.tables import audit_row
from recordings_vault.tables import vault_custody, vault_recording
from tests.ops.conftest import Run
from tests.web.line import Line, wav

NEVER = "0" * 24
TO_WRAP = "maple: 1 recording to be wrapped anew, 0 broken\n"


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


def test_a_rotation_is_told_before_it_is_done_and_touches_no_sound(
    line: Line, run: Run, recording_id: str, tmp_path: Path
) -> None:
    (stored,) = [file for file in (tmp_path / "recordings").rglob("*") if file.is_file()]
    sound, before = stored.read_bytes(), line.one(vault_recording)
    assert run("vault", "rotate", "maple", "--dry-run").output == TO_WRAP
    assert line.one(vault_recording) == before
    result = run("vault", "rotate", "maple")
    assert (result.exit_code, result.stdout) == (0, "maple: 1 recording wrapped anew, 0 broken\n")
    assert line.one(vault_recording).key_id != before.key_id
    assert stored.read_bytes() == sound
    assert "sound" in run("vault", "verify", recording_id).output
    assert [row for row in audited(line) if row[0] == "vault.rotate"] == [
        ("vault.rotate", "asked", None),
        ("vault.rotate", "ok", None),
    ]


def test_a_rotation_that_was_stopped_goes_on_with_the_same_key(line: Line, run: Run, recording_id: str) -> None:
    line.services.vault.rotate("maple", at=line.clock.now())
    assert run("vault", "rotate", "maple", "--resume", "--dry-run").output == TO_WRAP
    assert run("vault", "rotate", "maple", "--resume").stdout == "maple: 1 recording wrapped anew, 0 broken\n"
    assert len(line.services.vault.older_keys("maple")) == 1


def test_a_key_that_does_not_open_is_named_and_ends_with_status_1(line: Line, run: Run, recording_id: str) -> None:
    with line.database.write() as connection:
        connection.execute(vault_recording.update().values(wrapped_key=b"altered"))
    for told in (("--dry-run", "to be wrapped"), ("wrapped",)):
        result = run("vault", "rotate", "maple", *told[:-1])
        assert (result.exit_code, result.stdout) == (1, f"maple: 0 recordings {told[-1]} anew, 1 broken\n")
        assert f"{recording_id}  key_refused" in result.stderr


def test_older_keys_are_forgotten_only_when_nothing_needs_them(line: Line, run: Run, recording_id: str) -> None:
    line.services.vault.rotate("maple", at=line.clock.now())
    for more in ((), ("--yes",)):
        refused = run("vault", "retire", "maple", *more)
        assert refused.exit_code == 1
        assert "1 recording needs an older key; wrap anew first: sunline vault rotate maple --resume" in refused.output
    run("vault", "rotate", "maple", "--resume")
    assert "1 older key would be forgotten" in run("vault", "retire", "maple").output
    assert run("vault", "retire", "maple", "--yes").output == "maple: 1 older key forgotten\n"
    assert line.services.vault.older_keys("maple") == ()
    assert "sound" in run("vault", "verify", recording_id).output


@pytest.mark.parametrize("command", ["rotate", "retire"])
def test_a_practice_without_keys_is_refused_before_anything_is_done_for_another(
    line: Line, run: Run, recording_id: str, command: str
) -> None:
    really, dry = ((), ("--dry-run",)) if command == "rotate" else (("--yes",), ())
    before = line.one(vault_recording)
    for more in (really, dry):
        result = run("vault", command, "maple", "nowhere", *more)
        assert (result.exit_code, result.output.count("\n")) == (1, 1)
        assert "nowhere: it has no key for recordings; check its name" in result.output
    assert line.one(vault_recording) == before


def test_a_dry_run_refuses_the_reason_that_the_real_run_refuses(run: Run, recording_id: str) -> None:
    asked = ("vault", "destroy", recording_id, "--reason", "Maria Lopez asked", "--before-retention")
    told = [run(*asked, *more) for more in ((), ("--yes",))]
    assert [one.exit_code for one in told] == [1, 1]
    assert all("audit field reason must be a code" in one.output for one in told)
