"""What the vault works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from recordings_vault.connections import Connect
from recordings_vault.keys import KeyRing
from recordings_vault.store import Store


@dataclass(frozen=True, slots=True)
class Means:
    """The database (two ways in), the object store, the keys, and where names of objects come from."""

    write: Connect
    read: Connect
    store: Store
    keys: KeyRing
    new_name: Callable[[], str]
