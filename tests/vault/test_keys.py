from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from recordings_vault import BadValue, KeyMissing, KeyRefused, KeyRing, create_master, open_master
from recordings_vault.encryption import Label, new_key
from recordings_vault.keys import Wrapped
from tests.vault.conftest import AT, Custodian

LABEL = Label("RE1", "maple")


def test_a_master_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    create_master(path)
    before = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyRefused, match="name a new file"):
        create_master(path)
    assert path.read_text() == before


def test_a_master_key_is_named_by_path_or_url(tmp_path: Path) -> None:
    create_master(tmp_path / "master.json")
    sealed = open_master(str(tmp_path / "master.json")).encrypt(b"keyset", b"maple")
    assert open_master(f"file://{tmp_path}/master.json").decrypt(sealed, b"maple") == b"keyset"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_master_key_file_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.json"
    create_master(path)
    path.chmod(mode)
    with pytest.raises(KeyRefused, match="0600"):
        open_master(str(path))


def test_a_master_key_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    create_master(tmp_path / "master.json")
    (tmp_path / "link").symlink_to(tmp_path / "master.json")
    with pytest.raises(KeyRefused):
        open_master(str(tmp_path / "link"))


def test_a_master_key_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="create it once"):
        open_master(str(tmp_path / "master.json"))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"primaryKeyId": 1, "key": []}'])
def test_a_file_that_is_no_master_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.json"
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(KeyRefused, match="Tink keyset"):
        open_master(str(path))


def test_an_unknown_kind_of_master_key_is_refused() -> None:
    with pytest.raises(BadValue, match="aws-kms"):
        open_master("http://keys.example/1")


@pytest.mark.parametrize("uri", ["aws-kms://nonsense", "gcp-kms://nonsense"])
def test_a_key_service_that_cannot_be_used_says_why(uri: str) -> None:
    with pytest.raises((KeyMissing, KeyRefused), match=r"install it|check URI"):
        open_master(uri)


def test_keys_are_made_once_and_only_when_asked(custodian: Custodian) -> None:
    keys = custodian.keys
    with pytest.raises(KeyMissing, match="create one"):
        keys.wrap(Label("RE1", "cedar"), new_key())
    assert not keys.exists("cedar")
    keys.create("cedar", at=AT)
    assert keys.exists("cedar")
    with pytest.raises(KeyRefused, match="rotate"):
        keys.create("cedar", at=AT)


def test_a_shredded_practice_gets_no_new_key_by_mistake(custodian: Custodian) -> None:
    custodian.keys.shred("maple", at=AT)
    assert not custodian.keys.exists("maple")
    with pytest.raises(KeyRefused):
        custodian.keys.create("maple", at=AT)


@pytest.mark.parametrize("label", [Label("RE2", "maple"), Label("RE1", "cedar")])
def test_a_wrapped_key_opens_only_for_its_recording_and_practice(custodian: Custodian, label: Label) -> None:
    custodian.keys.create("cedar", at=AT)
    key = new_key()
    wrapped = custodian.keys.wrap(LABEL, key)
    assert custodian.keys.unwrap(LABEL, wrapped) == key
    with pytest.raises(KeyRefused, match="same backup"):
        custodian.keys.unwrap(label, wrapped)


def test_a_damaged_wrapped_key_is_refused(custodian: Custodian) -> None:
    wrapped = custodian.keys.wrap(LABEL, new_key())
    for offset in range(len(wrapped.blob)):
        blob = bytearray(wrapped.blob)
        blob[offset] ^= 1
        with pytest.raises(KeyRefused):
            custodian.keys.unwrap(LABEL, Wrapped(wrapped.key_id, bytes(blob)))


def test_another_master_key_opens_nothing(custodian: Custodian, tmp_path: Path) -> None:
    create_master(tmp_path / "other.json")
    other = open_master(str(tmp_path / "other.json"))
    keys = KeyRing(write=custodian.database.write, read=custodian.database.read, master=other)
    with pytest.raises(KeyRefused, match="master key"):
        keys.wrap(LABEL, new_key())


def test_a_new_master_key_takes_over_and_the_old_one_opens_nothing(custodian: Custodian, tmp_path: Path) -> None:
    create_master(tmp_path / "new.json")
    new = open_master(str(tmp_path / "new.json"))
    old = KeyRing(write=custodian.database.write, read=custodian.database.read, master=custodian.master)
    key = new_key()
    wrapped = custodian.keys.wrap(LABEL, key)
    assert custodian.keys.change_master(new, at=AT) == 1
    fresh = KeyRing(write=custodian.database.write, read=custodian.database.read, master=new)
    assert custodian.keys.unwrap(LABEL, wrapped) == fresh.unwrap(LABEL, wrapped) == key
    with pytest.raises(KeyRefused):
        old.unwrap(LABEL, wrapped)


def test_a_rotation_elsewhere_is_seen_at_once(custodian: Custodian) -> None:
    other = KeyRing(write=custodian.database.write, read=custodian.database.read, master=custodian.master)
    assert other.wrap(LABEL, new_key()).key_id == custodian.keys.key_ids("maple")[0]
    new = custodian.keys.rotate("maple", at=AT)
    assert other.wrap(LABEL, new_key()).key_id == new


@pytest.mark.parametrize("key_id", ["", "1", "present"])
def test_only_an_older_key_can_be_retired(custodian: Custodian, key_id: str) -> None:
    custodian.keys.rotate("maple", at=AT)
    present = custodian.keys.key_ids("maple")[-1]
    with pytest.raises(BadValue, match="older key"):
        custodian.keys.retire("maple", present if key_id == "present" else key_id, at=AT)


def test_no_key_shows_in_what_is_printed(custodian: Custodian) -> None:
    wrapped = custodian.keys.wrap(LABEL, new_key())
    assert repr(wrapped.blob) not in repr(wrapped)
