"""The preflight finds what stands between an installation and patients, tells the mend, and touches nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr import cli
from ivr.ops import schema
from ivr.privacy.master import open_master

pytestmark = pytest.mark.usefixtures("on_a_disk")
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str | None]:
    """A production installation of one machine: private folder, key made, database up to date."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    open_master(f"file:{data}/master.key", create=True)
    schema.upgrade(f"sqlite:///{data}/sunline.db")
    return {
        "SUNLINE_DATA_DIR": str(data),
        "SUNLINE_PUBLIC_URL": "https://line.example",
        "SUNLINE_MASTER_KEY": f"file:{data}/master.key",
        "SUNLINE_SESSION_SECRET": "0123456789abcdef" * 3,
        "SUNLINE_SEALS": "only-by-row",
        "SUNLINE_FALLBACK_NUMBER": "+13125550190",
        "TWILIO_ACCOUNT_SID": "AC" + TOKEN,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


def examine(environ: dict[str, str | None], **changes: str | None) -> Result:
    return CliRunner().invoke(cli.main, ["preflight"], env=environ | changes, catch_exceptions=False)


def test_an_installation_without_a_configuration_is_told_to_load_one(environ: dict[str, str | None]) -> None:
    result = examine(environ)
    risks = [line for line in result.output.splitlines() if line.startswith("RISK")]
    assert risks == ["RISK: no configuration is in force; run: sunline load DIR"]
    assert result.exit_code == 1


def test_what_is_only_advice_comes_after_what_is_grave(environ: dict[str, str | None]) -> None:
    words = [line.split(":")[0] for line in examine(environ).output.splitlines()[:-1]]
    assert words == sorted(words)
    assert {"RISK", "advice"} == set(words)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SUNLINE_MODE", "demo", "set SUNLINE_MODE=production"),
        ("SUNLINE_FALLBACK_NUMBER", None, "set SUNLINE_FALLBACK_NUMBER"),
        ("SUNLINE_LOG_LEVEL", "DEBUG", "set SUNLINE_LOG_LEVEL=INFO"),
        ("SUNLINE_REDIS_URL", "redis://127.0.0.1:1", "Redis does not answer"),
        ("SUNLINE_REDIS_URL", "redis://127.0.0.1:1", "everybody on this machine may write to Redis"),
        ("SUNLINE_REDIS_URL", "redis://:canary@10.0.0.5", "SUNLINE_REDIS_URL: is not encrypted"),
        ("SUNLINE_REDIS_URL", "rediss://redis.internal", "SUNLINE_REDIS_URL: has no password"),
        ("SUNLINE_DATABASE_URL", "sqlite:////nowhere/at/all.db", "the database does not answer"),
        ("SUNLINE_DATABASE_URL", "postgresql://127.0.0.1:1/calls", "the database does not answer"),
        ("SUNLINE_MASTER_KEY", "file:/nowhere/master.key", "restore it or correct the path"),
        ("SUNLINE_STORAGE_URL", "s3://name:canary@bucket", "recordings cannot be reached"),
        ("SUNLINE_HEARING_SENTENCES", "/nowhere", "there are no weights of the ear at"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", TOKEN[::-1], "two auth tokens are accepted"),
    ],
)
def test_each_risk_is_told_with_its_mend(
    environ: dict[str, str | None], name: str, value: str | None, told: str
) -> None:
    result = examine(environ, **{name: value})
    assert told in result.output
    assert "canary" not in result.output


def test_a_data_folder_open_to_others_is_grave(environ: dict[str, str | None], tmp_path: Path) -> None:
    (tmp_path / "data").chmod(0o755)
    assert f"run: chmod 700 {tmp_path / 'data'}" in examine(environ).output


def test_a_database_behind_this_version_is_told_to_migrate(environ: dict[str, str | None], tmp_path: Path) -> None:
    (tmp_path / "data" / "sunline.db").unlink()
    assert "run: sunline migrate" in examine(environ).output


def test_settings_that_cannot_be_read_stop_the_examination() -> None:
    result = CliRunner().invoke(cli.main, ["preflight"], env={"SUNLINE_MODE": "live"})
    assert "SUNLINE_MODE: cannot be read" in result.output
