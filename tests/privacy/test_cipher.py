"""Sealed values open for their own practice and field, and for nothing else."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tink
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from tink import proto_keyset_format, secret_key_access
from tink.proto import hmac_pb2, tink_pb2

from ivr.core.database import Database, metadata
from ivr.privacy.cipher import BY_FIELD, BY_ROW, ONLY_BY_ROW, PracticeCipher
from ivr.privacy.errors import KeysetMissing, PrivacyError, SealBroken
from ivr.privacy.keys import KeyStore, practice_keyset
from ivr.privacy.master import LocalMaster

pytestmark = pytest.mark.sqlite_first

ROW = "call_log:leg:3"
AT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


@pytest.fixture
def tables(database: Database) -> Database:
    metadata.create_all(database.engine, tables=[practice_keyset])
    return database


@pytest.fixture
def master(tmp_path: Path) -> LocalMaster:
    return LocalMaster(tmp_path / "master.json", create=True)


@pytest.fixture
def keys(tables: Database, master: LocalMaster) -> KeyStore:
    store = KeyStore(tables, master)
    store.ensure("maple", AT)
    store.ensure("cedar", AT)
    return store


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeCipher]:
    folder = tmp_path_factory.mktemp("keys")
    database = Database(f"sqlite:///{folder / 'keys.db'}")
    metadata.create_all(database.engine, tables=[practice_keyset])
    store = KeyStore(database, LocalMaster(folder / "master.json", create=True))
    for practice in ("maple", "cedar"):
        store.ensure(practice, AT)
    yield PracticeCipher(store)
    database.dispose()


@given(value=st.text(alphabet=st.characters()))
def test_whatever_was_sealed_opens_again(standing: PracticeCipher, value: str) -> None:
    assert standing.open("maple", "answer", ROW, standing.seal("maple", "answer", ROW, value)) == value


def test_a_lone_surrogate_can_be_stored(standing: PracticeCipher) -> None:
    assert standing.open("maple", "answer", ROW, standing.seal("maple", "answer", ROW, "a\ud800b")) == "a\ud800b"


def test_the_same_value_is_never_sealed_to_the_same_bytes(standing: PracticeCipher) -> None:
    assert standing.seal("maple", "answer", ROW, "yes") != standing.seal("maple", "answer", ROW, "yes")


def test_a_sealed_value_does_not_contain_the_value(standing: PracticeCipher) -> None:
    assert b"marker-1980" not in standing.seal("maple", "answer", ROW, "marker-1980")


@pytest.mark.parametrize(("practice", "field"), [("cedar", "answer"), ("maple", "note"), ("maplea", "nswer")])
def test_a_sealed_value_moved_elsewhere_does_not_open(standing: PracticeCipher, practice: str, field: str) -> None:
    sealed = standing.seal("maple", "answer", ROW, "chest pain")
    with pytest.raises((SealBroken, KeysetMissing)):
        standing.open(practice, field, ROW, sealed)


@pytest.fixture(scope="module")
def forms(standing: PracticeCipher) -> dict[str, PracticeCipher]:
    return {form: PracticeCipher(standing._keys, form) for form in (BY_FIELD, BY_ROW, ONLY_BY_ROW)}


@pytest.mark.parametrize(
    ("sealed_by", "opened_by"),
    [(BY_FIELD, BY_FIELD), (BY_FIELD, BY_ROW), (BY_ROW, BY_FIELD), (BY_ROW, BY_ROW), (BY_ROW, ONLY_BY_ROW)],
)
def test_both_forms_are_read_until_everything_is_sealed_anew(
    forms: dict[str, PracticeCipher], sealed_by: str, opened_by: str
) -> None:
    sealed = forms[sealed_by].seal("maple", "answer", ROW, "chest pain")
    assert forms[opened_by].open("maple", "answer", ROW, sealed) == "chest pain"


@pytest.mark.parametrize(("sealed_by", "opened_by"), [(BY_ROW, BY_ROW), (BY_ROW, ONLY_BY_ROW), (BY_FIELD, ONLY_BY_ROW)])
def test_a_sealed_value_moved_to_another_row_does_not_open(
    forms: dict[str, PracticeCipher], sealed_by: str, opened_by: str
) -> None:
    sealed = forms[sealed_by].seal("maple", "answer", ROW, "chest pain")
    with pytest.raises(SealBroken):
        forms[opened_by].open("maple", "answer", "call_log:leg:4", sealed)


def test_what_the_release_before_sealed_is_sealed_anew_once(forms: dict[str, PracticeCipher]) -> None:
    cipher, old = forms[BY_ROW], forms[BY_FIELD].seal("maple", "answer", ROW, "chest pain")
    anew = cipher.reseal("maple", "answer", ROW, old)
    assert anew is not None
    assert forms[ONLY_BY_ROW].open("maple", "answer", ROW, anew) == "chest pain"
    assert cipher.reseal("maple", "answer", ROW, anew) is None


def test_what_an_older_key_sealed_is_sealed_anew_with_the_newest(keys: KeyStore) -> None:
    cipher = PracticeCipher(keys, ONLY_BY_ROW)
    before = cipher.seal("maple", "answer", ROW, "yes")
    keys.rotate("maple")
    anew = cipher.reseal("maple", "answer", ROW, before)
    assert anew is not None
    assert anew[:5] == cipher.seal("maple", "answer", ROW, "no")[:5]


@given(data=st.data())
def test_one_flipped_bit_is_noticed_and_not_quoted(standing: PracticeCipher, data: st.DataObject) -> None:
    sealed = bytearray(standing.seal("maple", "answer", ROW, "chest pain"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken) as broken:
        standing.open("maple", "answer", ROW, bytes(sealed))
    assert "chest" not in str(broken.value)


@pytest.mark.parametrize("length", [0, 1, 4, 5, 20])
def test_a_cut_off_value_is_noticed(standing: PracticeCipher, length: int) -> None:
    with pytest.raises(SealBroken):
        standing.open("maple", "answer", ROW, standing.seal("maple", "answer", ROW, "x")[:length])


@given(value=st.text())
def test_lookup_hashes_are_64_hex_digits_and_repeatable(standing: PracticeCipher, value: str) -> None:
    found = standing.lookup_hash("maple", "mrn", value)
    assert found == standing.lookup_hash("maple", "mrn", value)
    assert len(found) == 64
    assert set(found) <= set("0123456789abcdef")


def test_lookup_hashes_differ_by_practice_field_and_value(standing: PracticeCipher) -> None:
    hashes = {
        standing.lookup_hash(practice, field, value)
        for practice in ("maple", "cedar")
        for field in ("mrn", "phone")
        for value in ("12345", "12346")
    }
    assert len(hashes) == 8


def test_field_and_value_do_not_run_together_in_a_lookup_hash(standing: PracticeCipher) -> None:
    assert standing.lookup_hash("maple", "phone", "1") != standing.lookup_hash("maple", "phon", "e1")


def test_a_lookup_hash_is_hmac_sha256_with_the_practice_key(
    keys: KeyStore, tables: Database, master: LocalMaster
) -> None:
    with tables.read() as connection:
        wrapped = connection.execute(
            select(practice_keyset.c.wrapped).where(
                practice_keyset.c.practice_id == "maple", practice_keyset.c.purpose == "lookup"
            )
        ).scalar_one()
    handle = proto_keyset_format.parse_encrypted(wrapped, master, b"sunline keyset lookup maple")
    keyset = tink_pb2.Keyset.FromString(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
    secret = hmac_pb2.HmacKey.FromString(keyset.key[0].key_data.value).key_value
    message = b"\x00\x00\x00\x05maple\x00\x00\x00\x03mrn12345"
    expected = hmac.new(secret, message, hashlib.sha256).hexdigest()
    assert PracticeCipher(keys).lookup_hash("maple", "mrn", "12345") == expected


def test_a_practice_without_keysets_is_named(tables: Database, master: LocalMaster) -> None:
    with pytest.raises(KeysetMissing, match="oak"):
        PracticeCipher(KeyStore(tables, master)).seal("oak", "answer", ROW, "x")


def test_ensuring_twice_keeps_the_first_keysets(keys: KeyStore, tables: Database, master: LocalMaster) -> None:
    sealed = PracticeCipher(keys).seal("maple", "answer", ROW, "kept")
    keys.ensure("maple", AT)
    assert PracticeCipher(KeyStore(tables, master)).open("maple", "answer", ROW, sealed) == "kept"


def test_processes_that_ensure_at_the_same_moment_agree_on_one_keyset(tables: Database, master: LocalMaster) -> None:
    stores = [KeyStore(tables, master) for _ in range(4)]
    start = threading.Barrier(4)

    def ensure(store: KeyStore) -> None:
        start.wait()
        store.ensure("oak", AT)

    threads = [threading.Thread(target=ensure, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = PracticeCipher(stores[0]).seal("oak", "answer", ROW, "one")
    assert [PracticeCipher(store).open("oak", "answer", ROW, sealed) for store in stores] == ["one"] * 4


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key(keys: KeyStore) -> None:
    cipher = PracticeCipher(keys)
    before = cipher.seal("maple", "answer", ROW, "before")
    keys.rotate("maple")
    after = cipher.seal("maple", "answer", ROW, "after")
    assert cipher.open("maple", "answer", ROW, before) == "before"
    assert cipher.open("maple", "answer", ROW, after) == "after"
    assert before[:5] != after[:5]


def test_rotation_leaves_lookup_hashes_alone(keys: KeyStore) -> None:
    cipher = PracticeCipher(keys)
    before = cipher.lookup_hash("maple", "mrn", "12345")
    keys.rotate("maple")
    assert cipher.lookup_hash("maple", "mrn", "12345") == before


def test_a_process_that_cached_the_old_keyset_opens_what_another_sealed_after_rotating(
    keys: KeyStore, tables: Database, master: LocalMaster
) -> None:
    other = PracticeCipher(KeyStore(tables, master))
    other.seal("maple", "answer", ROW, "now it is cached")
    keys.rotate("maple")
    assert other.open("maple", "answer", ROW, PracticeCipher(keys).seal("maple", "answer", ROW, "fresh")) == "fresh"


def test_warming_reads_every_keyset_so_that_no_call_reads_one(
    keys: KeyStore, tables: Database, master: LocalMaster
) -> None:
    sealed = PracticeCipher(keys).seal("cedar", "answer", ROW, "warm")
    warmed = KeyStore(tables, master)
    warmed.warm()
    practice_keyset.drop(tables.engine)
    assert PracticeCipher(warmed).open("cedar", "answer", ROW, sealed) == "warm"


def test_a_keyset_copied_to_another_practice_does_not_open(
    keys: KeyStore, tables: Database, master: LocalMaster
) -> None:
    with tables.write() as connection:
        maple = connection.execute(
            select(practice_keyset.c.wrapped).where(
                practice_keyset.c.practice_id == "maple", practice_keyset.c.purpose == "answers"
            )
        ).scalar_one()
        connection.execute(
            update(practice_keyset).where(practice_keyset.c.practice_id == "cedar").values(wrapped=maple)
        )
    with pytest.raises(PrivacyError, match="cedar"):
        PracticeCipher(KeyStore(tables, master)).seal("cedar", "answer", ROW, "x")


def test_another_master_key_opens_nothing_and_says_what_to_restore(
    keys: KeyStore, tables: Database, tmp_path: Path
) -> None:
    other = KeyStore(tables, LocalMaster(tmp_path / "other.json", create=True))
    with pytest.raises(PrivacyError, match="restore the master key"):
        PracticeCipher(other).seal("maple", "answer", ROW, "x")


def test_no_key_is_stored_in_the_clear(keys: KeyStore, tables: Database) -> None:
    with tables.read() as connection:
        stored = connection.execute(select(practice_keyset.c.wrapped)).scalars().all()
    assert len(stored) == 4
    for wrapped in stored:
        with pytest.raises((tink.TinkError, ValueError)):
            proto_keyset_format.parse(wrapped, secret_key_access.TOKEN)
