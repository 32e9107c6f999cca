"""A clinician dials the number of the practice, and is brought to the call of their page by its code and their PIN."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Row, update

from callflows.vocabulary import HandOn, PinChecked
from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.identity_tables import identity_try
from ivr.calls.log import entries
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.oncall import effects, escalations, pages
from ivr.oncall.dial_in import find_code
from ivr.oncall.marks import DIAL_IN_DIGITS, dial_in_code
from ivr.oncall.tables import care_item, escalation, page, pin
from phonesim import Line
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE, Office
from tests.calls.scenes import (
    DR_LEE,
    EMERGENCY,
    LONG_ENOUGH,
    clinician_accepts,
    dial,
    goes_on,
    joined,
    run,
    said_to,
    until_it_rings,
)
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

DESK = "+13125550178"
OTHERS = "For clinicians on call"
WRONG = "That led to no call"


def newest_page(world: World) -> Row[Any]:
    return max(Office(world).rows(page), key=lambda row: row.made_at)


def paged(world: World) -> Line:
    caller = goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_LEE)
    return caller


def helped(world: World, seconds: float = LONG_ENOUGH) -> tuple[Row[Any], str]:
    """Whoever was paged has talked so long with the caller, whose line is over then; their page and its code."""
    caller = paged(world)
    clinician_accepts(world)
    joined(world, caller, DR_LEE)
    run(world, seconds)
    caller.hang_up()
    run(world, 10)
    own = newest_page(world)
    return own, dial_in_code(own.token)


def dials_in(world: World, keys: str, from_: str = DESK) -> Line:
    return goes_on(world, dial(world, MAPLE, from_), ("*", f"{keys}#"))


def test_a_page_is_taken_from_another_telephone_and_the_one_that_rang_stops(any_world: World) -> None:
    world = any_world
    caller = paged(world)
    desk = dials_in(world, dial_in_code(newest_page(world).token) + PIN)
    run(world, 20)
    assert not world.net.phone(DR_LEE).ringing
    assert "my chest hurts" in said_to(desk)
    goes_on(world, desk, ("1",))
    joined(world, caller, DESK)
    office = Office(world)
    assert [row.state for row in office.rows(page)] == ["accepted"]
    dialled = office.one(call, call.c.direction == "dialled-in")
    assert dialled.outcome == "dialled in"
    assert not office.alerts()


def test_nothing_is_said_of_anybody_before_code_and_pin_are_right(world: World) -> None:
    paged(world)
    code = dial_in_code(newest_page(world).token)
    desk = dials_in(world, code + WRONG_PIN)
    goes_on(world, desk, (f"{(int(code) + 1) % 10**DIAL_IN_DIGITS:06}{PIN}#", f"{code}#"))
    run(world, 10)
    heard = said_to(desk)
    assert heard.count(WRONG) == 2
    assert "chest" not in heard
    assert "For a nurse, press 1" in heard
    assert Office(world).one(pin, pin.c.person_id == "dr-lee").failures == 2


def test_what_is_keyed_is_written_nowhere_and_each_try_leaves_a_row(world: World) -> None:
    paged(world)
    code = dial_in_code(newest_page(world).token)
    dials_in(world, code + WRONG_PIN)
    office = Office(world)
    (dialled,) = office.rows(leg, leg.c.role == "caller", leg.c.call_id == office.one(identity_try).call_id)
    answers = {one.key: one.answer for one in in_transaction(world.services, lambda work: entries(work, dialled))}
    assert answers["dial-in/0"] == PinChecked(False)
    rows = office.rows(audit_row, audit_row.c.action == "oncall.dial-in")
    assert [(row.actor, row.outcome) for row in rows] == [("dr-lee", "denied")]


def test_guesses_from_one_number_are_slowed_and_told_of(world: World) -> None:
    """A right code with the right PIN is then as wrong as any other, and costs its owner nothing."""
    paged(world)
    code = dial_in_code(newest_page(world).token)
    for number in range(4):
        dials_in(world, f"{(int(code) + 1 + number) % 10**DIAL_IN_DIGITS:06}{PIN}")
        dials_in(world, f"{(int(code) + 11 + number) % 10**DIAL_IN_DIGITS:06}{PIN}")
    office = Office(world)
    before = len(office.rows(identity_try, identity_try.c.kind == "dial-in"))
    desk = dials_in(world, code + PIN)
    assert WRONG in said_to(desk)
    assert len(office.rows(identity_try, identity_try.c.kind == "dial-in")) == before < 8
    assert office.one(pin, pin.c.person_id == "dr-lee").failures == 0


@pytest.mark.parametrize("person", ["dr-okafor", "dr-nobody-s-step"])
def test_whoever_was_paged_ahead_of_the_ladder_is_brought_to_the_call_too(world: World, person: str) -> None:
    """They were paged because they were free before their step had come; or it was taken out since."""
    paged(world)
    office = Office(world)
    with transaction(world.services) as work:
        begun = office.one(escalation)
        legs.lock_call(work, begun.call_id)
        pages.insert_page(work, begun, "ahead", "dr-okafor", len(begun.steps) - 2, None)
        work.connection.execute(update(page).where(page.c.id == "ahead").values(state="lapsed"))
        steps = [{**one, "person": one["person"] and one["person"].replace("dr-okafor", person)} for one in begun.steps]
        work.connection.execute(update(escalation).values(steps=steps))
    desk = dials_in(world, dial_in_code(office.one(page, page.c.id == "ahead").token) + PIN)
    run(world, 20)
    assert "my chest hurts" in said_to(desk)


@pytest.mark.parametrize("keyed", ["", "7"])
def test_whoever_pressed_star_by_mistake_is_back_at_the_menu(world: World, keyed: str) -> None:
    line = goes_on(world, dial(world), ("*", *([f"{keyed}#"] if keyed else [])))
    run(world, 25)
    heard = said_to(line)
    assert heard.index(OTHERS) < heard.index("For a nurse, press 1")
    assert not Office(world).rows(identity_try)


def test_a_code_leads_to_the_patient_of_an_open_item_and_nowhere_once_it_is_done(world: World) -> None:
    caller = paged(world)
    code = dial_in_code(newest_page(world).token)
    clinician = clinician_accepts(world)
    joined(world, caller, DR_LEE)
    caller.hang_up()
    clinician.hang_up()
    run(world, 5)
    desk = goes_on(world, dials_in(world, code + PIN), ("1", "1"))
    until_it_rings(world, CALLER)
    desk.hang_up()
    run(world, 60)
    assert len(Office(world).rows(event, event.c.kind == "dialled-in")) == 1
    with world.services.database.write() as connection:
        connection.execute(update(care_item).values(state="done"))
    assert WRONG in said_to(dials_in(world, code + PIN))


def test_a_code_is_spent_once_there_was_contact_though_no_outcome_is_written(any_world: World) -> None:
    world = any_world
    own, code = helped(world)
    office = Office(world)
    assert office.one(care_item).state == "open"
    assert WRONG in said_to(dials_in(world, code + PIN))
    assert not office.rows(event, event.c.kind == "dialled-in")
    assert in_transaction(world.services, lambda work: find_code(work, own)) == ""


def test_the_code_of_a_later_ladder_of_the_same_call_leads_to_it(world: World) -> None:
    helped(world)
    call_id = newest_page(world).call_id
    in_transaction(world.services, lambda work: escalations.start_escalation(work, call_id, "emergent"))
    later = newest_page(world)
    desk = dials_in(world, dial_in_code(later.token) + PIN)
    run(world, 20)
    assert "my chest hurts" in said_to(desk)


@pytest.mark.parametrize("contact", [False, True])
def test_whoever_hands_on_pages_nobody_where_the_patient_was_helped(world: World, contact: bool) -> None:
    own, _code = helped(world, LONG_ENOUGH if contact else 1)
    office = Office(world)
    before = len(office.rows(escalation)), len(office.rows(promise))

    def act(work: Work) -> None:
        effects.hand_on(work, legs.lock(work, own.leg_id), "test", HandOn())

    in_transaction(world.services, act)
    handed = office.one(event, event.c.kind == "handed-to-backup")
    assert (handed.call_id, handed.data["page"]) == (own.call_id, own.id)
    after = len(office.rows(escalation)), len(office.rows(promise))
    assert (after == before) == contact


def test_codes_are_six_digits_and_differ(world: World) -> None:
    codes = [dial_in_code(f"token-{number}") for number in range(200)]
    assert len(set(codes)) == 200
    assert all(len(one) == DIAL_IN_DIGITS and one.isdigit() for one in codes)
