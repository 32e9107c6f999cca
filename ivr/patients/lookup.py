"""Finding a patient by what a caller says, without decrypting anybody.

No answer tells which item failed; a caller who guesses learns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from ivr.core.cipher import Cipher
from ivr.patients.normalise import NORMALISERS
from ivr.patients.tables import FIELDS, patient

Said = str | Sequence[str]
"""What a caller said; several when the speech engine offers alternatives."""

_FIELD_OF = {"phone_on_file": "phone"}


@dataclass(frozen=True, slots=True)
class Match:
    """``one`` with the patient, ``none``, or ``many``: too many to choose from, so nobody is chosen."""

    kind: Literal["one", "none", "many"]
    patient_id: str | None = None


def find(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    *,
    name: Said | None = None,
    date_of_birth: Said | None = None,
    phone: Said | None = None,
    zip: Said | None = None,
    mrn: Said | None = None,
) -> tuple[str, ...]:
    """The living patients who match every item given; none when no item is given."""
    given = {"name": name, "date_of_birth": date_of_birth, "phone": phone, "zip": zip, "mrn": mrn}
    items = {field: said for field, said in given.items() if said is not None}
    hashes = _hashes(cipher, practice_id, items)
    if not items or len(hashes) < len(items):
        return ()
    clauses = [_column(field).in_(wanted) for field, wanted in hashes.items()]
    return tuple(row.id for row in _rows(connection, practice_id, *clauses))


def matches(
    connection: Connection,
    cipher: Cipher,
    practice_id: str,
    items: Mapping[str, Said],
    need: int,
    require: Sequence[str] = (),
) -> Match:
    """Whom ``items`` fit: at least ``need`` of them, all of ``require`` among these.

    Items are named as in a practice's ``identity``. Where several patients fit, the one who fits more items than any
    other is taken; otherwise the answer is ``many``, and another item or a person must decide.
    """
    hashes = _hashes(cipher, practice_id, {_FIELD_OF.get(name, name): said for name, said in items.items()})
    required = {_FIELD_OF.get(name, name) for name in require}
    if not hashes or not required <= hashes.keys():
        return Match("none")
    clause = or_(*(_column(field).in_(hashes[field]) for field in (required or hashes)))
    fitting = [(_fits(row, hashes), row.id) for row in _rows(connection, practice_id, clause)]
    return _decide([(fits, who) for fits, who in fitting if len(fits) >= max(need, 1) and required <= fits])


def _decide(fitting: list[tuple[set[str], str]]) -> Match:
    if not fitting:
        return Match("none")
    best = max(len(fits) for fits, _ in fitting)
    leading = [who for fits, who in fitting if len(fits) == best]
    return Match("one", leading[0]) if len(leading) == 1 else Match("many")


def _fits(row: Row[Any], hashes: Mapping[str, Sequence[str]]) -> set[str]:
    return {field for field, wanted in hashes.items() if getattr(row, f"{field}_hash") in wanted}


def _hashes(cipher: Cipher, practice_id: str, items: Mapping[str, Said]) -> dict[str, list[str]]:
    """The hashes of each item that can be read."""
    found: dict[str, list[str]] = {}
    for field, said in items.items():
        forms = (NORMALISERS[field](one) for one in ([said] if isinstance(said, str) else said))
        hashes = [cipher.lookup_hash(practice_id, field, form) for form in dict.fromkeys(forms) if form is not None]
        if hashes:
            found[field] = hashes
    return found


def _column(field: str) -> ColumnElement[str]:
    return patient.c[f"{field}_hash"]


def _rows(connection: Connection, practice_id: str, *clauses: ColumnElement[bool]) -> Sequence[Row[Any]]:
    columns = [patient.c.id, *(patient.c[f"{field}_hash"] for field in FIELDS)]
    living = select(*columns).where(patient.c.practice_id == practice_id, patient.c.deceased.is_(False), *clauses)
    return connection.execute(living.order_by(patient.c.id)).all()
