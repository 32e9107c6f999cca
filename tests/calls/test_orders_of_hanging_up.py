"""Nobody is left between two people: whoever hangs up, in whatever order, while a clinician is brought in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from callflows.lifecycles.tables import TRANSFER
from ivr.callbacks.tables import promise
from ivr.oncall.tables import escalation, transfer
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE, Office
from tests.calls.scenes import (
    DR_LEE,
    LONG_ENOUGH,
    clinician_accepts,
    clinician_page_heard,
    consult,
    goes_on,
    joined,
    run,
    said_to,
    talking,
)
from tests.conftest import thorough

People = dict[str, Line]
LONGEST_SILENCE = 20
"""Seconds that somebody who is alone may hear nothing."""
NEAR = ("caller", "agent", "clinician")


def asked(world: World) -> People:
    """The clinician has heard what it is about and not decided; agent and caller talk."""
    caller, agent = consult(world)
    clinician = clinician_page_heard(world)
    joined(world, agent, CALLER)
    return {"caller": caller, "agent": agent, "clinician": clinician}


def alone(world: World) -> People:
    """Agent and clinician speak alone, and the caller is held."""
    caller, agent = talking(world)
    agent.press("*")
    goes_on(world, agent, ("6",))
    clinician = clinician_accepts(world)
    joined(world, agent, DR_LEE)
    return {"caller": caller, "agent": agent, "clinician": clinician}


def accepted(world: World) -> People:
    """The three have just been joined."""
    caller, agent = consult(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    return {"caller": caller, "agent": agent, "clinician": clinician}


def bridged(world: World) -> People:
    """The three have talked."""
    people = accepted(world)
    run(world, LONG_ENOUGH)
    return people


def everything() -> list[object]:
    """Each state with each order of hanging up: some quickly, the others thoroughly."""
    quick = [(state, order) for state in (asked, alone, accepted, bridged) for order in permutations(NEAR)]
    return [one if number % 3 == 0 else thorough(*one) for number, one in enumerate(quick)]


@pytest.mark.parametrize(("state", "order"), everything())
def test_nobody_is_left_in_silence_and_what_is_owed_is_cared_for(
    world: World, state: Callable[[World], People], order: tuple[str, ...]
) -> None:
    people, company = state(world), dict[str, datetime]()
    for who in order:
        if people[who].state == "in-progress":
            people[who].hang_up()
        for _ in range(8):
            run(world, 2)
            need_company(world, people, company)
    assert world.advance(lambda: all(line.state == "completed" for line in people.values()), timedelta(minutes=2))
    office = Office(world)
    cared_for = office.rows(promise, promise.c.state.in_(("open", "working"))) or office.rows(
        escalation, escalation.c.state == "paging"
    )
    how = office.one(transfer).state
    assert how in (*TRANSFER.ends, "asked")
    assert bool(cared_for) == (how != "completed"), "a clinician is owed exactly where they have not talked"
    assert how == "completed" or state is not bridged


def need_company(world: World, people: People, company: dict[str, datetime]) -> None:
    """Nobody who is on the line and alone has heard nothing for too long, since they last had company."""
    for who, line in people.items():
        if line.state != "in-progress" or line.connected_to:
            company[who] = world.now
            continue
        heard = [sound.until or world.now for sound in line.heard if sound.kind != "silence"]
        quiet = (world.now - max(*heard, company.get(who, world.now))).total_seconds()
        assert quiet <= LONGEST_SILENCE, f"{who} is alone and has heard nothing for {quiet} s"


def test_nobody_but_the_practice_shows_on_the_patients_telephone(world: World) -> None:
    """A clinician has the patient rung, and never from their own number."""
    people = asked(world)
    people["caller"].hang_up()
    people["agent"].hang_up()
    run(world, 1)
    goes_on(world, people["clinician"], ("1", "1"))
    assert world.advance(lambda: world.net.phone(CALLER).ringing, timedelta(minutes=1))
    shown = [entry.detail["from_"] for entry in world.net.trace if (entry.kind, entry.who) == ("ring", CALLER)]
    assert shown == [MAPLE]
    assert DR_LEE not in said_to(people["caller"])
