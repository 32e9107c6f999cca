from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from ivr.ops.key_command import key
from ivr.privacy.master import open_master


def test_a_new_key_can_be_opened_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    result = CliRunner().invoke(key, ["new", str(path)])
    assert result.exit_code == 0
    assert f"SUNLINE_MASTER_KEY=file:{path}" in result.output
    assert path.stat().st_mode & 0o777 == 0o600
    master = open_master(f"file:{path}")
    assert master.decrypt(master.encrypt(b"said", b""), b"") == b"said"


def test_a_key_that_exists_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("precious")
    result = CliRunner().invoke(key, ["new", str(path)])
    assert result.exit_code == 1
    assert "never replaced" in result.output
    assert path.read_text() == "precious"
