"""Finding a patient by what a caller says, without decrypting anybody.

No answer tells which item failed; a caller who guesses learns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
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
    """``one`` with the patient, ``none``, or ``many``: too many to choose from, so nobody is chosen.

    ``set_aside`` is why a record that was given everything of identifies nobody: ``deceased``, ``inactive`` or
    ``replaced``; ``patient_id`` is then its own. Empty: there is no such record.
    ``nearest`` are the records that fit best of those that fit in what is required: whom a failed try was about.
    """

    kind: Literal["one", "none", "many"]
    patient_id: str | None = None
    set_aside: str = ""
    nearest: tuple[str, ...] = dataclass_field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Kin:
    """Whom a telephone and a record belong together with, by keyed hashes and nothing else.

    ``group`` is the same for the records of one day of birth; None where there is no record. ``on_file``: some patient
    of the practice has the telephone, ``own``: one of the group has.
    """

    group: str | None
    on_file: bool
    own: bool


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
    """The patients whose records are in use and match every item given; none when no item is given."""
    given = {"name": name, "date_of_birth": date_of_birth, "phone": phone, "zip": zip, "mrn": mrn}
    items = {field: said for field, said in given.items() if said is not None}
    hashes = _hashes(cipher, practice_id, items)
    if not items or len(hashes) < len(items):
        return ()
    clauses = [_column(field).in_(wanted) for field, wanted in hashes.items()]
    return tuple(row.id for row in _rows(connection, practice_id, *clauses) if not _why_aside(row))


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
    fitting = [(_fits(row, hashes), row) for row in _rows(connection, practice_id, clause)]
    found = _decide([(fits, row) for fits, row in fitting if len(fits) >= max(need, 1) and required <= fits])
    best = max((len(fits) for fits, _ in fitting), default=0)
    return replace(found, nearest=tuple(row.id for fits, row in fitting if len(fits) == best))


def read_kin(connection: Connection, practice_id: str, phone_hash: str | None, patient_id: str | None) -> Kin:
    """What a telephone and a record have to do with each other. It costs the same whatever they have."""
    birth = select(patient.c.date_of_birth_hash).where(patient.c.id == (patient_id or ""))
    group = connection.execute(birth).scalar() or patient_id
    theirs = select(patient.c.date_of_birth_hash).where(
        patient.c.practice_id == practice_id, patient.c.phone_hash == (phone_hash or "")
    )
    births = connection.execute(theirs).scalars().all()
    return Kin(group, bool(births), group is not None and group in births)


def _decide(fitting: list[tuple[set[str], Row[Any]]]) -> Match:
    best = max((len(fits) for fits, _ in fitting), default=0)
    leading = [row for fits, row in fitting if len(fits) == best]
    dead = [row for row in leading if row.deceased]
    in_use = [row for row in leading if not _why_aside(row)]
    if dead and in_use:  # Whoever gives the items of a twin may be calling about the one who died.
        return Match("many", dead[0].id, _why_aside(dead[0]))
    if not in_use:
        aside = (dead or leading)[:1]
        return Match("none", aside[0].id, _why_aside(aside[0])) if aside else Match("none")
    return Match("one", in_use[0].id) if len(in_use) == 1 else Match("many")


def _why_aside(row: Row[Any]) -> str:
    return "deceased" if row.deceased else row.set_aside or ""


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
    columns = [patient.c[name] for name in ("id", "deceased", "set_aside", *(f"{field}_hash" for field in FIELDS))]
    mine = select(*columns).where(patient.c.practice_id == practice_id, *clauses)
    return connection.execute(mine.order_by(patient.c.id)).all()
