"""Sealing one value of one row, field and practice.

A sealed value opens only for the practice, field and row it was sealed for (Tink: AEAD, "associated data"): moving a
ciphertext to another row, column or practice breaks it. The release before this one knew no rows, and runs beside it
during an upgrade; so there are three forms, and ``docs/decisions/values-are-bound-to-their-row.md`` says when each.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Protocol

import tink

from ivr.privacy.errors import SealBroken
from ivr.privacy.keys import OPERATOR_KEYS, Mac
from ivr.privacy.master import Aead

_SEALED = "sealed:"
BY_FIELD, BY_ROW, ONLY_BY_ROW = "by-field", "by-row", "only-by-row"
"""Seals as the release before and opens both; seals for the row and opens both; knows nothing but the row."""


class Keys(Protocol):
    """Where a cipher gets the keys of a practice; `KeyStore` is one."""

    def aead(self, practice_id: str, sealed: bytes = b"") -> Aead: ...

    def mac(self, practice_id: str) -> Mac: ...

    def is_newest_key(self, practice_id: str, sealed: bytes) -> bool: ...


class PracticeCipher:
    """Seals, opens and hashes values with the keysets of their practice."""

    def __init__(self, keys: Keys, form: str = BY_FIELD) -> None:
        self._keys, self._form = keys, form

    def seal(self, practice_id: str, field: str, row: str, value: str) -> bytes:
        """Encrypt ``value``; the same value never gives the same bytes twice."""
        bound = (practice_id, field) if self._form == BY_FIELD else (practice_id, field, row)
        return self._keys.aead(practice_id).encrypt(_bytes(value), _bound_to(*bound))

    def open(self, practice_id: str, field: str, row: str, sealed: bytes) -> str:
        """What was sealed; `SealBroken` where practice, field, row or a single bit differs."""
        plain = self._decrypt(sealed, practice_id, field, row)
        if plain is None and self._form != ONLY_BY_ROW:
            plain = self._decrypt(sealed, practice_id, field)
        if plain is None:
            raise SealBroken(f"a sealed value of field {field} of practice {practice_id} does not open")
        return plain.decode("utf-8", "surrogatepass")

    def reseal(self, practice_id: str, field: str, row: str, sealed: bytes) -> bytes | None:
        """The same value for its row and with the newest key; None where it is so already. `SealBroken` as `open`."""
        bound = self._decrypt(sealed, practice_id, field, row) is not None
        if bound and self._keys.is_newest_key(practice_id, sealed):
            return None
        value = _bytes(self.open(practice_id, field, row, sealed))
        return self._keys.aead(practice_id).encrypt(value, _bound_to(practice_id, field, row))

    def seal_hash(self, field: str, row: str, hashed: str) -> str:
        """What is stored of the hash of a password or PIN; with `BY_FIELD` itself, as the release before reads it."""
        return hashed if self._form == BY_FIELD else self._sealed_hash(field, row, hashed)

    def open_hash(self, field: str, row: str, stored: str) -> str | None:
        """The hash that was stored for this field and row. None: it was stored for another, or its form is refused."""
        if not is_sealed_hash(stored):
            return None if self._form == ONLY_BY_ROW else stored
        plain = self._decrypt(_sealed_bytes(stored), OPERATOR_KEYS, field, row)
        return None if plain is None else plain.decode()

    def reseal_hash(self, field: str, row: str, stored: str) -> str | None:
        """The hash sealed with the newest key; None where it is so, or `BY_FIELD` leaves it. `SealBroken` where it
        does not open for its row.
        """
        is_newest = is_sealed_hash(stored) and self._keys.is_newest_key(OPERATOR_KEYS, _sealed_bytes(stored))
        hashed = self.open_hash(field, row, stored)
        if hashed is None:
            raise SealBroken(f"a hash of field {field} does not open for the person it is stored for")
        return None if is_newest or self._form == BY_FIELD else self._sealed_hash(field, row, hashed)

    def _sealed_hash(self, field: str, row: str, hashed: str) -> str:
        return _SEALED + b64encode(self.seal(OPERATOR_KEYS, field, row, hashed)).decode()

    def _decrypt(self, sealed: bytes, practice_id: str, *bound: str) -> bytes | None:
        try:
            return self._keys.aead(practice_id, sealed).decrypt(sealed, _bound_to(practice_id, *bound))
        except tink.TinkError:
            return None

    def lookup_hash(self, practice_id: str, field: str, value: str) -> str:
        """64 hex digits, equal for equal values of one field of one practice, and for nothing else.

        The caller normalises first: ``"Ana "`` and ``"ana"`` differ.
        """
        return self._keys.mac(practice_id).compute_mac(_bound_to(practice_id, field) + _bytes(value)).hex()


def is_sealed_hash(stored: str) -> bool:
    """Whether a stored hash is bound to its row; one of Argon2's own form would serve anybody."""
    return stored.startswith(_SEALED)


def _sealed_bytes(stored: str) -> bytes:
    try:
        return b64decode(stored.removeprefix(_SEALED), validate=True)
    except ValueError:
        return b""


def _bytes(value: str) -> bytes:
    # Whatever a speech engine returned must be storable, lone surrogates included.
    return value.encode("utf-8", "surrogatepass")


def _bound_to(*names: str) -> bytes:
    # Lengths first, so that no two lists of names run together into the same bytes.
    return b"".join(len(part).to_bytes(4, "big") + part for part in (name.encode() for name in names))
