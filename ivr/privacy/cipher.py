"""Sealing one value of one field of one practice.

A sealed value opens only for the practice and field it was sealed for (Tink: AEAD, "associated data"):
moving a ciphertext to another column or practice breaks it. A caller who wants it bound to a row as well
names the row in ``field``.
"""

from __future__ import annotations

from typing import Protocol

import tink

from ivr.privacy.errors import SealBroken
from ivr.privacy.keys import Mac
from ivr.privacy.master import Aead


class Keys(Protocol):
    """Where a cipher gets the keys of a practice; `KeyStore` is one."""

    def aead(self, practice_id: str, sealed: bytes = b"") -> Aead: ...

    def mac(self, practice_id: str) -> Mac: ...


class PracticeCipher:
    """Seals, opens and hashes values with the keysets of their practice."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def seal(self, practice_id: str, field: str, value: str) -> bytes:
        """Encrypt ``value``; the same value never gives the same bytes twice."""
        return self._keys.aead(practice_id).encrypt(_bytes(value), _bound_to(practice_id, field))

    def open(self, practice_id: str, field: str, sealed: bytes) -> str:
        """What was sealed; `SealBroken` where practice, field or a single bit differs."""
        try:
            plain = self._keys.aead(practice_id, sealed).decrypt(sealed, _bound_to(practice_id, field))
        except tink.TinkError:
            raise SealBroken(f"a sealed value of field {field} of practice {practice_id} does not open") from None
        return plain.decode("utf-8", "surrogatepass")

    def lookup_hash(self, practice_id: str, field: str, value: str) -> str:
        """64 hex digits, equal for equal values of one field of one practice, and for nothing else.

        The caller normalises first: ``"Ana "`` and ``"ana"`` differ.
        """
        return self._keys.mac(practice_id).compute_mac(_bound_to(practice_id, field) + _bytes(value)).hex()


def _bytes(value: str) -> bytes:
    # Whatever a speech engine returned must be storable, lone surrogates included.
    return value.encode("utf-8", "surrogatepass")


def _bound_to(practice_id: str, field: str) -> bytes:
    # Lengths first, so that no two pairs of names run together into the same bytes.
    parts = (practice_id.encode(), field.encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
