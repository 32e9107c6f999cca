"""Whose records may be meant by what a caller said: few of them, found by keyed hashes before anything is decrypted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, func, literal, select, union_all

from callflows.identity import Held, Said, read_dates, read_digits, sound_keys
from ivr.core.cipher import Cipher, name_row
from ivr.patients.normalise import NORMALISERS
from ivr.patients.sounds import hash_sound
from ivr.patients.tables import SOUND, patient, patient_key
from ivr.privacy.errors import SealBroken

logger = structlog.get_logger(__name__)

FIELD_OF = {"phone_on_file": "phone"}
"""Words of the configuration that differ from those of the table."""
MOST = 40
"""Records that are decrypted for one caller."""
MOST_READINGS = 12
"""Ways to read one item that are looked up."""
WORTH = {"date_of_birth": 16, "mrn": 16, "phone": 16, "name": 2, SOUND: 1, "zip": 1}
"""How much sharing a key says of a record: few share a date of birth, thousands a ZIP code or how a name sounds.

All that a name and a ZIP code can share together stays below any one of the others.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that shares something with what was said. ``aside`` is why nobody is recognised by it, or empty."""

    id: str
    aside: str
    held: Held = field(repr=False)


class TooMany(Exception):
    """More records share as much as any than may be looked into."""


def find_candidates(
    connection: Connection, cipher: Cipher, practice_id: str, said: Mapping[str, Sequence[Said]], language: str
) -> tuple[Candidate, ...]:
    """The records that share most with what was said, at most ``MOST``, and those alone are decrypted.

    Whoever shares less than all of these is left out. Raises TooMany where that would be nobody's choice.
    """
    shared = _sharing(practice_id, _hashes(cipher, practice_id, said, language))
    if not shared:
        return ()
    worth = _worth_by_record(connection, shared)
    ids = [record for record, _ in worth[:MOST]]
    if len(worth) > MOST:
        ids = [record for record, much in worth if much > worth[MOST][1]]
        if not ids:
            raise TooMany
    columns = [patient.c[name] for name in ("id", "practice_id", "external_id_hash", "deceased", "set_aside")]
    sealed = [patient.c[f"{FIELD_OF.get(item, item)}_sealed"] for item in said]
    rows = connection.execute(select(*columns, *sealed).where(patient.c.id.in_(ids)).order_by(patient.c.id))
    return tuple(Candidate(row.id, _why_aside(row), _opened(cipher, row, said)) for row in rows)


def _worth_by_record(connection: Connection, shared: Sequence[Select[Any]]) -> list[tuple[str, int]]:
    every = union_all(*shared).subquery()
    worth = func.sum(every.c.worth)
    most = select(every.c.id, worth).group_by(every.c.id).order_by(worth.desc(), every.c.id).limit(MOST + 1)
    return [(row[0], int(row[1])) for row in connection.execute(most)]


def _sharing(practice_id: str, hashes: Mapping[str, Sequence[str]]) -> list[Select[Any]]:
    """One statement for each item: who shares a hash of it, and how much that says."""
    return [
        _sharing_sounds(practice_id, wanted)
        if name == SOUND
        else select(patient.c.id, literal(WORTH[name]).label("worth")).where(
            patient.c.practice_id == practice_id, patient.c[f"{name}_hash"].in_(wanted)
        )
        for name, wanted in hashes.items()
    ]


def _sharing_sounds(practice_id: str, wanted: Sequence[str]) -> Select[Any]:
    return select(patient_key.c.patient_id.label("id"), literal(WORTH[SOUND]).label("worth")).where(
        patient_key.c.practice_id == practice_id, patient_key.c.key_hash.in_(wanted)
    )


def _hashes(
    cipher: Cipher, practice_id: str, said: Mapping[str, Sequence[Said]], language: str
) -> dict[str, tuple[str, ...]]:
    """The keyed hashes of every way to read each item; none of what cannot be read."""
    found: dict[str, tuple[str, ...]] = {}
    for item, answers in said.items():
        name = FIELD_OF.get(item, item)
        forms = _first(form for answer in answers for form in READ[item](answer, language))
        found[name] = tuple(cipher.lookup_hash(practice_id, name, form) for form in forms)
        if item == "name":
            sounds = _first(sound for answer in answers for heard in answer for sound in sound_keys(heard))
            found[SOUND] = tuple(hash_sound(cipher, practice_id, sound) for sound in sounds)
    return {name: hashes for name, hashes in found.items() if hashes}


def _first(forms: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in forms if form))[:MOST_READINGS]


def _names(answer: Said, _language: str) -> Iterator[str | None]:
    return map(NORMALISERS["name"], answer)


def _dates(answer: Said, language: str) -> Iterator[str | None]:
    yield from map(NORMALISERS["date_of_birth"], answer)
    yield from map(NORMALISERS["date_of_birth"], read_dates(answer, language))


def _zips(answer: Said, language: str) -> Iterator[str | None]:
    yield from map(NORMALISERS["zip"], answer)
    yield from map(NORMALISERS["zip"], read_digits(answer, language))


def _record_numbers(answer: Said, language: str) -> Iterator[str | None]:
    yield from map(NORMALISERS["mrn"], answer)
    yield from map(NORMALISERS["mrn"], read_digits(answer, language))


def _phones(answer: Said, language: str) -> Iterator[str | None]:
    yield from map(NORMALISERS["phone"], answer)
    yield from map(NORMALISERS["phone"], read_digits(answer, language))


READ: Mapping[str, Callable[[Said, str], Iterator[str | None]]] = {
    "name": _names,
    "date_of_birth": _dates,
    "zip": _zips,
    "mrn": _record_numbers,
    "phone_on_file": _phones,
}
"""By item: every form that an answer can mean, as the table hashes it."""


def _why_aside(row: Row[Any]) -> str:
    return "deceased" if row.deceased else row.set_aside or ""


def _opened(cipher: Cipher, row: Row[Any], items: Iterable[str]) -> Held:
    return Held(**{item: _open_item(cipher, row, FIELD_OF.get(item, item)) for item in items})


def _open_item(cipher: Cipher, row: Row[Any], name: str) -> str:
    """What a record holds of a field, in the form in which items are compared; empty for what is damaged, and
    for what stands for nothing.
    """
    sealed = row._mapping[f"{name}_sealed"]
    if sealed is None:
        return ""
    try:
        value = cipher.open(row.practice_id, name, name_row(patient, row.external_id_hash), sealed)
    except SealBroken:
        # The caller is not recognised by it and goes on to a person; the check of sealed values finds it too.
        logger.error("patient_item_damaged", patient=row.id, field=name)
        return ""
    form = NORMALISERS[name](value) or ""
    return value if form and name == "name" else form
