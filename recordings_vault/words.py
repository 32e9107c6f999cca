"""Checks on the values a caller hands in, before they reach a table, a path or a header."""

from __future__ import annotations

import re
from datetime import datetime

from recordings_vault.errors import BadValue

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_OBJECT_NAME = re.compile(r"[a-z0-9]{8,64}")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")


def check_id(value: str, what: str) -> str:
    """An opaque id: 1 to 64 letters, digits, ``_`` or ``-``. The value is not repeated in the error."""
    if not _ID.fullmatch(value):
        raise BadValue(f"{what}: give an opaque id of 1 to 64 letters, digits, '_' or '-'")
    return value


def check_object_name(value: str) -> str:
    """A name the vault may have given to an object: no separators, no dots, no way out of the folder."""
    if not _OBJECT_NAME.fullmatch(value):
        raise BadValue("object name: 8 to 64 small letters and digits; nothing else names an object of the vault")
    return value


def check_note(value: str, what: str) -> str:
    """One printable line of 1 to 200 characters, for the custody record."""
    if not 1 <= len(value) <= 200 or not value.isprintable():
        raise BadValue(f"{what}: give one printable line of 1 to 200 characters")
    return value


def check_media_type(value: str) -> str:
    """A plain media type without parameters (RFC 9110, 8.3.1), safe to repeat in a response header."""
    if not _MEDIA_TYPE.fullmatch(value):
        raise BadValue("media_type: give a plain type such as audio/wav, without parameters")
    return value


def check_instant(value: datetime, what: str) -> datetime:
    """An instant with a time zone."""
    if value.tzinfo is None:
        raise BadValue(f"{what}: an instant needs a time zone; give it as UTC")
    return value


def counted(number: int, one: str, several: str) -> str:
    """``1 recording is``, ``2 recordings are``."""
    return f"{number} {one if number == 1 else several}"
