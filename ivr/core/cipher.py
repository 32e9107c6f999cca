"""What the shell needs of cryptography; ``ivr.privacy.cipher.PracticeCipher`` gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, FromClause, Table


class Cipher(Protocol):
    """Seals single values for one practice, field and row, and hashes them with a key for looking up."""

    def seal(self, practice_id: str, field: str, row: str, value: str) -> bytes:
        """Encrypt ``value``."""

    def open(self, practice_id: str, field: str, row: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` gave for the same practice, field and row."""

    def seal_hash(self, field: str, row: str, hashed: str) -> str:
        """What is stored of the hash of a password or PIN, for the row of the person it belongs to."""

    def open_hash(self, field: str, row: str, stored: str) -> str | None:
        """The hash, where it was stored for this field and row; else None, and nobody gets in by it."""

    def reseal_hash(self, field: str, row: str, stored: str) -> str | None:
        """What is to be stored instead, from now on; None where it is as it should be."""

    def lookup_hash(self, practice_id: str, field: str, value: str) -> str:
        """The same 64 hex digits for the same practice, field and value."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values. ``key`` names the row that a value is bound to, ``practice`` whose keys open it.

    ``rows`` joins the table with that of ``practice``, where it is another.
    ``hashes``: it holds what ``seal_hash`` gave.
    """

    column: Column[Any]
    field: str
    key: tuple[Column[Any], ...]
    practice: ColumnElement[Any]
    rows: FromClause | None = None
    hashes: bool = False


def name_row(table: Table, *key: object) -> str:
    """The name of a row, which a sealed value in it is bound to."""
    return ":".join((table.name, *map(str, key)))
