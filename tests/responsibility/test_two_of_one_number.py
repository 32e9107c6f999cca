"""Two who call from one number are cared for apart, unless the earlier had gone and nothing tells that they are two."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.oncall.tables import escalation
from phonesim import Line
from rehearsals.world import World
from tests.calls.office import BACKLINE, CALLER, CONFIG, NIGHT, Office
from tests.calls.scenes import (
    EMERGENCY,
    LONG_ENOUGH,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    run,
    until_it_rings,
)

OTHER = "+13125550177"


def emergency(world: World) -> Line:
    """Somebody of the one number has told of a red flag, and a clinician is being paged."""
    caller = goes_on(world, dial(world), EMERGENCY)
    run(world, 4)
    return caller


def called_back(world: World) -> tuple[Line, Line]:
    """Their line has dropped, and the clinician who accepted is on the line with them; the patient's and their line."""
    emergency(world).hang_up()
    run(world, 5)
    clinician = goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    patient = goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    return patient, clinician


def nurse(world: World, words: str) -> Line:
    """A hospital's nurse tells on the backline what they call about."""
    line = goes_on(world, dial(world, to=BACKLINE), ("1", "1", words))
    run(world, 4)
    return line


def are_apart(world: World) -> bool:
    """Whether every call is its own story, after the minute's round too."""
    world.advance_to(world.now + timedelta(seconds=90))
    carry_out_due_rounds(world.services)
    run(world, 5)
    return not Office(world).rows(event, event.c.kind == "continued-in")


def test_a_patient_who_is_called_back_is_not_hung_up_by_another_caller_of_their_number(any_world: World) -> None:
    patient, clinician = called_back(any_world)
    run(any_world, 5)
    other = goes_on(any_world, dial(any_world), ("1", "1"))
    run(any_world, LONG_ENOUGH)
    assert (patient.state, CALLER in clinician.connected_to) == ("in-progress", True)
    assert Office(any_world).rows(promise)[0].state == "kept"
    assert other.state == "in-progress"


def test_whoever_called_while_the_patient_was_called_back_stays_another_one(world: World) -> None:
    patient, clinician = called_back(world)
    other = dial(world)
    patient.hang_up()
    clinician.hang_up()
    goes_on(world, other, EMERGENCY)
    assert are_apart(world)
    assert [row.state in ("open", "working") for row in Office(world).rows(promise)] == [True]


def test_whoever_calls_while_their_phone_only_rings_is_brought_to_whoever_rings_it(world: World) -> None:
    emergency(world).hang_up()
    run(world, 5)
    goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    goes_on(world, dial(world), ("1", "1"))
    run(world, 5)
    assert len(Office(world).rows(event, event.c.kind == "continued-in")) == 1
    assert Office(world).rows(leg, leg.c.role == "patient")[0].state == "ended"


def test_two_nurses_of_one_ward_are_two(world: World) -> None:
    nurse(world, "patient of bed four critical potassium").hang_up()
    run(world, 30)
    nurse(world, "patient of bed nine has low blood pressure")
    assert are_apart(world)
    assert Office(world).rows(promise)[0].state in ("open", "working")
    assert [row.state for row in Office(world).rows(escalation)] == ["paging", "paging"]


def test_two_calls_that_were_on_the_line_at_once_are_two(world: World) -> None:
    one, other = emergency(world), emergency(world)
    one.hang_up()
    assert are_apart(world)
    assert other.state == "in-progress"


def test_two_callers_of_a_number_that_is_known_to_be_shared_are_two(tmp_path: Path) -> None:
    folder = shutil.copytree(CONFIG, tmp_path / "config")
    file = folder / "practices" / "maple.yaml"
    shared = f'identity:\n  shared_telephones: ["{CALLER}"]\n'
    file.write_text(file.read_text().replace("identity:\n", shared, 1))
    with World(folder, NIGHT) as world:
        emergency(world).hang_up()
        run(world, 30)
        emergency(world)
        assert are_apart(world)


def test_another_number_that_the_earlier_caller_gave_is_still_rung(world: World) -> None:
    emergency(world).hang_up()
    run(world, 5)
    office = Office(world)
    given = office.services.cipher.lookup_hash(office.rows(call)[0].practice_id, "phone", OTHER)
    with office.services.database.write() as connection:
        connection.execute(update(promise).values(number_hash=given))
    emergency(world)
    assert are_apart(world)
    assert office.one(promise).state in ("open", "working")
