"""Somebody's word that the patient was reached: not taken while they wait on the line and talk with nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callflows.lifecycles.tables import PAGE
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.tables import call
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import BeginAgain, Work, in_transaction
from ivr.oncall.tables import escalation, page
from ivr.responsibility import outcomes
from ivr.responsibility.outcomes import Taken
from ivr.responsibility.tables import responsibility
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import CALLER, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    run,
    said_to,
    talking,
    until_it_rings,
)
from tests.web.line import PIN
from tests.web.line import Line as Installation

WAITS = "The caller is on the line and waits: somebody must talk with them first"


def emergency(world: World) -> Line:
    """Somebody has told of a red flag and waits, and a clinician is being paged."""
    caller = goes_on(world, dial(world), EMERGENCY)
    run(world, 4)
    return caller


def report(world: World, outcome: str = outcomes.TALKED) -> Taken:
    """Somebody's word on the one call."""
    about = Office(world).one(call)
    return in_transaction(world.services, lambda work: outcomes.report_contact(work, about.id, "olga", outcome))


def is_open(world: World) -> bool:
    """Whether somebody still waits for contact."""
    return Office(world).one(responsibility).state != "closed"


@pytest.mark.parametrize("outcome", outcomes.OUTCOMES)
def test_nothing_stops_for_a_caller_who_waits_on_the_line(any_world: World, outcome: str) -> None:
    caller = emergency(any_world)
    assert report(any_world, outcome) is Taken.WAITS
    assert (Office(any_world).one(escalation).state, is_open(any_world)) == ("paging", True)
    joined(any_world, clinician_accepts(any_world), CALLER)
    assert caller.state == "in-progress"


def test_a_clinician_who_was_cut_off_from_a_caller_who_stays_has_not_reached_them(world: World) -> None:
    caller = emergency(world)
    clinician = clinician_accepts(world)
    joined(world, clinician, CALLER)
    run(world, 12)
    clinician.hang_up()
    run(world, 5)
    assert report(world) is Taken.WAITS
    until_it_rings(world, DR_LEE)
    assert "in-progress" in caller.state


def test_it_is_taken_while_they_talk(world: World) -> None:
    emergency(world)
    joined(world, clinician_accepts(world), CALLER)
    run(world, 5)
    assert report(world) is Taken.TAKEN
    assert Office(world).one(responsibility).state == "contacted"


def test_a_caller_on_hold_waits(world: World) -> None:
    _caller, agent = talking(world)
    agent.press("*")
    goes_on(world, agent, ("6",))
    clinician_accepts(world)
    run(world, 10)
    assert report(world) is Taken.WAITS


def test_it_is_taken_once_the_line_is_over_and_while_the_patient_is_rung(world: World) -> None:
    emergency(world).hang_up()
    run(world, 5)
    goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    assert report(world) is Taken.TAKEN
    assert Office(world).one(promise).closed_as == "reported"
    assert report(world) is Taken.OVER


def test_a_patient_who_picked_up_and_is_not_joined_yet_waits(world: World) -> None:
    emergency(world).hang_up()
    run(world, 5)
    goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    patient = world.net.phone(CALLER).answer()
    run(world, 2)
    assert report(world) is Taken.WAITS
    assert said_to(patient)


@pytest.mark.parametrize("outcome", outcomes.OUTCOMES)
def test_a_supervisor_reads_why_their_word_was_not_taken(line: Installation, outcome: str) -> None:
    call_id, browser = line.ill_caller(), line.client("supervisor")
    browser.post(f"/open-care/{call_id}/{outcome}", form="/open-care")
    assert WAITS in browser.get("/open-care").get_data(as_text=True)
    assert line.one(escalation).state == "paging"
    assert ("supervisor", "open-care.report", "refused") in line.trail()


def test_a_supervisors_word_is_taken_where_others_were_in_the_way_at_first(
    line: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_id, browser = line.ill_caller(), line.client("supervisor")
    with line.work() as work:
        legs.lock_call(work, call_id)
        for row in legs.list_living(work, call_id, "caller"):
            legs.note_status(work, row.id, "completed", None)
    line.clock.advance(timedelta(minutes=1))
    real, tries = outcomes.report_contact, []

    def meet_others(work: Work, of: str, by: str, outcome: str) -> Taken:
        tries.append(of)
        if len(tries) == 1:
            raise BeginAgain({of})
        return real(work, of, by, outcome)

    monkeypatch.setattr(outcomes, "report_contact", meet_others)
    assert browser.post(f"/open-care/{call_id}/{outcomes.TALKED}", form="/open-care").status_code == 303
    assert (tries, line.one(responsibility).state) == ([call_id] * 2, "closed")
    assert [one[1:] for one in line.trail()].count(("open-care.report", "ok")) == 1


def test_a_word_on_a_call_that_is_not_there_is_refused_and_noted(line: Installation) -> None:
    call_id, browser = line.ill_caller(), line.client("supervisor")
    assert browser.post("/open-care/nothing/talked", form="/open-care").status_code == 404
    assert browser.post(f"/open-care/{call_id}/nothing", form="/open-care").status_code == 404
    assert [one[1:] for one in line.trail()].count(("open-care.report", "unknown")) == 2
    assert line.one(escalation).state == "paging"


def test_a_clinician_reads_why_their_word_was_not_taken(line: Installation) -> None:
    call_id = line.ill_caller()
    paged = line.one(page)
    path, browser = f"/oncall/{paged.token}", line.client()
    browser.post(path, pin=PIN)
    with line.work() as work:
        legs.lock_call(work, call_id)
        fire(work, PAGE, page, paged.id, "accept")
    browser.post(f"{path}/talked", form=path)
    assert WAITS in browser.get(path).get_data(as_text=True)
    assert line.one(responsibility).state != "closed"
