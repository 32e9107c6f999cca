"""Two keysets a practice, wrapped by the master key: one for what it stores, one for looking things up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

import tink
from sqlalchemy import CheckConstraint, Column, ColumnElement, LargeBinary, String, Table, and_, insert, select, update
from sqlalchemy.exc import IntegrityError
from tink import aead, mac, proto_keyset_format, secret_key_access
from tink.proto import tink_pb2

from ivr.core.database import Database, Instant, metadata
from ivr.privacy.errors import KeysetMissing, PrivacyError
from ivr.privacy.master import Aead

aead.register()
mac.register()

OPERATOR_KEYS = "operator"
"""Whose keys seal what is of no practice: calls to a number that nobody owns, hashes of passwords and PINs."""

ANSWERS = "answers"
LOOKUP = "lookup"

practice_keyset = Table(
    "practice_keyset",
    metadata,
    Column("practice_id", String(64), primary_key=True),
    Column("purpose", String(16), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint(f"purpose IN ('{ANSWERS}', '{LOOKUP}')", name="purpose"),
)


class Mac(Protocol):
    """A keyed hash."""

    def compute_mac(self, data: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Keyset:
    primitive: object
    key_ids: frozenset[int]
    newest: int


class KeyStore:
    """The keysets of the practices, unwrapped once a process and kept in memory.

    ``ensure`` and ``rotate`` open a write transaction of their own: never call them inside another.
    The look-up keyset is never rotated, because every stored hash would lose its match.
    """

    def __init__(self, database: Database, master: Aead) -> None:
        self._database = database
        self._master = master
        self._cache: dict[tuple[str, str], _Keyset] = {}

    def ensure(self, practice_id: str, at: datetime) -> None:
        """Give the practice its keysets where it has none; safe to repeat and to race."""
        for purpose in (ANSWERS, LOOKUP):
            if self._wrapped(practice_id, purpose) is None:
                self._insert(practice_id, purpose, self._new(practice_id, purpose), at)

    def rotate(self, practice_id: str) -> None:
        """Seal with a fresh key from now on; what older keys sealed still opens."""
        old = self._required(practice_id, ANSWERS)
        keyset = _cleartext(self._unwrap(practice_id, ANSWERS, old))
        fresh = _cleartext(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))
        while fresh.primary_key_id in {key.key_id for key in keyset.key}:
            fresh = _cleartext(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))
        keyset.key.append(fresh.key[0])
        keyset.primary_key_id = fresh.primary_key_id
        handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
        self._replace(practice_id, old, self._wrap(practice_id, ANSWERS, handle))

    def warm(self) -> None:
        """Unwrap every keyset now, so that no call waits for the key service later."""
        with self._database.read() as connection:
            rows = connection.execute(select(practice_keyset.c.practice_id, practice_keyset.c.purpose)).all()
        for practice_id, purpose in rows:
            self._load(practice_id, purpose)

    def aead(self, practice_id: str, sealed: bytes = b"") -> Aead:
        """What seals and opens; read afresh when another process has rotated to the key of ``sealed``."""
        keyset = self._keyset(practice_id, ANSWERS)
        if sealed and _key_id(sealed) not in keyset.key_ids:
            keyset = self._load(practice_id, ANSWERS)
        return cast(Aead, keyset.primitive)

    def is_newest_key(self, practice_id: str, sealed: bytes) -> bool:
        """Whether what is sealed was sealed with the key that seals now."""
        return _key_id(sealed) == self._keyset(practice_id, ANSWERS).newest

    def mac(self, practice_id: str) -> Mac:
        """What hashes for look-ups: HMAC-SHA256 with a key of this practice."""
        return cast(Mac, self._keyset(practice_id, LOOKUP).primitive)

    def _keyset(self, practice_id: str, purpose: str) -> _Keyset:
        return self._cache.get((practice_id, purpose)) or self._load(practice_id, purpose)

    def _load(self, practice_id: str, purpose: str) -> _Keyset:
        handle = self._unwrap(practice_id, purpose, self._required(practice_id, purpose))
        primitive = handle.primitive(aead.Aead if purpose == ANSWERS else mac.Mac)
        about = handle.keyset_info()
        keyset = _Keyset(primitive, frozenset(key.key_id for key in about.key_info), about.primary_key_id)
        self._cache[practice_id, purpose] = keyset
        return keyset

    def _wrapped(self, practice_id: str, purpose: str) -> bytes | None:
        with self._database.read() as connection:
            return connection.execute(select(practice_keyset.c.wrapped).where(_row(practice_id, purpose))).scalar()

    def _required(self, practice_id: str, purpose: str) -> bytes:
        wrapped = self._wrapped(practice_id, purpose)
        if wrapped is None:
            mend = "check its name, or load its configuration first"
            raise KeysetMissing(f"practice {practice_id} has no {purpose} keyset; {mend}")
        return wrapped

    def _new(self, practice_id: str, purpose: str) -> bytes:
        template = aead.aead_key_templates.AES256_GCM if purpose == ANSWERS else _LOOKUP_TEMPLATE
        return self._wrap(practice_id, purpose, tink.new_keyset_handle(template))

    def _wrap(self, practice_id: str, purpose: str, handle: tink.KeysetHandle) -> bytes:
        bound = _bound_to(practice_id, purpose)
        return cast(bytes, proto_keyset_format.serialize_encrypted(handle, self._master, bound))

    def _unwrap(self, practice_id: str, purpose: str, wrapped: bytes) -> tink.KeysetHandle:
        try:
            return proto_keyset_format.parse_encrypted(wrapped, self._master, _bound_to(practice_id, purpose))
        except tink.TinkError:
            raise PrivacyError(
                f"the {purpose} keyset of practice {practice_id} does not open; "
                "restore the master key it was made with, or check that its service can be reached"
            ) from None

    def _insert(self, practice_id: str, purpose: str, wrapped: bytes, at: datetime) -> None:
        row = {"practice_id": practice_id, "purpose": purpose, "wrapped": wrapped, "created_at": at}
        try:
            with self._database.write() as connection:
                connection.execute(insert(practice_keyset).values(row))
        except IntegrityError:
            if self._wrapped(practice_id, purpose) is None:
                raise

    def _replace(self, practice_id: str, old: bytes, new: bytes) -> None:
        mine = and_(_row(practice_id, ANSWERS), practice_keyset.c.wrapped == old)
        with self._database.write() as connection:
            changed = connection.execute(update(practice_keyset).where(mine).values(wrapped=new)).rowcount
        if changed != 1:
            raise PrivacyError(f"the keyset of practice {practice_id} was rotated by someone else just now; try again")
        self._load(practice_id, ANSWERS)


def _row(practice_id: str, purpose: str) -> ColumnElement[bool]:
    return and_(practice_keyset.c.practice_id == practice_id, practice_keyset.c.purpose == purpose)


def _bound_to(practice_id: str, purpose: str) -> bytes:
    return f"sunline keyset {purpose} {practice_id}".encode()


def _cleartext(handle: tink.KeysetHandle) -> tink_pb2.Keyset:
    return tink_pb2.Keyset.FromString(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


def _key_id(sealed: bytes) -> int:
    # Tink: a ciphertext begins with 0x01 and the four bytes of its key id.
    return int.from_bytes(sealed[1:5], "big")


def _raw(template: tink_pb2.KeyTemplate) -> tink_pb2.KeyTemplate:
    # Without Tink's key-id prefix a look-up hash is exactly one HMAC-SHA256.
    copy = tink_pb2.KeyTemplate()
    copy.CopyFrom(template)
    copy.output_prefix_type = tink_pb2.RAW
    return copy


_LOOKUP_TEMPLATE = _raw(mac.mac_key_templates.HMAC_SHA256_256BITTAG)
