"""How names sound, in keyed hashes: what finds a record whose name was heard otherwise than it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from callflows.identity import sound_keys
from ivr.core.cipher import Cipher
from ivr.patients.tables import SOUND, patient_key


@dataclass(slots=True)
class SoundHashes:
    """The hashes of names of one practice. Most words come again and again, and are hashed once."""

    cipher: Cipher
    practice_id: str
    known: dict[str, str] = field(default_factory=dict, repr=False)

    def of(self, name: str) -> tuple[str, ...]:
        """One for each word of a name, as far as it has a sound."""
        return tuple(dict.fromkeys(self._hash(sound) for sound in sound_keys(name)))

    def _hash(self, sound: str) -> str:
        if sound not in self.known:
            self.known[sound] = hash_sound(self.cipher, self.practice_id, sound)
        return self.known[sound]


def hash_sound(cipher: Cipher, practice_id: str, sound: str) -> str:
    """The keyed hash by which a word of a name is found by how it sounds."""
    return cipher.lookup_hash(practice_id, SOUND, sound)


def without_sounds(connection: Connection, patients: Sequence[str]) -> frozenset[str]:
    """Those of ``patients`` who have none, as they were taken in before these were kept."""
    kept = select(patient_key.c.patient_id).where(patient_key.c.patient_id.in_(patients)).distinct()
    return frozenset(patients) - frozenset(connection.execute(kept).scalars())


def forget_sounds(connection: Connection, patients: Sequence[str]) -> None:
    """Remove what is kept of ``patients``, whose names may have changed."""
    connection.execute(delete(patient_key).where(patient_key.c.patient_id.in_(patients)))


def keep_sounds(connection: Connection, practice_id: str, sounds: Mapping[str, Sequence[str]]) -> None:
    """Store how the names of patients sound who have nothing kept; ``sounds`` are hashes by patient."""
    rows = [
        {"patient_id": one, "key_hash": each, "practice_id": practice_id} for one, of in sounds.items() for each in of
    ]
    if rows:
        connection.execute(insert(patient_key), rows)
