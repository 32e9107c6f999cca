"""Professionals who call, and the codes of their organisations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.audit.tables import audit_row
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.professionals import codes
from rehearsals.world import World
from tests.calls.office import Office, Party

BACKLINE = "+12105550119"
LAKESIDE, MERCY = "+12105550131", "+12105550132"
"""The listed numbers."""
CALLER, OTHER = "+12105550188", "+12105550187"
DR_NGUYEN = "+12105550185"
AS_A_LABORATORY = ("2", "2", "5")
"""English, a laboratory, and a key in place of words: whoever is on call is paged, and the code is asked for."""
WRONG, FAILED = "That did not work. Enter", "That did not work either"
RIGHT = "The code is right."


def make(world: World, organisation: str = "lakeside") -> str:
    """The code of a listed organisation, made now."""
    services = world.services
    with services.database.write() as connection:
        return codes.make_code(connection, services.cipher, services.ids, "riverside", organisation, world.now)


def withdraw(world: World, organisation: str = "lakeside") -> None:
    with world.services.database.write() as connection:
        assert codes.withdraw_code(connection, "riverside", organisation)


def other_than(code: str, by: int = 1) -> str:
    """A code that begins as ``code`` does, and is another one without 911 in it."""
    tried = f"{code[:3]}{(int(code[3:]) + by) % 10**6:06}"
    return tried if "911" not in tried else other_than(code, by + 1)


def asked(office: Office, from_: str = CALLER) -> Party:
    """Somebody who is asked for the code of their organisation."""
    caller = office.dialled(to=BACKLINE, from_=from_)
    for key in AS_A_LABORATORY:
        caller.presses(key)
    return caller


def found(office: Office) -> list[str]:
    """What came of each try, the reason why it was refused with it."""
    tried = office.rows(event, event.c.kind == "organisation-code-tried")
    return [f"{row.data['found']} {row.data['refused']}".strip() for row in tried]


def audited(office: Office, action: str) -> list[tuple[str, str | None]]:
    """How each came out, and for which organisation."""
    return [(row.outcome, row.object_id) for row in office.rows(audit_row, audit_row.c.action == action)]


def call_of(office: Office, caller: Party) -> Row[Any]:
    return office.one(call, call.c.id == caller.leg.call_id)
