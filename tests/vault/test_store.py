from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import obstore.store
import pytest

from recordings_vault.errors import BadValue, ObjectMissing, StoreError
from recordings_vault.local_store import LocalStore
from recordings_vault.opening import open_store
from recordings_vault.remote_store import RemoteStore
from recordings_vault.store import Store
from tests.vault.conftest import sound

NAME = "0123456789abcdef"
TRAVERSALS = [
    "../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "%2e%2e%2fpasswd",
    "abcdefgh/ijklmnop",
    "abcdefgh\0",
    "abcdefgh\n",
    "abcdefgh.part",
    "ABCDEFGH",
    "abcdefg\u0131",
    "",
    "a" * 4096,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "objects"
    path.mkdir()
    return path


@pytest.fixture(params=["local", "remote"])
def store(request: pytest.FixtureRequest, folder: Path) -> Store:
    return LocalStore(folder) if request.param == "local" else RemoteStore(obstore.store.LocalStore(folder))


def test_what_was_put_can_be_read_whole_and_in_part(store: Store) -> None:
    content = sound(3_000_000)
    store.put(NAME, [content[:10], memoryview(content)[10:]])
    assert b"".join(store.get(NAME)) == content
    assert b"".join(store.get(NAME, 1_048_570, 2_097_170)) == content[1_048_570:2_097_170]
    assert b"".join(store.get(NAME, 5, 5)) == b""
    assert store.size(NAME) == len(content)
    assert list(store.names()) == [NAME]


def test_a_piece_may_be_overwritten_as_soon_as_the_one_after_the_next_is_asked_for(store: Store) -> None:
    buffers = bytearray(1 << 20), bytearray(1 << 20)

    def pieces() -> Iterator[memoryview]:
        for number in range(12):
            buffers[number % 2][:] = bytes([number]) * (1 << 20)
            yield memoryview(buffers[number % 2])

    store.put(NAME, pieces())
    assert [set(piece) for piece in store.get(NAME, 0, 1 << 20)] == [{0}]
    content = b"".join(store.get(NAME))
    assert [content[number << 20] for number in range(12)] == list(range(12))


def test_an_object_is_not_there_until_it_is_whole(store: Store, folder: Path) -> None:
    seen = []

    def pieces() -> Iterator[bytes]:
        yield bytes(6 << 20)
        seen.append((folder / NAME).exists())
        yield bytes(1)

    store.put(NAME, pieces())
    assert seen == [False]
    assert store.exists(NAME)


def test_a_put_that_breaks_off_leaves_nothing(store: Store, folder: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(6 << 20)
        raise ConnectionError("the line broke")

    with pytest.raises((ConnectionError, StoreError)):
        store.put(NAME, pieces())
    assert not store.exists(NAME)
    assert list(folder.iterdir()) == []


def test_a_name_is_given_once(store: Store) -> None:
    store.put(NAME, [b"first"])
    with pytest.raises(StoreError, match="taken"):
        store.put(NAME, [b"second"])
    assert b"".join(store.get(NAME)) == b"first"


def test_deleting_is_final_and_may_be_repeated(store: Store) -> None:
    store.put(NAME, [b"content"])
    store.delete(NAME)
    store.delete(NAME)
    assert not store.exists(NAME)
    with pytest.raises(ObjectMissing):
        store.size(NAME)
    with pytest.raises(ObjectMissing):
        list(store.get(NAME, 0, 5))


@pytest.mark.parametrize("name", TRAVERSALS)
def test_names_that_are_not_ours_are_refused(store: Store, name: str, folder: Path) -> None:
    for act in (store.size, store.exists, store.delete, lambda n: list(store.get(n, 0, 9)), lambda n: store.put(n, [])):
        with pytest.raises(BadValue):
            act(name)
    assert list(folder.iterdir()) == []


def test_a_symbolic_link_in_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not a recording")
    (folder / NAME).symlink_to(secret)
    store = LocalStore(folder)
    assert not store.exists(NAME)
    assert list(store.names()) == []
    with pytest.raises(StoreError):
        list(store.get(NAME))
    (folder / f"{NAME}2.part").symlink_to(secret)
    with pytest.raises(StoreError):
        store.put(f"{NAME}2", [b"overwritten"])
    assert secret.read_text() == "not a recording"


def test_folder_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "new" / "folder")
    store.put(NAME, [b"content"])
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "folder", tmp_path / "new/folder" / NAME)
    ]
    assert modes == [0o700, 0o600]


def test_a_file_is_flushed_before_it_is_named_and_its_folder_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    real = os.fsync

    def watched(handle: int) -> None:
        flushed.append((Path(os.readlink(f"/proc/self/fd/{handle}")).name, (folder / NAME).exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    LocalStore(folder).put(NAME, [b"content"])
    assert flushed == [(f"{NAME}.part", False), ("objects", True)]


def test_urls_name_folders(tmp_path: Path) -> None:
    for url in (str(tmp_path / "a b"), f"file://{tmp_path}/a%20b"):
        store = open_store(url)
        store.put(NAME, [url.encode()])
        assert (tmp_path / "a b" / NAME).read_bytes() == url.encode()
        store.delete(NAME)


def test_urls_name_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-2")
    store = open_store("s3://recordings/maple")
    assert not store.quick


@pytest.mark.parametrize(
    "url", ["http://a/b", "memory:///", "s3://", "s3://key:secret@bucket", "s3://b?x=1", "file://host/x", "ftp://a"]
)
def test_other_urls_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(BadValue, match="storage URL") as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="storage folder"):
        open_store(str(tmp_path / "file" / "below"))
