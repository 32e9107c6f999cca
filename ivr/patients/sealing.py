"""Sealing patients: the long part of an import, done before any transaction is open."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.core.cipher import Cipher, name_row
from ivr.patients.normalise import NORMALISERS, stands_for_nothing
from ivr.patients.own_doctor import hash_doctor
from ivr.patients.records import PatientRecord
from ivr.patients.sounds import SoundHashes
from ivr.patients.tables import FIELDS, patient

Values = dict[str, Any]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Patients ready to be stored; nothing in it can be read without the practice's keys."""

    practice_id: str
    rows: tuple[Values, ...] = field(repr=False)
    sounds: Mapping[str, tuple[str, ...]] = field(repr=False)
    """How each name sounds, in hashes, by the hash of the record's own id."""


def seal_patients(
    cipher: Cipher, practice_id: str, records: Iterable[PatientRecord], progress: Progress = lambda done: None
) -> Sealed:
    """Encrypt and hash ``records``, telling ``progress`` how many are done."""
    rows, sounds, hashes = [], {}, SoundHashes(cipher, practice_id)
    for done, record in enumerate(records, 1):
        values = _sealed(cipher, practice_id, record)
        rows.append(values)
        sounds[values["external_id_hash"]] = hashes.of(_sounding(record))
        progress(done)
    return Sealed(practice_id, tuple(rows), sounds)


def _sounding(record: PatientRecord) -> str:
    name = record.values.get("name", "")
    return name if NORMALISERS["name"](name) else ""


def _sealed(cipher: Cipher, practice_id: str, record: PatientRecord) -> Values:
    hashed = {name: NORMALISERS[name](value) for name, value in record.values.items()}
    content = [dict(record.values), record.language, record.state, str(record.phone_since), record.deceased]
    external = cipher.lookup_hash(practice_id, "external_id", record.external_id)
    row = name_row(patient, external)  # the id is not known before the record is compared with those that are there
    # Added at the end, so that the hashes of records without them stay as they are.
    more = [record.payer] if record.payer else []
    more += [f"doctor: {record.doctor}"] if record.doctor else []
    more += [f"set aside: {record.set_aside}"] if record.set_aside else []
    # Rows of a release that recognised people by such values are written anew.
    more += [
        f"nothing: {name}"
        for name, value in record.values.items()
        if hashed[name] is None and stands_for_nothing(name, value)
    ]
    return {
        "practice_id": practice_id,
        "external_id_hash": external,
        **{f"{name}_sealed": None for name in FIELDS},
        **{f"{name}_hash": None for name in FIELDS},
        **{f"{name}_sealed": cipher.seal(practice_id, name, row, value) for name, value in record.values.items()},
        # What has no form is kept, and nobody is found by it.
        **{f"{name}_hash": cipher.lookup_hash(practice_id, name, value) for name, value in hashed.items() if value},
        "language": record.language,
        "state": record.state,
        "doctor_hash": hash_doctor(cipher, practice_id, record.doctor),
        "phone_since": record.phone_since,
        "deceased": record.deceased,
        "set_aside": record.set_aside,
        "payer_sealed": cipher.seal(practice_id, "payer", row, record.payer) if record.payer else None,
        "content_hash": cipher.lookup_hash(practice_id, "content", json.dumps([*content, *more])),
    }
