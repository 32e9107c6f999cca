from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from recordings_vault import DestructionRefused, Finding, KeyMissing, KeyRefused, StoreError, UnknownRecording
from recordings_vault.local_store import LocalStore
from recordings_vault.tables import vault_custody, vault_recording
from tests.vault.conftest import AT, Custodian, sound

CONTENT = sound(1_200_000)
LATER = AT + timedelta(days=365)


def act(**instead: Any) -> dict[str, Any]:
    return {"actor": "officer", "at": AT} | instead


def unguarded(custodian: Custodian) -> None:
    """What an intruder with the database owner's rights would do first."""
    with custodian.database.write() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER vault_custody_no_{verb}"))
        else:
            connection.execute(text("DROP TRIGGER vault_custody_guard ON vault_custody"))


# --- the custody record ----------------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(vault_custody).values(actor="nobody"), delete(vault_custody)])
def test_the_database_itself_refuses_to_change_the_record(every_custodian: Custodian, change: Any) -> None:
    every_custodian.ingest(CONTENT)
    with pytest.raises(DBAPIError, match="append-only"), every_custodian.database.write() as connection:
        connection.execute(change)
    assert every_custodian.told() == [("stored", "done")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "nobody"),
        ("action", "verified"),
        ("purpose", "other"),
        ("outcome", "refused"),
        ("detail", "bytes=0-1"),
        ("at", LATER),
        ("previous_hash", "1" * 64),
        ("hash", "1" * 64),
        ("sequence", 9),
    ],
)
def test_a_change_to_any_column_of_an_entry_is_found(every_custodian: Custodian, column: str, value: object) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    custodian.play()
    custodian.play()
    unguarded(custodian)
    with custodian.database.write() as connection:
        connection.execute(update(vault_custody).where(vault_custody.c.sequence == 2).values({column: value}))
    assert custodian.vault.verify("RE1", **act()).outcome == "tampered"


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_entry_is_found_wherever_it_was(every_custodian: Custodian, sequence: int) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    custodian.play()
    custodian.play()
    unguarded(custodian)
    with custodian.database.write() as connection:
        connection.execute(delete(vault_custody).where(vault_custody.c.sequence == sequence))
    assert custodian.vault.verify("RE1", **act()).outcome == "tampered"


