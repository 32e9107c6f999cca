"""Custody of recordings: encrypted at rest, hash-checked, every touch on the record. Usable without the rest.

::

    store, master = open_store("file:///srv/recordings"), open_master("/etc/sunline/master.json")
    keys = KeyRing(write=write, read=read, master=master)
    vault = Vault(write=write, read=read, store=store, keys=keys)

``write`` and ``read`` are callables that give a context manager of an SQLAlchemy connection; leaving ``write``
commits. On SQLite a write transaction must begin as BEGIN IMMEDIATE.
"""

from recordings_vault.custody import Action, Entry
from recordings_vault.errors import (
    AccessRefused,
    BadValue,
    DestructionRefused,
    IncompleteRecording,
    KeyMissing,
    KeyRefused,
    ObjectMissing,
    RecordingConflict,
    RecordingDestroyed,
    StoreError,
    TamperedRecording,
    UnknownRecording,
    VaultError,
)
from recordings_vault.ingest import Arrival
from recordings_vault.keys import KeyRing
from recordings_vault.master import create_master, open_master
from recordings_vault.opening import open_store
from recordings_vault.playback import Playback
from recordings_vault.records import Stored
from recordings_vault.store import Store
from recordings_vault.tables import metadata
from recordings_vault.upkeep import Finding
from recordings_vault.vault import Vault

__all__ = [
    "AccessRefused",
    "Action",
    "Arrival",
    "BadValue",
    "DestructionRefused",
    "Entry",
    "Finding",
    "IncompleteRecording",
    "KeyMissing",
    "KeyRefused",
    "KeyRing",
    "ObjectMissing",
    "Playback",
    "RecordingConflict",
    "RecordingDestroyed",
    "Store",
    "StoreError",
    "Stored",
    "TamperedRecording",
    "UnknownRecording",
    "Vault",
    "VaultError",
    "create_master",
    "metadata",
    "open_master",
    "open_store",
]
