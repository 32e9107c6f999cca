"""Numbers of clinicians that a new configuration has changed: the old number is told, once, and goes on ringing.

Whoever can change the configuration could otherwise have the pages of a practice ring at a telephone of theirs, and
nobody would know before a patient needed somebody. For ``old_numbers_for`` the old telephone is rung second, before the
second number that is written, and the old number is texted too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ivr.core.database import take_turn
from ivr.core.ids import Ids
from ivr.directory.organisation import Organisation
from ivr.directory.people import OnCallPerson
from ivr.oncall.tables import changed_number
from routing.contact import ContactNumbers


@dataclass(frozen=True, slots=True)
class OldNumber:
    """A number in whose place others have come, and what it was for."""

    person: str
    number: str
    rung: bool
    texted: bool


def list_old_numbers(old: Organisation, new: Organisation) -> Iterator[OldNumber]:
    """The old numbers of everybody who is reached otherwise than before. Whoever leaves is told of nothing.

    Those that are rung, or texted, no more; where others have only come beside them, or their times have changed, the
    usual one.
    """
    for name in sorted(old.people.keys() & new.people.keys()):
        before, after = old.people[name], new.people[name]
        told = told_by_text = frozenset[str]()
        if before.ways("voice", "second") != after.ways("voice", "second"):
            told = (before.rung - after.rung) or frozenset({before.voice})
        if before.ways("text") != after.ways("text"):
            told_by_text = (before.texted - after.texted) or frozenset(filter(None, [before.sms]))
        for number in sorted(told | told_by_text):
            yield OldNumber(name, number, number in told, number in told_by_text)


def note_changes(
    connection: Connection, ids: Ids, old: Organisation, new: Organisation, at: datetime
) -> list[OldNumber]:
    """Keep the old numbers of a new configuration; those of a change that it undoes are over. Returns the old ones.

    Nobody rings what an undone change had brought. A number that was told within its time is not told again, however
    often it is changed.
    """
    take_turn(connection, "numbers")
    known = connection.execute(select(changed_number).order_by(changed_number.c.id).with_for_update()).all()
    undone = {row.id: row.person_id for row in known if row.until > at and _is_undone(row, new)}
    connection.execute(update(changed_number).where(changed_number.c.id.in_(undone)).values(until=at, told=True))
    forgotten = [row.id for row in known if max(row.until, row.changed_at + new.old_numbers_for) <= at]
    connection.execute(delete(changed_number).where(changed_number.c.id.in_(forgotten)))
    there = {(row.person_id, row.number): row.id for row in known if row.id not in forgotten}
    found = list(list_old_numbers(old, new))
    for one in found:
        used = one if one.person not in undone.values() else replace(one, rung=False, texted=False)
        kept = {"until": at + new.old_numbers_for, "before": _digest(old.people[one.person])}
        _keep(connection, used, there.get((one.person, one.number)), {"id": ids(), "changed_at": at, **kept})
    return found


def _keep(connection: Connection, one: OldNumber, there: str | None, new: dict[str, Any]) -> None:
    """Keep an old number in its row, where it has one already, and else in a ``new`` one, which nobody was told of."""
    used = {"rung": one.rung, "texted": one.texted}
    if there is None:
        row = {"person_id": one.person, "number": one.number, "told": False, **used, **new}
        connection.execute(insert(changed_number).values(row))
    else:
        kept = {"until": new["until"], "before": new["before"], **used}
        connection.execute(update(changed_number).where(changed_number.c.id == there).values(kept))


def _is_undone(row: Row[Any], new: Organisation) -> bool:
    person = new.people.get(row.person_id)
    return person is not None and bool(row.before == _digest(person))


def _digest(person: OnCallPerson) -> str:
    """By which it is known that somebody is reached as they were before a change."""
    return sha256(repr(person.ways("voice", "text", "second")).encode()).hexdigest()


def with_old_numbers(
    connection: Connection, person_id: str, numbers: ContactNumbers, at: datetime
) -> tuple[ContactNumbers, str | None]:
    """The numbers, where an old telephone is second, and where a text goes besides, if anywhere.

    Of several the one that was changed first: it has stood longest.
    """
    cooling = select(changed_number).where(
        changed_number.c.person_id == person_id, changed_number.c.changed_at <= at, changed_number.c.until > at
    )
    rows = connection.execute(cooling.order_by(changed_number.c.changed_at, changed_number.c.number)).all()
    rung = next((row.number for row in rows if row.rung and row.number != numbers.voice), None)
    texted = next((row.number for row in rows if row.texted and row.number != numbers.text), None)
    return (numbers if rung is None else replace(numbers, second=rung)), texted