def test_a_chain_stays_broken_after_more_entries(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.play()
    unguarded(custodian)
    with custodian.database.write() as connection:
        connection.execute(delete(vault_custody).where(vault_custody.c.sequence == 2))
    assert [custodian.vault.verify("RE1", **act()).sound for _ in range(3)] == [False] * 3


def test_the_record_of_an_unknown_recording_is_an_error(custodian: Custodian) -> None:
    with pytest.raises(UnknownRecording):
        custodian.vault.custody("RE404")


# --- verification ----------------------------------------------------------------------------------


def test_verifying_everything_finds_exactly_what_is_wrong(
    every_custodian: Custodian, monkeypatch: pytest.MonkeyPatch
) -> None:
    custodian = every_custodian
    monkeypatch.setattr("recordings_vault.records._PAGE", 2)
    for number in range(1, 7):
        custodian.ingest(sound(1000 + number), recording_id=f"RE{number}")
    custodian.object_of("RE2").unlink()
    custodian.object_of("RE3").write_bytes(custodian.object_of("RE4").read_bytes())
    custodian.vault.destroy("RE5", **act(reason="asked for"))
    with custodian.database.write() as connection:
        row = vault_recording.c
        connection.execute(update(vault_recording).where(row.recording_id == "RE6").values(sha256="0" * 64))
    found = {finding.recording_id: finding.outcome for finding in custodian.vault.verify_all(**act())}
    assert found == {
        "RE1": "sound",
        "RE2": "missing",
        "RE3": "tampered",
        "RE4": "sound",
        "RE5": "destroyed",
        "RE6": "tampered",
    }
    assert {number: custodian.told(number)[-1] for number in found} == {n: ("verified", o) for n, o in found.items()}


def test_a_file_that_belongs_to_nothing_is_a_stray(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    (custodian.folder / "abcdefgh12345678").write_bytes(b"put here by someone else")
    assert list(custodian.vault.strays()) == ["abcdefgh12345678"]


# --- hold and destruction --------------------------------------------------------------------------


def test_destruction_removes_object_and_key_and_keeps_the_record(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    path = custodian.object_of()
    row = custodian.vault.destroy("RE1", **act(reason="patient asked"))
    assert (row.state, row.wrapped_key, row.destroyed_at) == ("destroyed", None, AT)
    assert not path.exists()
    assert custodian.vault.custody("RE1")[-1].purpose == "patient asked"
    assert custodian.told() == [("stored", "done"), ("destroyed", "done")]
    assert custodian.vault.verify("RE1", **act()).sound


def test_destroying_twice_is_destroying_once(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.vault.destroy("RE1", **act(reason="asked for"))
    again = custodian.vault.destroy("RE1", **act(reason="asked for", at=LATER))
    assert again.destroyed_at == AT
    assert custodian.told() == [("stored", "done"), ("destroyed", "done")]


def test_legal_hold_beats_destruction_until_it_is_lifted(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    assert custodian.vault.hold("RE1", **act(purpose="case 12")).legal_hold
    with pytest.raises(DestructionRefused, match="legal hold"):
        custodian.vault.destroy("RE1", **act(reason="asked for", before_retention=True))
    assert custodian.play() == CONTENT
    assert not custodian.vault.lift_hold("RE1", **act(purpose="case closed")).legal_hold
    custodian.vault.destroy("RE1", **act(reason="asked for"))
    assert [action for action, _ in custodian.told()] == [
        "stored",
        "held",
        "destroyed",
        "played",
        "released",
        "destroyed",
    ]
    assert custodian.told()[2] == ("destroyed", "refused")


def test_retention_beats_destruction_until_it_ends_or_someone_answers_for_it(custodian: Custodian) -> None:
    for recording_id in ("RE1", "RE2"):
        custodian.ingest(CONTENT, recording_id=recording_id, keep="90d")
    with pytest.raises(DestructionRefused, match="retention"):
        custodian.vault.destroy("RE1", **act(reason="space"))
    custodian.vault.destroy("RE1", **act(reason="space", at=AT + timedelta(days=90)))
    custodian.vault.destroy("RE2", **act(reason="wrong patient recorded", before_retention=True))


class _Stuck(LocalStore):
    def delete(self, name: str) -> None:
        raise StoreError("the store is away")


@pytest.mark.parametrize("mend", ["again", "sweep"])
def test_a_destruction_the_store_could_not_follow_is_final_and_finished_later(custodian: Custodian, mend: str) -> None:
    custodian.ingest(CONTENT)
    path = custodian.object_of()
    with pytest.raises(StoreError):
        custodian.vault_on(_Stuck(custodian.folder)).destroy("RE1", **act(reason="asked for"))
    assert path.exists()
    with custodian.database.read() as connection:
        assert connection.scalar(select(vault_recording.c.wrapped_key)) is None
    assert custodian.vault.verify("RE1", **act()).outcome == "destroyed"
    assert list(custodian.vault.strays()) == []
    if mend == "again":
        custodian.vault.destroy("RE1", **act(reason="asked for"))
    else:
        custodian.vault.sweep(at=AT)
    assert not path.exists()
    assert custodian.vault.sweep(at=LATER) == 0


def test_a_practice_is_destroyed_with_its_keys_and_no_other(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.keys.create("cedar", at=AT)
    for number, practice_id in enumerate(("maple", "cedar", "maple"), 1):
        custodian.ingest(CONTENT, recording_id=f"RE{number}", practice_id=practice_id)
    custodian.vault.hold("RE3", **act(purpose="case 12"))
    with pytest.raises(DestructionRefused, match="1 recording is"):
        custodian.vault.destroy_practice("maple", **act(reason="contract ended"))
    assert custodian.play("RE1") == CONTENT
    custodian.vault.lift_hold("RE3", **act(purpose="case closed"))
    assert custodian.vault.destroy_practice("maple", **act(reason="contract ended")) == 2
    assert (custodian.keys.exists("maple"), custodian.keys.exists("cedar")) == (False, True)
    assert custodian.play("RE2") == CONTENT
    assert len(list(custodian.folder.iterdir())) == 1


# --- keys ------------------------------------------------------------------------------------------


def test_rotation_rewraps_without_touching_the_object(every_custodian: Custodian) -> None:
    custodian = every_custodian
    custodian.ingest(CONTENT)
    path, old = custodian.object_of(), custodian.keys.key_ids("maple")[0]
    before = path.read_bytes()
    new = custodian.keys.rotate("maple", at=AT)
    assert custodian.play() == CONTENT
    custodian.ingest(CONTENT, recording_id="RE2")
    with pytest.raises(KeyRefused, match="1 recording needs"):
        custodian.keys.retire("maple", old, at=AT)
    assert list(custodian.vault.behind("maple")) == ["RE1"]
    assert list(custodian.vault.rewrap_each("maple", **act())) == [Finding("RE1", "sound")]
    assert list(custodian.vault.rewrap_each("maple", **act())) == []
    assert list(custodian.vault.behind("maple")) == []
    custodian.keys.retire("maple", old, at=AT)
    assert custodian.keys.key_ids("maple") == (new,)
    assert [custodian.play("RE1"), custodian.play("RE2")] == [CONTENT, CONTENT]
    assert path.read_bytes() == before
    assert custodian.told()[2] == ("rewrapped", "done")


def test_a_rotation_that_is_cut_off_goes_on_where_it_was(every_custodian: Custodian) -> None:
    custodian, names = every_custodian, [f"RE{number}" for number in range(1, 6)]
    for name in names:
        custodian.ingest(CONTENT, recording_id=name)
    custodian.keys.rotate("maple", at=AT)
    assert len(list(islice(custodian.vault.rewrap_each("maple", **act()), 2))) == 2
    assert [custodian.play(name) for name in names] == [CONTENT] * 5
    assert len(list(custodian.vault.rewrap_each("maple", **act()))) == 3
    assert [custodian.play(name) for name in names] == [CONTENT] * 5


def test_a_recording_whose_key_does_not_open_keeps_no_other_from_the_new_key(custodian: Custodian) -> None:
    for name in ("RE1", "RE2"):
        custodian.ingest(CONTENT, recording_id=name)
    with custodian.database.write() as connection:
        broken = vault_recording.c.recording_id == "RE1"
        connection.execute(update(vault_recording).where(broken).values(wrapped_key=b"altered"))
    custodian.keys.rotate("maple", at=AT)
    told = list(custodian.vault.rewrap_each("maple", **act()))
    assert told == [Finding("RE1", "key_refused"), Finding("RE2", "sound")]
    assert list(custodian.vault.behind("maple")) == ["RE1"]


def test_a_destroyed_recording_needs_no_new_key(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    custodian.vault.destroy("RE1", **act(), reason="wish of the patient", before_retention=True)
    custodian.keys.rotate("maple", at=AT)
    assert list(custodian.vault.behind("maple")) == []


def test_what_only_a_retired_key_opens_is_closed_for_good(custodian: Custodian) -> None:
    custodian.ingest(CONTENT)
    row = custodian.vault.find("RE1")
    assert row is not None
    custodian.keys.rotate("maple", at=AT)
    custodian.vault.rewrap("RE1", **act())
    custodian.keys.retire("maple", row.key_id, at=AT)
    with custodian.database.write() as connection:
        connection.execute(update(vault_recording).values(wrapped_key=row.wrapped_key))
    with pytest.raises(KeyRefused):
        custodian.open()


def test_shredding_holds_at_once_for_everyone_who_had_the_key_open(
    custodian: Custodian, damage: Callable[[int], None]
) -> None:
    custodian.ingest(CONTENT)
    other = Custodian(custodian.database, custodian.folder, custodian.master)
    assert other.play() == CONTENT
    custodian.keys.shred("maple", at=AT)
    with pytest.raises(KeyMissing):
        other.open()
