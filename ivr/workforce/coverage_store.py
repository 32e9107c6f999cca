"""The coverage that was computed: begun, kept part by part, finished, read by the page.

Whoever changes anything of one has locked it. A later one replaces those before it when it is finished.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ivr.closures.register import list_standing
from ivr.directory.revisions import current
from ivr.workforce.coverage_parts import Part
from ivr.workforce.tables import coverage, coverage_cause, coverage_part

PAGE = 100
RENEWED_AFTER = timedelta(days=1)

_NEWEST = select(coverage).order_by(coverage.c.number.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Basis:
    """What coverage depends on beside the time: the configuration in force, and which closures stand."""

    revision_id: int
    closures: str


def read_basis(connection: Connection, at: datetime) -> Basis | None:
    """Return what coverage depends on at ``at``, or None before the first configuration."""
    revision = current(connection)
    if revision is None:
        return None
    names = sorted(row.id for row in list_standing(connection, at))
    return Basis(revision, sha256(json.dumps(names).encode()).hexdigest())


def is_current(row: Row[Any] | None, basis: Basis, at: datetime) -> bool:
    """Return whether a coverage is of ``basis`` and younger than a day.

    One from after ``at`` is not: the clock was set back.
    """
    if row is None or (row.revision_id, row.closures) != (basis.revision_id, basis.closures):
        return False
    age: timedelta = at - row.computed_for
    return timedelta() <= age < RENEWED_AFTER


def find_newest(connection: Connection, *, finished: bool = False) -> Row[Any] | None:
    """Return the coverage that was begun last, or the last that was ``finished``."""
    wanted = _NEWEST.where(coverage.c.finished_at.is_not(None)) if finished else _NEWEST
    return connection.execute(wanted).first()


def find_coverage(connection: Connection, coverage_id: str) -> Row[Any] | None:
    """Return a coverage, or None where a later one has replaced it."""
    return connection.execute(select(coverage).where(coverage.c.id == coverage_id)).first()


def lock_coverage(connection: Connection, coverage_id: str) -> Row[Any] | None:
    """Return a coverage, which nobody else changes until the transaction ends."""
    return connection.execute(select(coverage).where(coverage.c.id == coverage_id).with_for_update()).first()


def begin(connection: Connection, coverage_id: str, basis: Basis, at: datetime) -> None:
    """Begin the coverage of ``basis`` from ``at`` on, later than every other."""
    row = {"revision_id": basis.revision_id, "closures": basis.closures, "computed_for": at.replace(microsecond=0)}
    last = connection.execute(select(func.max(coverage.c.number))).scalar() or 0
    connection.execute(insert(coverage).values(id=coverage_id, number=last + 1, **row))


def keep_part(connection: Connection, coverage_id: str, number: int, part: Part, parts: int) -> None:
    """Keep part ``number`` of ``parts``; one that is kept already stays as it is. The coverage is locked."""
    mine = (coverage_part.c.coverage_id == coverage_id) & (coverage_part.c.number == number)
    if connection.execute(select(coverage_part.c.number).where(mine)).first() is None:
        row = {"asked": part.asked, "gaps": part.gaps, "picture": part.picture}
        connection.execute(insert(coverage_part).values(coverage_id=coverage_id, number=number, **row))
    connection.execute(update(coverage).where(coverage.c.id == coverage_id).values(parts=parts))


def count_kept(connection: Connection, coverage_id: str) -> int:
    """Return how many parts of a coverage are kept."""
    mine = select(func.count()).select_from(coverage_part).where(coverage_part.c.coverage_id == coverage_id)
    return connection.execute(mine).scalar_one()


def read_gaps(connection: Connection, coverage_id: str) -> list[dict[str, Any]]:
    """Return the gaps of all parts, in their order."""
    mine = select(coverage_part.c.gaps).where(coverage_part.c.coverage_id == coverage_id)
    kept = connection.execute(mine.order_by(coverage_part.c.number)).scalars()
    return [gap for gaps in kept for gap in gaps or ()]


def finish(connection: Connection, coverage_id: str, gaps: int, causes: Sequence[dict[str, Any]], at: datetime) -> None:
    """Finish a coverage with the causes of its gaps, and forget those before it. Once finished, nothing changes it."""
    rows = {row.id: row for row in connection.execute(select(coverage).order_by(coverage.c.id).with_for_update())}
    if coverage_id not in rows or rows[coverage_id].finished_at is not None:
        return
    told = [{"coverage_id": coverage_id, "number": number, **one} for number, one in enumerate(causes)]
    if told:
        connection.execute(insert(coverage_cause), told)
    mine = coverage_part.c.coverage_id == coverage_id
    asked = connection.execute(select(func.sum(coverage_part.c.asked)).where(mine)).scalar_one()
    connection.execute(update(coverage_part).where(mine).values(gaps=None))
    counts = {"asked": asked, "gaps": gaps, "causes": len(told)}
    connection.execute(update(coverage).where(coverage.c.id == coverage_id).values(finished_at=at, **counts))
    for other in rows.values():
        if other.number < rows[coverage_id].number:
            forget(connection, other.id)


def read_causes(connection: Connection, coverage_id: str, first: int) -> Sequence[Row[Any]]:
    """Return a page of causes, from number ``first`` on."""
    mine = coverage_cause.c.coverage_id == coverage_id, coverage_cause.c.number >= first
    return connection.execute(select(coverage_cause).where(*mine).order_by(coverage_cause.c.number).limit(PAGE)).all()


def read_picture(connection: Connection, coverage_id: str, number: int) -> str | None:
    """Return the heat map of a part, or None where there is no such part."""
    mine = coverage_part.c.coverage_id == coverage_id, coverage_part.c.number == number
    return connection.execute(select(coverage_part.c.picture).where(*mine)).scalar_one_or_none()


def forget(connection: Connection, coverage_id: str) -> None:
    """Forget a coverage, which is locked."""
    for table in (coverage_cause, coverage_part):
        connection.execute(delete(table).where(table.c.coverage_id == coverage_id))
    connection.execute(delete(coverage).where(coverage.c.id == coverage_id))
