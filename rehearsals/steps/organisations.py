"""Codes of listed organisations."""

from __future__ import annotations

from ivr.professionals import codes
from ivr.professionals.listing import list_listed
from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step


@step("code is made for", reading.person)
def code_is_made(stage: Stage, asked: Step) -> None:
    """A listed organisation gets its code, or another one in its place."""
    services, practice = stage.world.services, _practice(stage, asked.value)
    with services.database.write() as connection:
        made = codes.make_code(connection, services.cipher, services.ids, practice, asked.value, stage.world.now)
    stage.organisation_codes[asked.value] = made


@step("code is withdrawn from", reading.person)
def code_is_withdrawn(stage: Stage, asked: Step) -> None:
    """The code of a listed organisation is good no more, at once."""
    with stage.world.services.database.write() as connection:
        if not codes.withdraw_code(connection, _practice(stage, asked.value), asked.value):
            raise Unmet(f"{asked.value} to have a code", "it has none")


def _practice(stage: Stage, organisation: str) -> str:
    found = [practice for practice, name, _ in list_listed(stage.world.organisation) if name == organisation]
    if not found:
        raise Unmet(f"{organisation} to be listed by a practice", "none lists it")
    return found[0]
