"""The practices' key encryption keys: every recording's own key is wrapped by its practice's keyset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from tink import aead, json_proto_keyset_format

from recordings_vault import keysets
from recordings_vault.connections import Connect
from recordings_vault.encryption import Label
from recordings_vault.errors import KeyMissing, KeyRefused
from recordings_vault.tables import vault_keyset, vault_recording
from recordings_vault.words import check_id, counted


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A recording's key, encrypted by the key ``key_id`` of its practice."""

    key_id: str
    blob: bytes = field(repr=False)


class KeyRing:
    """Keysets of practices, kept in ``vault_keyset`` encrypted by the master key.

    A keyset is made only by :meth:`create`. Its row's version is read at every use, so a rotation or a shredding
    by another process holds at once; the master key (a network call, with a key service) is asked once a version.
    """

    def __init__(self, *, write: Connect, read: Connect, master: aead.Aead) -> None:
        self._write, self._read, self._master = write, read, master
        self._open: dict[str, tuple[int, keysets.Handle]] = {}

    def create(self, practice_id: str, *, at: datetime) -> str:
        """Make a practice's first key and give its id. Refuses when there is one, or was one that was shredded."""
        keyset = keysets.fresh()
        row = {"practice_id": check_id(practice_id, "practice_id"), "version": 1, "created_at": at}
        try:
            with self._write() as connection:
                connection.execute(insert(vault_keyset).values(row | self._sealed(practice_id, keyset, at)))
        except IntegrityError:
            raise KeyRefused(f"practice {practice_id}: it has or had a key; rotate it instead") from None
        return keysets.primary(keyset)

    def exists(self, practice_id: str) -> bool:
        """Whether recordings of this practice can be wrapped and opened."""
        row = self._row(practice_id)
        return row is not None and row.keyset is not None

    def key_ids(self, practice_id: str) -> tuple[str, ...]:
        """The ids of a practice's keys, oldest first."""
        return keysets.ids(self._keyset(practice_id))

    def wrap(self, label: Label, key: bytes) -> Wrapped:
        """Encrypt a recording's key under its practice's present key, bound to the recording and the practice."""
        keyset = self._keyset(label.practice_id)
        return Wrapped(keysets.primary(keyset), _aead(keyset).encrypt(key, label.bound()))

    def unwrap(self, label: Label, wrapped: Wrapped) -> bytes:
        """The recording's key. Raises KeyRefused for another recording's, another practice's or a retired key."""
        keyset = self._keyset(label.practice_id)
        try:
            return cast(bytes, _aead(keyset).decrypt(wrapped.blob, label.bound()))
        except Exception:
            raise KeyRefused(
                f"recording {label.recording_id}: no key of practice {label.practice_id} opens it; "
                "check that row and keyset come from the same backup"
            ) from None

    def rotate(self, practice_id: str, *, at: datetime) -> str:
        """Add a key, which wraps from now on, and give its id. Older recordings open as before; rewrap them."""
        return keysets.primary(self._change(practice_id, keysets.rotated, at))

    def retire(self, practice_id: str, key_id: str, *, at: datetime) -> None:
        """Forget an older key, for good: copies of what it wrapped, also in backups, cannot be opened again.

        Refused while a recording still needs it.
        """
        self._change(practice_id, lambda keyset: keysets.without(keyset, key_id), at, unused=key_id)

    def shred(self, practice_id: str, *, at: datetime) -> None:
        """Forget every key of a practice, for good. Nothing stored for it can be opened again."""
        gone = {"keyset": None, "key_ids": "", "version": vault_keyset.c.version + 1, "changed_at": at}
        with self._write() as connection:
            connection.execute(update(vault_keyset).where(vault_keyset.c.practice_id == practice_id).values(gone))
        self._open.pop(practice_id, None)

    def change_master(self, new: aead.Aead, *, at: datetime) -> int:
        """Encrypt every keyset under a new master key and use it from now on; how many were changed.

        Can be repeated after a failure. Other processes need the new master key to go on.
        """
        with self._read() as connection:
            live = select(vault_keyset.c.practice_id).where(vault_keyset.c.keyset.is_not(None))
            practices = connection.scalars(live).all()
        for practice_id in practices:
            self._change(practice_id, lambda keyset: keyset, at, master=new)
        self._master = new
        return len(practices)

    def _change(
        self,
        practice_id: str,
        change: Callable[[keysets.Handle], keysets.Handle],
        at: datetime,
        *,
        unused: str | None = None,
        master: aead.Aead | None = None,
    ) -> keysets.Handle:
        row = self._live_row(practice_id)
        changed = change(self._opened(row))
        values = self._sealed(practice_id, changed, at, master) | {"version": row.version + 1}
        present = (vault_keyset.c.practice_id == practice_id) & (vault_keyset.c.version == row.version)
        with self._write() as connection:
            if connection.execute(update(vault_keyset).where(present).values(values)).rowcount != 1:
                raise KeyRefused(f"practice {practice_id}: its keys were changed by someone else; try again")
            if unused is not None and (count := _users(connection, practice_id, unused)):
                need = counted(count, "recording needs", "recordings need")
                raise KeyRefused(f"practice {practice_id}: {need} this key; rewrap first")
        self._open[practice_id] = (row.version + 1, changed)
        return changed

    def _sealed(
        self, practice_id: str, keyset: keysets.Handle, at: datetime, master: aead.Aead | None = None
    ) -> dict[str, Any]:
        try:
            text = json_proto_keyset_format.serialize_encrypted(keyset, master or self._master, _bound(practice_id))
        except Exception as error:
            raise KeyRefused(f"master key: it did not encrypt ({type(error).__name__}); check its rights") from None
        return {"keyset": text, "key_ids": " ".join(keysets.ids(keyset)), "changed_at": at}

    def _keyset(self, practice_id: str) -> keysets.Handle:
        return self._opened(self._live_row(practice_id))

    def _opened(self, row: Row[Any]) -> keysets.Handle:
        version, keyset = self._open.get(row.practice_id, (0, None))
        if keyset is None or version != row.version:
            keyset = self._decrypted(row)
            self._open[row.practice_id] = (row.version, keyset)
        return keyset

    def _decrypted(self, row: Row[Any]) -> keysets.Handle:
        bound = _bound(row.practice_id)
        try:
            return json_proto_keyset_format.parse_encrypted(row.keyset, self._master, bound)
        except Exception as error:
            raise KeyRefused(
                f"practice {row.practice_id}: the master key does not open its keys ({type(error).__name__}); "
                "use the master key they were made under"
            ) from None

    def _live_row(self, practice_id: str) -> Row[Any]:
        row = self._row(practice_id)
        if row is None or row.keyset is None:
            state = "it has no key; create one" if row is None else "its keys were shredded"
            raise KeyMissing(f"practice {practice_id}: {state}")
        return row

    def _row(self, practice_id: str) -> Row[Any] | None:
        with self._read() as connection:
            query = select(vault_keyset).where(vault_keyset.c.practice_id == check_id(practice_id, "practice_id"))
            return connection.execute(query).one_or_none()


def demand_key(connection: Connection, practice_id: str, key_id: str) -> None:
    """In a write transaction: see that a practice still has a key, and keep it from being retired meanwhile."""
    query = select(vault_keyset.c.key_ids).where(vault_keyset.c.practice_id == practice_id).with_for_update(read=True)
    if key_id not in (connection.scalar(query) or "").split():
        raise KeyMissing(f"practice {practice_id}: the key was retired or shredded meanwhile; try again")


def _users(connection: Connection, practice_id: str, key_id: str) -> int:
    table = vault_recording.c
    using = (table.practice_id == practice_id) & (table.key_id == key_id) & table.wrapped_key.is_not(None)
    return connection.scalar(select(func.count()).select_from(vault_recording).where(using)) or 0


def _bound(practice_id: str) -> bytes:
    return b"vault keyset of practice " + practice_id.encode()


def _aead(keyset: keysets.Handle) -> aead.Aead:
    return cast(aead.Aead, keyset.primitive(aead.Aead))
