"""Tink keysets as values: a new one, one key more, one key less."""

from __future__ import annotations

import json
from typing import Any

import tink
from tink import aead, json_proto_keyset_format, secret_key_access

from recordings_vault.errors import BadValue

Handle = Any
"""A ``tink.KeysetHandle``; the library ships no types."""


def fresh() -> Handle:
    """A keyset with one new AES-256-GCM key, which is its primary key."""
    return tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)


def rotated(keyset: Handle) -> Handle:
    """The keyset with one new key, which becomes its primary key; what the older keys wrapped still opens."""
    new, old = _plain(fresh()), _plain(keyset)
    return _handle({"primaryKeyId": new["primaryKeyId"], "key": old["key"] + new["key"]})


def without(keyset: Handle, key_id: str) -> Handle:
    """The keyset without one of its older keys."""
    if key_id == primary(keyset) or key_id not in ids(keyset):
        raise BadValue("key id: name an older key of this practice; rotate before you retire the present one")
    plain = _plain(keyset)
    return _handle(plain | {"key": [key for key in plain["key"] if str(key["keyId"]) != key_id]})


def primary(keyset: Handle) -> str:
    """The id of the key that wraps."""
    return str(keyset.keyset_info().primary_key_id)


def ids(keyset: Handle) -> tuple[str, ...]:
    """The ids of all keys."""
    return tuple(str(key.key_id) for key in keyset.keyset_info().key_info)


def _plain(keyset: Handle) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_proto_keyset_format.serialize(keyset, secret_key_access.TOKEN))
    return found


def _handle(plain: dict[str, Any]) -> Handle:
    return json_proto_keyset_format.parse(json.dumps(plain), secret_key_access.TOKEN)
