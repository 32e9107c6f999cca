"""How far a professional has proved for which organisation they call: looked up anew whenever somebody is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.calls.configuration import call_row
from ivr.calls.tables import leg as leg_table
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.directory.schema.backline import ListedOrganisation
from ivr.professionals.codes import is_standing
from ivr.professionals.listing import listed_of
from ivr.professionals.tables import listed_caller

FLOW = "backline"
NONE, CODE, RINGS, UNANSWERED, REACHED = "none", "code", "rings", "unanswered", "reached"


@dataclass(frozen=True, slots=True)
class Proof:
    """``how`` is empty where the question does not arise, or none, code, rings, unanswered or reached.

    ``organisation`` is the name of the one whose code was right.
    """

    how: str = ""
    organisation: str = ""

    def as_fact(self) -> dict[str, str]:
        """The same as a flow is told it."""
        return {"proof": self.how, "organisation": self.organisation}


@dataclass(frozen=True, slots=True)
class Given:
    """A code that was right and still is, and of which organisation, as it is listed now."""

    row: Row[Any]
    organisation: ListedOrganisation


def find_given(connection: Connection, call_id: str, organisation: Organisation) -> Given | None:
    """What whoever calls gave; None where nothing was, the code was withdrawn, or its organisation is not listed."""
    row = connection.execute(select(listed_caller).where(listed_caller.c.call_id == call_id)).first()
    if row is None or not is_standing(connection, row.code_id):
        return None
    listed = listed_of(organisation, row.practice_id).get(row.listed_id)
    return Given(row, listed) if listed is not None else None


def read_proof(connection: Connection, about: Row[Any]) -> Proof:
    """How far whoever called has proved for whom, by what stands now."""
    organisation = load(connection)
    if not listed_of(organisation, about.practice_id) or not is_backline(connection, about.id):
        return Proof()
    given = find_given(connection, about.id, organisation)
    if given is None:
        return Proof(NONE)
    return Proof(_how(connection, given.row), given.organisation.name)


def read_proof_then(connection: Connection, about: Row[Any], organisation: Organisation) -> Proof:
    """The same by what stood then, for the record: a code that was withdrawn since was right when it was given."""
    listed = listed_of(organisation, about.practice_id)
    if not listed or not is_backline(connection, about.id):
        return Proof()
    row = connection.execute(select(listed_caller).where(listed_caller.c.call_id == about.id)).first()
    if row is None:
        return Proof(NONE)
    return Proof(_how(connection, row), listed[row.listed_id].name if row.listed_id in listed else row.listed_id)


def caller_proof(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """The same as a clinician's flow asks for it."""
    return read_proof(work.connection, call_row(work, leg.call_id)).as_fact()


def _how(connection: Connection, row: Row[Any]) -> str:
    if row.reached_at is not None:
        return REACHED
    if row.leg_id is None:
        return CODE
    rung = connection.execute(select(leg_table).where(leg_table.c.id == row.leg_id)).one()
    return UNANSWERED if rung.state == "ended" or rung.outcome is not None else RINGS


def is_backline(connection: Connection, call_id: str) -> bool:
    """Whether a call came on the line for professionals."""
    on_it = select(leg_table.c.id).where(leg_table.c.call_id == call_id, leg_table.c.flow == FLOW)
    return connection.execute(on_it.limit(1)).first() is not None
