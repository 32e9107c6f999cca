"""What the shell needs of cryptography; ``ivr.privacy.cipher.PracticeCipher`` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Column, FromClause, Table


class Cipher(Protocol):
    """Seals single values for one practice, field and row, and hashes them with a key for looking up."""

    def seal(self, practice_id: str, field: str, row: str, value: str) -> bytes:
        """Encrypt ``value``."""

    def open(self, practice_id: str, field: str, row: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` gave for the same practice, field and row."""

    def lookup_hash(self, practice_id: str, field: str, value: str) -> str:
        """The same 64 hex digits for the same practice, field and value."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values. ``key`` names the row that a value is bound to, ``practice`` whose keys open it.

    ``rows`` joins the table with that of ``practice``, where it is another.
    """

    column: Column[Any]
    field: str
    key: tuple[Column[Any], ...]
    practice: Column[Any]
    rows: FromClause | None = None


def name_row(table: Table, *key: object) -> str:
    """The name of a row, which a sealed value in it is bound to."""
    return ":".join((table.name, *map(str, key)))
