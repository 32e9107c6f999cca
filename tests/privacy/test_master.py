"""The master key: made only when asked, readable only by its owner."""

from __future__ import annotations

import stat
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from ivr.privacy.errors import MasterKeyUnusable
from ivr.privacy.master import LocalMaster, open_master


def test_a_new_key_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    LocalMaster(tmp_path / "keys" / "master.json", create=True)
    assert stat.S_IMODE((tmp_path / "keys" / "master.json").stat().st_mode) == 0o600


def test_the_key_is_the_same_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    sealed = LocalMaster(path, create=True).encrypt(b"keyset", b"maple")
    assert LocalMaster(path, create=True).decrypt(sealed, b"maple") == b"keyset"


def test_a_missing_file_is_never_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyUnusable, match="cannot be read"):
        LocalMaster(tmp_path / "master.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_a_file_open_to_others_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.json"
    LocalMaster(path, create=True)
    path.chmod(mode)
    with pytest.raises(MasterKeyUnusable, match="chmod 600"):
        LocalMaster(path)


@pytest.mark.parametrize("content", ["", "{}", "not a key", '{"primaryKeyId": 1, "key": []}'])
def test_a_damaged_file_is_refused_without_quoting_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(MasterKeyUnusable, match="damaged") as refused:
        LocalMaster(path)
    assert "not a key" not in str(refused.value)


def test_two_starts_at_once_end_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    masters: list[LocalMaster] = []
    start = threading.Barrier(4)

    def make() -> None:
        start.wait()
        masters.append(LocalMaster(path, create=True))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = masters[0].encrypt(b"keyset", b"")
    assert [master.decrypt(sealed, b"") for master in masters] == [b"keyset"] * 4
    assert [file.name for file in tmp_path.iterdir()] == ["master.json"]


def test_a_setting_names_a_file(tmp_path: Path) -> None:
    setting = f"file:{tmp_path / 'master.json'}"
    sealed = open_master(setting, create=True).encrypt(b"keyset", b"")
    assert open_master(setting).decrypt(sealed, b"") == b"keyset"


@pytest.mark.parametrize("setting", ["", "file:", "/keys/master.json", "vault://key"])
def test_a_setting_that_is_not_understood_says_what_is(setting: str) -> None:
    with pytest.raises(MasterKeyUnusable, match="gcp-kms://"):
        open_master(setting)


@pytest.mark.skipif(find_spec("boto3") is not None, reason="the AWS library is installed")
def test_a_key_service_without_its_library_says_what_to_install() -> None:
    with pytest.raises(MasterKeyUnusable, match=r"tink\[awskms\]"):
        open_master("aws-kms://arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000")
