"""Sealing representatives: the long part of an import, done before any transaction is open."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ivr.core.cipher import Cipher, name_row
from ivr.patients.normalise import NORMALISERS, stands_for_nothing
from ivr.patients.representatives.records import RepresentativeRecord
from ivr.patients.representatives.tables import FIELDS, representative

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealedRepresentative:
    """One ready to be stored for the patient whose own id has this hash."""

    represents_hash: str
    values: Values = field(repr=False)


def hash_id(cipher: Cipher, practice_id: str, external_id: str) -> str:
    """The keyed hash of a representative's own id, which says nothing of a patient with the same id."""
    return cipher.lookup_hash(practice_id, "representative_id", external_id)


def seal_representatives(
    cipher: Cipher, practice_id: str, records: Iterable[RepresentativeRecord]
) -> tuple[SealedRepresentative, ...]:
    """Encrypt and hash ``records``."""
    return tuple(
        SealedRepresentative(
            cipher.lookup_hash(practice_id, "external_id", record.represents), _sealed(cipher, practice_id, record)
        )
        for record in records
    )


def _sealed(cipher: Cipher, practice_id: str, record: RepresentativeRecord) -> Values:
    external = hash_id(cipher, practice_id, record.external_id)
    row = name_row(representative, external)
    hashed = {name: NORMALISERS[name](value) for name, value in record.values.items()}
    seen_by = record.proof_seen_by
    return {
        "practice_id": practice_id,
        "external_id_hash": external,
        **{f"{name}_sealed": None for name in FIELDS},
        **{f"{name}_hash": None for name in FIELDS},
        **{f"{name}_sealed": cipher.seal(practice_id, name, row, value) for name, value in record.values.items()},
        # What has no form is kept, and nobody is found by it.
        **{f"{name}_hash": cipher.lookup_hash(practice_id, name, value) for name, value in hashed.items() if value},
        **_plain(record),
        "proof_seen_by_sealed": cipher.seal(practice_id, "proof_seen_by", row, seen_by) if seen_by else None,
        "content_hash": cipher.lookup_hash(practice_id, "content", _content(record)),
    }


def _plain(record: RepresentativeRecord) -> Values:
    return {
        "relation": record.relation,
        "scope": None if record.scope is None else " ".join(record.scope),
        "proof": record.proof,
        "proof_seen_on": record.proof_seen_on,
        "starts_on": record.starts_on,
        "ends_on": record.ends_on,
        "denied": record.denied,
        "active": record.active,
    }


def _content(record: RepresentativeRecord) -> str:
    written = {**record.values, "represents": record.represents, "proof_seen_by": record.proof_seen_by}
    plain = {name: value and str(value) for name, value in _plain(record).items()}
    # Rows of a release that recognised people by such values are written anew.
    nothing = [f"nothing: {name}" for name, value in record.values.items() if stands_for_nothing(name, value)]
    return json.dumps([written, plain, *nothing], sort_keys=True)
