"""What the shell needs of cryptography; ``ivr.privacy.cipher.PracticeCipher`` gives it."""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    """Seals single values for one practice and one field, and hashes them with a key for looking up."""

    def seal(self, practice_id: str, field: str, value: str) -> bytes:
        """Encrypt ``value``."""

    def open(self, practice_id: str, field: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` gave for the same practice and field."""

    def lookup_hash(self, practice_id: str, field: str, value: str) -> str:
        """The same 64 hex digits for the same practice, field and value."""
