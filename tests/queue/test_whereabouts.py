"""Where the patient is, from what the caller answers to who is asked, paged and told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from ivr.calls.configuration import NO_PRACTICE, call_row
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.calls.whereabouts import describe_whereabouts, state_elsewhere
from ivr.core.unit_of_work import Work, transaction
from ivr.oncall.tables import escalation
from ivr.queue import routing_request
from ivr.queue.entries import enqueue, entry
from ivr.queue.estimates import _ahead
from ivr.queue.tables import decision
from rehearsals.provisioning import PIN
from rehearsals.world import World
from tests.calls.office import NIGHT
from tests.calls.scenes import dial, goes_on, ringing, run, said_to, until_it_rings
from tests.directory.conftest import Folder, folder

__all__ = ["folder"]

JOY = "+13125550171"
LEE, OKAFOR = "+13125550181", "+13125550182"
ILL = ("1", "1", "my knee hurts", "4", "2", *("2",) * 11)
"""English, a nurse, a complaint, an adult who is not pregnant, and no to every question of the screening."""


def only_call(world: World) -> Row[Any]:
    with world.services.database.read() as connection:
        return connection.execute(select(call)).one()


def newest_decision(world: World) -> Row[Any]:
    with world.services.database.read() as connection:
        row = connection.execute(select(decision).order_by(decision.c.id.desc())).first()
    assert row is not None
    return row


def said(work: Work, state: str | None) -> Row[Any]:
    """The only call, of a patient in this state."""
    work.connection.execute(update(call).values(patient_state=state))
    return call_row(work, work.connection.execute(select(call.c.id)).scalar_one())


def need(work: Work, call_id: str, service: str) -> Any:
    enqueue(work, call_id, service, "en-US", "routine")
    row = entry(work, call_id)
    assert row is not None
    return routing_request.build(work, row).question.need


def test_a_nurse_licensed_by_the_compact_is_offered_a_patient_in_another_state(any_world: World) -> None:
    line = goes_on(any_world, dial(any_world), (*ILL, "2", "53703", "1"))
    until_it_rings(any_world, JOY)
    assert only_call(any_world).patient_state == "WI"
    assert newest_decision(any_world).answer["need"]["patient_state"] == "WI"
    line.hang_up()


def test_without_a_state_no_nurse_is_looked_for_and_everybody_on_call_is_paged_in_order(any_world: World) -> None:
    goes_on(any_world, dial(any_world), (*ILL, "2", "09012", "0#"))
    run(any_world, 20)
    assert only_call(any_world).patient_state == ""
    with any_world.services.database.read() as connection:
        assert connection.execute(select(decision)).first() is None
        steps = connection.execute(select(escalation.c.steps)).scalar_one()
    assert [step["person"] for step in steps] == ["dr-lee", "dr-lee", "dr-okafor", "dr-patel", None]


def test_whoever_is_licensed_where_the_patient_is_is_paged_first(folder: Folder) -> None:
    okafor = 'sms: "+13125550182", licences: [{kind: MD, state: IL, expires: 2027-07-31}'
    folder.replace("oncall.yaml", okafor, f"{okafor}, {{kind: MD, state: CA, expires: 2027-07-31}}")
    with World(folder.path, NIGHT) as world:
        goes_on(world, dial(world), (*ILL, "2", "94103", "1"))
        until_it_rings(world, OKAFOR)
        with world.services.database.read() as connection:
            steps = connection.execute(select(escalation.c.steps)).scalar_one()
    assert [step["person"] for step in steps] == ["dr-okafor", "dr-lee", "dr-lee", "dr-patel", None]


def test_a_patient_who_rings_off_after_saying_no_is_paged_for_without_a_state(world: World) -> None:
    goes_on(world, dial(world), (*ILL, "2")).hang_up()
    run(world, 5)
    until_it_rings(world, LEE)
    paged = goes_on(world, world.net.phone(LEE).answer(), (f"{PIN}#",))
    run(world, 15)
    assert "We do not know which state the patient is in" in said_to(paged)


@pytest.mark.parametrize(
    ("state", "nurse", "office"), [(None, None, "IL"), ("", None, None), ("IL", "IL", "IL"), ("TX", "TX", "TX")]
)
def test_licensed_work_asks_for_the_state_that_was_answered_and_for_nothing_else(
    world: World, state: str | None, nurse: str | None, office: str | None
) -> None:
    dial(world)
    with transaction(world.services) as work:
        about = said(work, state)
        assert need(work, about.id, "nurse").patient_state == nurse
        assert need(work, about.id, "scheduling").patient_state == office


def test_site_rules_go_by_where_the_patient_is(folder: Folder) -> None:
    rule = "payers: [acme], sites: [{states: [TX], never: [manila]}]"
    folder.replace("practices/maple.yaml", "baa: BAA-2026-014", f"baa: B-1, {rule}")
    with World(folder.path, NIGHT) as world:
        dial(world)
        with transaction(world.services) as work:
            barred = {state: need(work, said(work, state).id, "nurse").barred for state in ("IL", "TX", "")}
    assert barred == {"IL": (), "TX": ("manila",), "": ("manila",)}


def test_callers_of_two_states_are_not_counted_as_alike(world: World) -> None:
    for number, state in (("197", "IL"), ("198", "TX"), ("199", "TX"), ("196", "TX")):
        dial(world, from_=f"+13125550{number}")
        with transaction(world.services) as work:
            newest = work.connection.execute(select(call.c.id).order_by(call.c.created_at.desc())).scalars().first()
            work.connection.execute(update(call).where(call.c.id == newest).values(patient_state=state))
            enqueue(work, str(newest), "nurse", "en-US", "urgent")
            row = entry(work, str(newest))
    assert row is not None
    with world.services.database.read() as connection:
        assert sorted(one.callers for one in connection.execute(_ahead(row))) == [1, 2]


def test_a_clinician_who_was_taken_out_is_told_as_one_without_a_licence(world: World) -> None:
    dial(world)
    with transaction(world.services) as work:
        about = said(work, "IL")
        assert describe_whereabouts(work, about, "dr-lee")["where"] == ""
        assert describe_whereabouts(work, about, "dr-nobody")["where"] == "unlicensed"
        assert describe_whereabouts(work, said(work, None), "dr-nobody") == {"where": "unasked", "state": "IL"}


def test_nothing_is_told_of_a_caller_of_an_unknown_number(world: World) -> None:
    dial(world, to="+13125550191")
    with transaction(world.services) as work:
        about = said(work, None)
        assert about.practice_id == NO_PRACTICE
        assert describe_whereabouts(work, about, "dr-lee") == {"where": "", "state": ""}
        assert state_elsewhere(work, about) == ""


def test_the_zip_code_is_kept_nowhere_in_the_clear_and_the_state_on_the_call_and_its_decisions_only(
    world: World,
) -> None:
    goes_on(world, dial(world), (*ILL, "2", "53703", "1"))
    until_it_rings(world, JOY)
    assert ringing(world) == [JOY]
    with world.services.database.read() as connection:
        rows = [*connection.execute(select(event)), *connection.execute(select(leg)), *connection.execute(select(call))]
        about = connection.execute(select(decision.c.question, decision.c.answer)).all()
        told = [str(row) for row in connection.execute(select(event))]
    assert not [row for row in rows if "53703" in str(row)]
    assert "53703" not in json.dumps([list(row) for row in about])
    assert not [row for row in told if "WI'" in row or '"WI"' in row]
